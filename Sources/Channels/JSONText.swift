/// JSON that is written by hand, so that the same values make the same bytes for ever.
enum JSONText {
    /// `"name":"value"`.
    static func member(_ name: String, _ value: String) -> String {
        "\(quoted(name)):\(quoted(value))"
    }

    /// A text as a JSON string (RFC 8259, section 7): only what must be escaped is.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{10}": result += "\\u000" + String(scalar.value, radix: 16)
            case "\u{10}"..<"\u{20}": result += "\\u00" + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
