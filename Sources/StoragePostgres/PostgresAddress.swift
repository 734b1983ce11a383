import CLibPQ
import Foundation

/// Where a PostgreSQL is and how to sign in there, as the value of `DATABASE_URL` says it.
///
/// The form is libpq's own, `postgres://user:password@host:port/database?sslmode=…`, with everything that libpq
/// knows (postgresql.org/docs/15/libpq-connect.html), several hosts and a password file among it. Three words are
/// ours: `pool_max_conns`, how many connections this process opens at most, and `listen_host` with `listen_port`, the
/// server itself where the address leads to a pooler, through which nobody can listen.
public struct PostgresAddress: Sendable, Hashable, CustomStringConvertible {
    /// Connections that a process opens when the address does not say.
    public static let connectionsUsual = 10
    /// More would rather need a pooler in front.
    static let connectionsMax = 500
    /// Seconds until an address that does not answer is given up; libpq counts them for each host.
    private static let connectSeconds = 5
    /// Debian's own list of authorities; libpq 15 would look in the home folder only.
    private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// libpq's keywords and their values, the password among them.
    let parameters: [String: String]
    /// Those that are others for listening.
    private let listeningParameters: [String: String]
    /// How many connections may be open at the same time.
    public let connectionsMax: Int

    /// Reads an address.
    ///
    /// - Throws: ``PostgresAddressFault`` in words for the person who set it, without its secrets.
    public init(_ url: String) throws(PostgresAddressFault) {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://"), !url.utf8.contains(0) else {
            throw PostgresAddressFault("must begin with postgres://")
        }
        let (plain, ours) = Self.takingOurWords(url)
        let connections = ours["pool_max_conns"].map { Int($0) ?? 0 } ?? Self.connectionsUsual
        guard (2...Self.connectionsMax).contains(connections) else {
            throw PostgresAddressFault("pool_max_conns must be a number from 2 to \(Self.connectionsMax)")
        }
        var parameters = try Self.parse(plain)
        try Self.requireSafety(&parameters)
        let usual = [
            "application_name": "refund-portal", "client_encoding": "UTF8",
            "connect_timeout": String(Self.connectSeconds),
            // A server that vanished without a word is noticed within 25 seconds also while nothing is sent.
            "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
            "tcp_user_timeout": "15000",
        ]
        self.parameters = parameters.merging(usual) { given, _ in given }
        connectionsMax = connections
        var listening: [String: String] = [:]
        if let host = ours["listen_host"] { listening = ["host": host, "port": "5432"] }
        if let port = ours["listen_port"] { listening["port"] = port }
        // A pooler on this machine and its server on another.
        if !Self.isNear(listening) { listening["sslmode"] = "verify-full" }
        listeningParameters = listening
    }

    private init(parameters: [String: String], listening: [String: String], connectionsMax: Int) {
        self.parameters = parameters
        self.listeningParameters = listening
        self.connectionsMax = connectionsMax
    }

    /// The same server and user, another database of it.
    public func database(_ name: String) -> PostgresAddress {
        with(["dbname": name])
    }

    /// The same, asked for at another port of the host.
    public func through(port: Int) -> PostgresAddress {
        with(["port": String(port)])
    }

    /// Where to listen: the server itself.
    var listening: PostgresAddress { with(listeningParameters) }

    private func with(_ others: [String: String]) -> PostgresAddress {
        PostgresAddress(
            parameters: parameters.merging(others) { $1 }, listening: listeningParameters,
            connectionsMax: connectionsMax)
    }

    /// User, host, port and database, as people may read them.
    public var description: String {
        let host = parameters["host"] ?? parameters["hostaddr"] ?? "local socket"
        let port = parameters["port"].map { ":\($0)" } ?? ""
        let user = parameters["user"].map { "\($0)@" } ?? ""
        return "postgres://\(user)\(host)\(port)/\(parameters["dbname"] ?? "")"
    }

    /// The address without our own words, which libpq would refuse, and their values.
    private static func takingOurWords(_ url: String) -> (String, [String: String]) {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return (url, [:]) }
        var kept: [Substring] = []
        var ours: [String: String] = [:]
        for pair in parts[1].split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if let word = sides.first, ["pool_max_conns", "listen_host", "listen_port"].contains(word) {
                ours[String(word)] = sides.last.map { String($0) }
            } else {
                kept.append(pair)
            }
        }
        return (kept.isEmpty ? String(parts[0]) : parts[0] + "?" + kept.joined(separator: "&"), ours)
    }

    private static func parse(_ url: String) throws(PostgresAddressFault) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(url, &message)
        defer {
            PQconninfoFree(options)
            PQfreemem(message)
        }
        guard var option = options else {
            // libpq's own words may repeat a part of the address, the password with it.
            throw PostgresAddressFault("cannot be read: it must be postgres://user:password@host:port/database")
        }
        var parameters: [String: String] = [:]
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        guard parameters["dbname"]?.isEmpty == false else {
            throw PostgresAddressFault("must name the database after the host: postgres://user@host/database")
        }
        return parameters
    }

    /// Beyond this machine only encrypted, to the server whose certificate names the host.
    private static func requireSafety(_ parameters: inout [String: String]) throws(PostgresAddressFault) {
        let isNear = isNear(parameters)
        let mode = parameters["sslmode"] ?? (isNear ? "prefer" : "verify-full")
        guard isNear || mode == "verify-full" else {
            throw PostgresAddressFault("sslmode must be verify-full for a server on another machine")
        }
        parameters["sslmode"] = mode
        if mode.hasPrefix("verify"), parameters["sslrootcert"] == nil,
            FileManager.default.fileExists(atPath: systemAuthorities)
        {
            parameters["sslrootcert"] = systemAuthorities
        }
    }

    private static func isNear(_ parameters: [String: String]) -> Bool {
        (parameters["host"] ?? parameters["hostaddr"] ?? "").split(separator: ",").allSatisfy { host in
            host.hasPrefix("/") || host.hasPrefix("127.") || host == "::1" || host == "localhost"
        }
    }
}

/// Why an address is none, in words for the person who set it.
public struct PostgresAddressFault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ reason: String) {
        description = reason
    }
}
