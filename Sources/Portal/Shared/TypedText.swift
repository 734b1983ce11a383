/// What people type from paper: full-width forms become plain ones, spaces and hyphens go.
enum TypedText {
    /// The longest text that is looked at, in scalars.
    static let scalarsMax = 80

    /// Letters and digits only, letters in upper case; nil when anything else was typed, or too much.
    static func symbols(_ text: String) -> String? {
        let plain = narrowed(text).filter { !isGap($0) }
        guard !plain.isEmpty, plain.count <= scalarsMax else { return nil }
        var result = ""
        for scalar in plain {
            switch scalar.value {
            case 0x30...0x39, 0x41...0x5A: result.unicodeScalars.append(scalar)
            case 0x61...0x7A: result.unicodeScalars.append(Unicode.Scalar(scalar.value - 0x20) ?? scalar)
            default: return nil
            }
        }
        return result
    }

    /// Digits only; nil when anything else was typed, or too much.
    static func digits(_ text: String) -> String? {
        guard let symbols = symbols(text), symbols.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return symbols
    }

    /// Visible ASCII without spaces, as order numbers are made of; nil when anything else was typed, or too much.
    static func order(_ text: String) -> String? {
        let plain = narrowed(text).filter { !isSpace($0) }
        guard !plain.isEmpty, plain.count <= scalarsMax, plain.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
            return nil
        }
        return plain.reduce(into: "") { $0.unicodeScalars.append($1) }
    }

    /// The text of a date with plain digits and hyphens: `2026年11月18日`, `2026.11.18` and `２０２６-11-18` too.
    static func date(_ text: String) -> String {
        var result = ""
        for scalar in narrowed(text) where !isSpace(scalar) {
            switch scalar {
            case "年", "月", ".", "/": result.append("-")
            case "日": continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func narrowed(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.prefix(scalarsMax * 2).map { scalar in
            (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x20, 0xA0, 0x2000...0x200B, 0x202F, 0x3000: true
        default: false
        }
    }

    private static func isGap(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x2010...0x2015: true
        default: isSpace(scalar)
        }
    }
}
