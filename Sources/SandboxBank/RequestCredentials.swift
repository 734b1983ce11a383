/// The `Authorization` header of a request, taken apart.
struct RequestCredentials: Sendable, Hashable {
    let merchant: String
    let serial: String
    /// Seconds since 1970.
    let timestamp: Int64
    let nonce: String
    /// Base 64.
    let signature: String

    static let method = "WECHATPAY2-SHA256-RSA2048"

    /// Reads the header; nil for another method, or a part that is missing, unquoted or given twice.
    init?(_ header: String) {
        let halves = header.split(separator: " ", maxSplits: 1)
        guard halves.count == 2, let method = halves.first, method == RequestCredentials.method,
            let list = halves.last
        else { return nil }
        var parts: [Substring: Substring] = [:]
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let name = pair.first, let value = pair.last, value.count >= 2,
                value.hasPrefix("\""), value.hasSuffix("\""), parts[name] == nil
            else { return nil }
            parts[name] = value.dropFirst().dropLast()
        }
        guard let merchant = parts["mchid"], let serial = parts["serial_no"], let nonce = parts["nonce_str"],
            (1...32).contains(nonce.utf8.count), let timestamp = parts["timestamp"].flatMap({ Int64($0) }),
            (0...999_999_999_999).contains(timestamp),
            let signature = parts["signature"]
        else { return nil }
        self.merchant = String(merchant)
        self.serial = String(serial)
        self.timestamp = timestamp
        self.nonce = String(nonce)
        self.signature = String(signature)
    }
}
