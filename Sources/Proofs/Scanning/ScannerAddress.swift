/// Where clamd listens.
public enum ScannerAddress: Sendable, Hashable {
    /// A socket's path on this machine.
    case unix(path: String)
    /// A host and a port.
    case tcp(host: String, port: Int)

    /// Reads `unix:PATH` or `tcp:HOST:PORT`; nil for anything else.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            // The system's own bound on a socket's path, with its end.
            guard path.hasPrefix("/"), path.utf8.count < 108, !path.utf8.contains(0) else { return nil }
            self = .unix(path: path)
            return
        }
        guard text.hasPrefix("tcp:"), let colon = text.lastIndex(of: ":") else { return nil }
        let start = text.index(text.startIndex, offsetBy: "tcp:".count)
        guard start < colon, let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port) else {
            return nil
        }
        let host = text[start..<colon]
        self = .tcp(host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host), port: port)
    }
}
