import Proofs
import StoragePostgres
import Web

/// A host and port to listen on.
struct ListenAddress: Sendable, Hashable {
    /// A name or an address; IPv6 without brackets.
    let host: String
    let port: Int

    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`; nil for anything else.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...].utf8
        guard (1...5).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
            let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("[") || host.hasSuffix("]") {
            guard let address = IPAddress(host), !address.isFour else { return nil }
            self.init(host: String(host.dropFirst().dropLast()), port: port)
            return
        }
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isNameByte) else { return nil }
        self.init(host: String(host), port: port)
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether only this machine itself can reach it.
    var isLoopback: Bool {
        host == "localhost" || IPAddress(host)?.isLoopback == true
    }

    /// As it stands in an address: IPv6 in brackets.
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// The files of what the listener proves itself with, both PEM.
struct TLSFiles: Sendable, Hashable {
    /// The certificate first, then its issuers'.
    let certificate: String
    let key: String
}

/// Where the data lives.
enum DatabaseAddress: Sendable, Hashable {
    /// A file on this machine.
    case sqlite(path: String)
    /// A server that any number of processes share.
    case postgres(PostgresAddress)
}

/// Where uploaded files live.
enum ProofStoreAddress: Sendable {
    /// On this machine.
    case folder(path: String)
    /// In a store that any number of servers share.
    case bucket(S3Address, S3Credentials)
}

/// Whether something runs.
enum Switch: String, Sendable, CaseIterable {
    case on
    case off
}
