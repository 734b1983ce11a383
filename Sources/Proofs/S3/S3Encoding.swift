/// Percent-encoding as Signature Version 4 demands it: every byte but the unreserved characters of RFC 3986.
enum S3Encoding {
    /// A query's name or value; a slash is encoded.
    static func value(_ text: String) -> String {
        encode(text, keeping: [])
    }

    /// A path; slashes stay.
    static func path(_ text: String) -> String {
        encode(text, keeping: [0x2F])
    }

    /// A query in the order that is signed.
    static func query(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(value($0.name))=\(value($0.value))" }.sorted().joined(separator: "&")
    }

    /// Reads percent-encoded text; nil where an escape is broken or the bytes are not UTF-8. A plus stays a plus.
    static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func encode(_ text: String, keeping kept: Set<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || kept.contains(byte) {
                encoded.append(byte)
            } else {
                encoded += [0x25, hexDigit(byte >> 4), hexDigit(byte & 0xF)]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (0x41...0x5A).contains(byte) || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x41 + value - 10
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
