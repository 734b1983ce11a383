/// Where a channel listens: `https://host[:port]`, or `http://` on this machine for a sandbox, with the one path that a
/// channel's test environment may have.
struct BaseAddress: Sendable, Hashable {
    /// Without a slash at the end.
    let text: String

    private static let loopbackHosts: Set<String> = ["127.0.0.1", "localhost", "[::1]"]

    /// Reads an address; nil for other schemes, another path, a query, a user name, or plain `http` beyond this
    /// machine.
    init?(_ text: String, path: String = "") {
        let whole = text.hasSuffix("/") ? String(text.dropLast()) : text
        let trimmed = whole.hasSuffix(path) ? String(whole.dropLast(path.count)) : whole
        let isSecure = trimmed.hasPrefix("https://")
        guard isSecure || trimmed.hasPrefix("http://") else { return nil }
        let authority = trimmed.dropFirst(isSecure ? 8 : 7)
        guard let host = BaseAddress.host(ofAuthority: authority) else { return nil }
        guard isSecure || BaseAddress.loopbackHosts.contains(host) else { return nil }
        self.text = whole
    }

    private static func host(ofAuthority authority: Substring) -> String? {
        let bracketEnd = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[bracketEnd...].lastIndex(of: ":") else { return validHost(authority) }
        let port = authority[authority.index(after: colon)...]
        guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(port), (1...65_535).contains(number)
        else { return nil }
        return validHost(authority[..<colon])
    }

    private static func validHost(_ host: Substring) -> String? {
        if host == "[::1]" { return String(host) }
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        let isPlain = host.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 0x2D
                || byte == 0x2E
        }
        return isPlain ? host.lowercased() : nil
    }
}
