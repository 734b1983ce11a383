/// JSON (RFC 8259) read without leniency: what two readers could understand differently is refused.
///
/// Refused are duplicate names, a byte order mark, bytes that are not UTF-8, half surrogate pairs, anything after the
/// document and nesting deeper than ``depthMax``. Only whole numbers are numbers here: channels write amounts in fen.
enum StrictJSON: Sendable, Hashable {
    case object([String: StrictJSON])
    case array([StrictJSON])
    case string(String)
    case integer(Int64)
    /// A number with a fraction or an exponent, or beyond 64 bits; never an amount.
    case otherNumber
    case bool(Bool)
    case null

    /// How deep objects and lists may nest.
    static let depthMax = 32

    /// Reads one document; nil when it is not one, or not strictly.
    init?(_ bytes: [UInt8]) {
        var reader = StrictJSONReader(bytes)
        guard let value = reader.document() else { return nil }
        self = value
    }

    /// A member of an object; nil for anything else.
    subscript(name: String) -> StrictJSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var whole: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }
}

private struct StrictJSONReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() -> StrictJSON? {
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return index == bytes.count ? value : nil
    }

    private mutating func value(depth: Int) -> StrictJSON? {
        guard depth < StrictJSON.depthMax else { return nil }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string().map(StrictJSON.string)
        case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> StrictJSON? {
        var members: [String: StrictJSON] = [:]
        index += 1
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard let name = string(), members[name] == nil else { return nil }
            skipSpace()
            guard take(":"), let value = value(depth: depth + 1) else { return nil }
            members[name] = value
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
        }
    }

    private mutating func array(depth: Int) -> StrictJSON? {
        var items: [StrictJSON] = []
        index += 1
        skipSpace()
        if take("]") { return .array(items) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            items.append(value)
            skipSpace()
            if take("]") { return .array(items) }
            guard take(",") else { return nil }
        }
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text: [UInt8] = []
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(into: &text) else { return nil }
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into text: inout [UInt8]) -> Bool {
        switch next() {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            guard let scalar = escapedScalar() else { return false }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: return false
        }
        return true
    }

    private mutating func escapedScalar() -> Unicode.Scalar? {
        guard let first = fourHexDigits() else { return nil }
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
        guard take("\\u"), let second = fourHexDigits(), (0xDC00...0xDFFF).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func fourHexDigits() -> UInt32? {
        var result: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            result = result << 4 + UInt32(digit)
        }
        return result
    }

    private mutating func number() -> StrictJSON? {
        let start = index
        _ = take("-")
        let whole = digits()
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
        let wholeEnd = index
        if take(".") { guard !digits().isEmpty else { return nil } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard !digits().isEmpty else { return nil }
        }
        guard index == wholeEnd else { return .otherNumber }
        return Int64(String(decoding: bytes[start..<wholeEnd], as: UTF8.self)).map(StrictJSON.integer) ?? .otherNumber
    }

    private mutating func digits() -> ArraySlice<UInt8> {
        let start = index
        while let byte = peek, (48...57).contains(byte) { index += 1 }
        return bytes[start..<index]
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private var peek: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func next() -> UInt8? {
        guard let byte = peek else { return nil }
        index += 1
        return byte
    }

    /// Steps over a text when it stands here.
    private mutating func take(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            guard bytes[index...].starts(with: wanted) else { return false }
            index += wanted.count
            return true
        }
    }
}
