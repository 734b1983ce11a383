import Mustache

/// Escapes text for HTML element content and quoted attribute values.
public enum HTMLText {
    /// The text with `<`, `>`, `&`, `"` and `'` written as character references.
    public static func escaped(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.contains(where: { reference($0) != nil }) else { return nil }
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count + 32)
            for byte in bytes {
                if let reference = reference(byte) {
                    result.append(contentsOf: reference.utf8)
                } else {
                    result.append(byte)
                }
            }
            return String(decoding: result, as: UTF8.self)
        } ?? text
    }

    private static func reference(_ byte: UInt8) -> StaticReference? {
        switch byte {
        case UInt8(ascii: "<"): .less
        case UInt8(ascii: ">"): .greater
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "\""): .quote
        case UInt8(ascii: "'"): .apostrophe
        default: nil
        }
    }

    private enum StaticReference: String {
        case less = "&lt;"
        case greater = "&gt;"
        case ampersand = "&amp;"
        case quote = "&quot;"
        case apostrophe = "&#39;"

        var utf8: String.UTF8View { rawValue.utf8 }
    }
}

/// The escaper that the templates name in their first line; several times faster than Mustache's own.
struct FastHTML: MustacheContentType {
    static let name = "FAST-HTML"

    func escapeText(_ text: String) -> String { HTMLText.escaped(text) }
}
