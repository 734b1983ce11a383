/// Writes values into the query of an address (RFC 3986, 2.3: everything but unreserved characters is escaped).
enum QueryText {
    static func encoded(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: bytes.append(byte)
            default:
                bytes.append(37)
                for digit in [byte >> 4, byte & 15] where hex.indices.contains(Int(digit)) {
                    bytes.append(hex[Int(digit)])
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `a=1&b=two`, leaving out what is nil.
    static func joined(_ pairs: [(String, String?)]) -> String {
        pairs.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }.joined(separator: "&")
    }
}
