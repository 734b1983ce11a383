/// Where a store listens: `https://HOST[:PORT]`, or `http://` on this machine.
public struct S3Endpoint: Sendable, Hashable {
    /// `https` or `http`.
    public let scheme: String
    /// The host, with its port where that is not the scheme's own.
    public let authority: String

    /// Whether the host is a name, which a bucket's name can be put before.
    let hasName: Bool

    private static let loopbackHosts: Set<String> = ["127.0.0.1", "localhost", "[::1]"]
    private static let hostLengthMax = 253

    /// Reads an address; a slash at its end is left out.
    ///
    /// - Throws: ``S3SettingFault`` for other schemes, a path, a query, a user name, or `http` beyond this machine.
    init(_ text: String) throws(S3SettingFault) {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        let isSecure = trimmed.hasPrefix("https://")
        guard isSecure || trimmed.hasPrefix("http://") else {
            throw S3SettingFault("endpoint does not begin with https://")
        }
        scheme = isSecure ? "https" : "http"
        let rest = trimmed.dropFirst(scheme.count + 3)
        let bracketEnd = rest.lastIndex(of: "]") ?? rest.startIndex
        let colon = rest[bracketEnd...].lastIndex(of: ":")
        let host = rest[..<(colon ?? rest.endIndex)].lowercased()
        guard S3Endpoint.isHost(host) else { throw S3SettingFault("endpoint is not https://HOST or https://HOST:PORT") }
        guard isSecure || S3Endpoint.loopbackHosts.contains(host) else {
            throw S3SettingFault("endpoint must be https: plain http is for a store on this machine only")
        }
        hasName = host != "[::1]" && host.utf8.contains { (0x61...0x7A).contains($0) }
        guard let colon else {
            authority = host
            return
        }
        let digits = rest[rest.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw S3SettingFault("endpoint has a port that is not 1 to 65535") }
        authority = port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }

    private static func isHost(_ host: String) -> Bool {
        if host == "[::1]" { return true }
        let isPlain = host.utf8.allSatisfy { S3Encoding.isLowerOrDigit($0) || $0 == 0x2D || $0 == 0x2E }
        return isPlain && (1...hostLengthMax).contains(host.utf8.count)
    }
}
