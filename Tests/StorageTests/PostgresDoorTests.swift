import Foundation
import Storage
import TestSupport
import Testing

@testable import StoragePostgres

/// The ways to a server: encrypted, and through a pooler.
@Suite struct PostgresDoorTests {
    @Test func aCertificateMustBeOursAndNameTheHost() async throws {
        let server = try PostgresServer.start(settings: ["fsync=off"])
        try server.stop()
        try makeCertificate(for: "localhost", in: server.folder)
        try server.start(settings: ["ssl=on", "ssl_cert_file=../server.crt", "ssl_key_file=../server.key"])
        let authority = "sslmode=verify-full&sslrootcert=\(server.folder)/server.crt"

        let trusted = try await PostgresStore.open(address(server, "localhost", authority))
        let row = try await trusted.read { sql in
            try sql.row("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        }
        #expect(try row?.int("ssl") == 1)
        #expect(try row?.text("version") == "TLSv1.3")
        trusted.close()

        let refused = [
            ("127.0.0.1", authority, "does not match host name"),
            ("localhost", "sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt", "certificate verify"),
            ("localhost", "sslmode=verify-full&sslrootcert=/nowhere.crt", "/nowhere.crt"),
        ]
        for (host, words, reason) in refused {
            do {
                try await PostgresStore.open(address(server, host, words)).close()
                Issue.record("\(host) \(words) was trusted")
            } catch StoreFault.unreachable(let said) {
                #expect(said.contains(reason), "\(said)")
            }
        }
        try server.stop()
    }

    @Test func aPoolerInTransactionModeChangesNothing() async throws {
        let server = try PostgresServer.start(settings: ["fsync=off"])
        let pooler = try Pooler(server)
        // More connections here than the pooler has: each transaction meets another one there.
        let address = try PostgresAddress(
            "postgres://portal:portal@127.0.0.1:\(pooler.port)/postgres?pool_max_conns=8&listen_host=127.0.0.1"
                + "&listen_port=\(server.port)")
        // Patient: the machine may have much else to do.
        let store = try await PostgresStore.open(address, .maintenance)
        try await store.write { sql in
            try sql.run("CREATE TABLE counter (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)")
            try sql.run("INSERT INTO counter (id, n) VALUES (1, 0), (2, 0)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    try await store.write { sql in
                        try sql.run("UPDATE counter SET n = n + 1 WHERE id = $1", [.int(1 + number % 2)])
                    }
                    _ = try await store.read { sql in try sql.row("SELECT n FROM counter WHERE id = $1", [.int(1)]) }
                }
            }
            try await group.waitForAll()
        }
        let total = try await store.read { sql in try sql.row("SELECT SUM(n) AS total FROM counter")?.int("total") }
        #expect(total == 60)
        // The limits hold inside each transaction and stay with none of the server's connections.
        let limit = try await store.read { sql in
            try sql.row("SELECT current_setting('statement_timeout') AS limit")?.text("limit")
        }
        #expect(limit == "1h")
        let carrying = Task { await store.news.run() }
        let stream = store.announcements.listen(to: "case/1")
        for await _ in stream { break }
        carrying.cancel()
        await carrying.value
        store.close()
        pooler.stop()
        try server.stop()
    }

    private func address(_ server: PostgresServer, _ host: String, _ words: String) throws -> PostgresAddress {
        try PostgresAddress("postgres://portal:portal@\(host):\(server.port)/postgres?\(words)")
    }

    /// A certificate that is its own authority.
    private func makeCertificate(for host: String, in folder: String) throws {
        try Program.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(host)",
                "-addext", "subjectAltName=DNS:\(host)", "-keyout", "\(folder)/server.key", "-out",
                "\(folder)/server.crt",
            ])
        try Program.run("chmod", ["0600", "\(folder)/server.key"])
        try Program.run("chown", ["--reference=\(folder)/data", "\(folder)/server.key", "\(folder)/server.crt"])
    }
}

/// A PgBouncer in transaction mode with two connections of its own.
private struct Pooler {
    let port: Int
    private let process = Process()

    init(_ server: PostgresServer) throws {
        port = try PostgresServer.freePort()
        let (settings, users) = (server.folder + "/pgbouncer.ini", server.folder + "/users.txt")
        try """
        [databases]
        postgres = host=127.0.0.1 port=\(server.port) user=portal password=portal
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = \(port)
        unix_socket_dir =
        auth_type = plain
        auth_file = \(users)
        pool_mode = transaction
        default_pool_size = 2
        """.write(toFile: settings, atomically: true, encoding: .utf8)
        try #""portal" "portal""#.write(toFile: users, atomically: true, encoding: .utf8)
        try Program.run("chmod", ["0644", settings, users])
        // It refuses to run as root, as the server does; it may then be whoever the server is.
        let isRoot = getuid() == 0
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            (isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [])
            + ["/usr/sbin/pgbouncer", "-q", settings]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // Ready when it accepts.
        for _ in 0..<600 where !isListening { usleep(50_000) }
    }

    func stop() {
        // A child of a thread that blocks signals may block SIGTERM itself.
        kill(process.processIdentifier, SIGKILL)
    }

    private var isListening: Bool {
        do {
            try Program.run("bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port)"])
            return true
        } catch {
            return false
        }
    }
}
