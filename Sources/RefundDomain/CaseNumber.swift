/// The number of a case, `RF-7K3M-Q9TX-D`: 40 random bits in Crockford's base 32 and a check symbol (value mod 37).
///
/// It names a case and opens nothing. Only values whose check symbol is one of the 32 letters and digits are used.
public struct CaseNumber: Sendable, Hashable {
    /// 40 bits.
    public let value: UInt64

    /// Why a typed case number is none.
    public enum Fault: Error, Sendable, Hashable {
        /// Not eight symbols and a check symbol after `RF`.
        case unreadable
        /// The check symbol does not fit: one symbol is wrong or two were swapped.
        case wrongCheckSymbol
    }

    private static let symbols = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let symbolCount = 8

    /// A number from 40 random bits, or nil when the value is larger or its check symbol is not one of the 32; then
    /// draw again.
    public init?(value: UInt64) {
        guard value < 1 << 40, value % 37 < 32 else { return nil }
        self.value = value
    }

    /// Reads a number as people type it: any case, with or without `RF`, spaces and hyphens; O is 0, I and L are 1.
    public static func parse(_ text: String) throws(Fault) -> CaseNumber {
        var typed: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = plain(scalar) else { throw .unreadable }
            if let byte { typed.append(byte) }
            guard typed.count <= symbolCount + 3 else { throw .unreadable }
        }
        if typed.count == symbolCount + 3, typed.starts(with: Array("RF".utf8)) { typed.removeFirst(2) }
        guard typed.count == symbolCount + 1 else { throw .unreadable }
        var digits: [UInt64] = []
        for byte in typed {
            guard let digit = symbols.firstIndex(of: normal(byte)) else { throw .unreadable }
            digits.append(UInt64(digit))
        }
        let value = digits.prefix(symbolCount).reduce(UInt64(0)) { $0 << 5 | $1 }
        guard let number = CaseNumber(value: value), digits.last == value % 37 else { throw .wrongCheckSymbol }
        return number
    }

    /// `RF-7K3M-Q9TX-D`.
    public var text: String {
        var letters: [UInt8] = []
        for position in 0..<CaseNumber.symbolCount {
            letters.append(CaseNumber.symbol(value >> UInt64(5 * (CaseNumber.symbolCount - 1 - position)) & 31))
        }
        let first = String(decoding: letters.prefix(4), as: UTF8.self)
        let second = String(decoding: letters.suffix(4), as: UTF8.self)
        let check = String(decoding: [CaseNumber.symbol(value % 37)], as: UTF8.self)
        return "RF-\(first)-\(second)-\(check)"
    }

    private static func symbol(_ digit: UInt64) -> UInt8 {
        symbols.indices.contains(Int(digit)) ? symbols[Int(digit)] : symbols[0]
    }

    /// The byte of a letter or digit, `.some(nil)` for what is left out, nil for what cannot stand in a number.
    private static func plain(_ scalar: Unicode.Scalar) -> UInt8?? {
        var code = scalar.value
        if (0xFF01...0xFF5E).contains(code) { code -= 0xFEE0 }
        switch code {
        case 0x30...0x39, 0x41...0x5A: return UInt8(code)
        case 0x61...0x7A: return UInt8(code - 0x20)
        case 0x20, 0x2D, 0xA0, 0x3000, 0x2010...0x2015, 0x09: return .some(nil)
        default: return nil
        }
    }

    private static func normal(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "O"): UInt8(ascii: "0")
        case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
        default: byte
        }
    }
}
