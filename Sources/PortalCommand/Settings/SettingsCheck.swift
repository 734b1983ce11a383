import Proofs
import StoragePostgres
import Vault
import Web

/// Reads one value after the other and collects what is wrong with them.
///
/// A value that does not fit is replaced by a harmless one, so that the others can still be checked.
struct SettingsCheck {
    private(set) var problems: [SettingsFault.Problem] = []
    private let values: [Variable: String]

    init(value: (Variable) -> String?) {
        values = Dictionary(
            uniqueKeysWithValues: Variable.allCases.compactMap { variable in
                value(variable).map { (variable, $0) }
            })
    }

    mutating func refuse(_ variable: Variable, _ advice: String) {
        problems.append(SettingsFault.Problem(variable: variable.rawValue, advice: advice))
    }

    mutating func refuseWhatIsNotThereYet() {
        for variable in Variable.allCases {
            if let reason = variable.notYet, values[variable] != nil {
                refuse(variable, "cannot be set: \(reason)")
            }
        }
    }

    mutating func address(_ variable: Variable, _ usual: String) -> ListenAddress {
        let text = values[variable] ?? usual
        guard let address = ListenAddress(text) else {
            refuse(variable, "must be host:port, such as \(usual)")
            return ListenAddress(host: "127.0.0.1", port: 80)
        }
        return address
    }

    /// - Parameter hasTLS: Whether the listener itself speaks TLS.
    mutating func origin(of listen: ListenAddress, hasTLS: Bool) -> WebOrigin? {
        let text = values[.publicURL] ?? "\(hasTLS ? "https" : "http")://\(listen.text)"
        guard let origin = WebOrigin(text) else {
            refuse(.publicURL, "must be an address without a path, such as https://refund.example")
            return nil
        }
        if hasTLS, !origin.isSecure {
            refuse(.publicURL, "must be an https:// address beside TLS_CERTIFICATE")
        } else if !origin.isSecure, !isLoopback(origin.authority) || !listen.isLoopback {
            refuse(
                .publicURL,
                "must be an https:// address where others can reach it: codes and cookies would travel in clear")
        }
        return origin
    }

    mutating func tls() -> TLSFiles? {
        switch (path(.tlsCertificate), path(.tlsKey)) {
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (nil, nil): return nil
        case (_?, nil):
            refuse(.tlsKey, "must name the file of the key beside TLS_CERTIFICATE")
        case (nil, _?):
            refuse(.tlsCertificate, "must name the file of the certificate beside TLS_KEY")
        }
        return nil
    }

    mutating func database() -> DatabaseAddress {
        let text = values[.databaseURL] ?? "sqlite:data/portal.sqlite"
        if text.hasPrefix("postgres") { return postgres(.databaseURL, text) ?? .sqlite(path: "") }
        guard let path = path(of: text, after: "sqlite:") else {
            refuse(.databaseURL, "must be sqlite:PATH, such as sqlite:data/portal.sqlite, or postgres://…")
            return .sqlite(path: "")
        }
        return .sqlite(path: path)
    }

    mutating func migrateDatabase(beside database: DatabaseAddress) -> DatabaseAddress? {
        guard let text = values[.migrateDatabaseURL] else { return nil }
        switch database {
        case .postgres: return postgres(.migrateDatabaseURL, text)
        case .sqlite:
            refuse(.migrateDatabaseURL, "must be left out beside an SQLite file, which has no roles")
            return nil
        }
    }

    private mutating func postgres(_ variable: Variable, _ text: String) -> DatabaseAddress? {
        do {
            return .postgres(try PostgresAddress(text))
        } catch {
            refuse(variable, error.description)
            return nil
        }
    }

    mutating func proofStore() -> ProofStoreAddress {
        let text = values[.proofStoreURL] ?? "file:data/proofs"
        if text.hasPrefix("s3:") { return bucket(text) ?? .folder(path: "") }
        guard let path = path(of: text, after: "file:") else {
            refuse(.proofStoreURL, "must be file:PATH, such as file:data/proofs, or s3://BUCKET?endpoint=…&region=…")
            return .folder(path: "")
        }
        return .folder(path: path)
    }

    private mutating func bucket(_ text: String) -> ProofStoreAddress? {
        do {
            let address = try S3Address(text)
            let credentials = try S3Credentials(
                accessKey: values[.accessKeyID] ?? "", secretKey: Secret(values[.secretAccessKey] ?? ""),
                sessionToken: values[.sessionToken].map { Secret($0) })
            return .bucket(address, credentials)
        } catch {
            refuse(.proofStoreURL, "cannot be used: \(error.reason)")
            return nil
        }
    }

    mutating func scanner() -> ScannerAddress? {
        guard let text = values[.clamd], text != "off" else { return nil }
        let address = ScannerAddress(text)
        if address == nil { refuse(.clamd, "must be off, unix:/PATH of clamd's socket, or tcp:HOST:PORT") }
        return address
    }

    mutating func path(_ variable: Variable) -> String? {
        guard let text = values[variable] else { return nil }
        guard let path = path(of: text, after: "") else {
            refuse(variable, "must be the path of a file or folder")
            return nil
        }
        return path
    }

    mutating func networks() -> TrustedProxies {
        var networks: [IPNetwork] = []
        for part in (values[.trustedProxies] ?? "").split(separator: ",") {
            guard let network = IPNetwork(String(part.filter { $0 != " " })) else {
                refuse(.trustedProxies, "must be networks with commas between, such as 10.0.0.0/8,2001:db8::/32")
                return TrustedProxies([])
            }
            networks.append(network)
        }
        return TrustedProxies(networks)
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ variable: Variable, _ usual: Choice
    ) -> Choice where Choice.RawValue == String {
        guard let text = values[variable] else { return usual }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            refuse(variable, "must be one of: \(words)")
            return usual
        }
        return choice
    }

    private func path(of text: String, after scheme: String) -> String? {
        guard text.hasPrefix(scheme) else { return nil }
        let path = String(text.dropFirst(scheme.count))
        // `//` would be a host in an address; `:memory:` would lose everything at the end.
        guard !path.isEmpty, !path.hasPrefix("//"), !path.hasPrefix(":"), !path.utf8.contains(0) else { return nil }
        return path
    }

    private func isLoopback(_ authority: String) -> Bool {
        guard let address = ListenAddress(authority) ?? ListenAddress("\(authority):80") else { return false }
        return address.isLoopback
    }
}
