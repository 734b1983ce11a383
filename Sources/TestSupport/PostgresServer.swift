import Foundation
import Storage
public import StoragePostgres
import Synchronization

/// A PostgreSQL of the tests' own, started by `Scripts/postgres.sh` when the first test needs it and removed when the
/// tests' process ends.
public struct PostgresServer: Sendable {
    /// The server's folder, and what `Scripts/postgres.sh` calls it by.
    public let folder: String
    public let port: Int

    /// The one that tests share. What is stored need not survive: nothing waits for the disk.
    public static func shared() async throws -> PostgresServer {
        try await sharedStart.value
    }

    private static let sharedStart = Task { try PostgresServer.start(settings: ["fsync=off", "max_connections=400"]) }

    /// Starts another one, for tests that stop it.
    ///
    /// - Parameter settings: of `postgresql.conf`, such as `fsync=off`.
    public static func start(settings: [String] = []) throws -> PostgresServer {
        let name = "rp-pg-" + UUID().uuidString.prefix(8).lowercased()
        // Not in a folder of the user's own: the server may run as another user.
        let server = PostgresServer(folder: "/tmp/\(name)", port: try freePort())
        try server.start(settings: settings)
        try removeWithProcess(server.folder)
        return server
    }

    /// Removes a folder when the tests' process has ended, whichever way.
    static func removeWithProcess(_ folder: String) throws {
        try script(["until", String(getpid()), folder])
    }

    /// Starts it again after ``stop(_:)``.
    public func start(settings: [String] = []) throws {
        try Self.script(["start", folder, String(port)] + settings)
    }

    /// Stops it: `fast`, or `immediate`, which is a crash.
    public func stop(_ mode: String = "fast") throws {
        try Self.script(["stop", folder, mode])
    }

    /// Sends a signal to every process of it: `SIGSTOP` makes it stand still.
    public func signal(_ number: Int32) throws {
        try Self.script(["signal", folder, String(number)])
    }

    /// An address of it.
    ///
    /// - Parameter words: what comes after the `?`.
    public func address(_ words: String = "", user: String = "portal:portal") throws -> PostgresAddress {
        try PostgresAddress("postgres://\(user)@127.0.0.1:\(port)/postgres?\(words)")
    }

    /// A schema of its own for one test, in the shared database.
    func newSchema() async throws -> PostgresAddress {
        let name = "t" + UUID().uuidString.filter { $0 != "-" }.lowercased()
        let store = try await PostgresStore.open(address(), .maintenance)
        defer { store.close() }
        try await store.write { sql in try sql.run("CREATE SCHEMA \(name)") }
        return try address("options=-csearch_path%3D\(name)")
    }

    /// A port that nobody listens on just now.
    public static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, size) == 0 && getsockname(socket, pointer, &size) == 0
            }
        }
        guard isBound else { throw Program.Failure(reason: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func script(_ arguments: [String]) throws {
        try Program.run(Program.repository + "/Scripts/postgres.sh", arguments)
    }
}
