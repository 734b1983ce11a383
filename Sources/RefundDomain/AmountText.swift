/// Why a typed amount is not an amount.
public enum AmountFault: Error, Sendable, Hashable {
    /// Nothing was typed.
    case empty
    /// There is something that is neither a digit, a point, a comma, a space nor the currency's sign.
    case unreadable
    /// A minus sign was typed.
    case negative
    /// There are more decimals than the currency has.
    case tooManyDecimals(allowed: Int)
    /// The amount is above ``Money/minorMax``.
    case tooLarge
}

extension Money {
    /// The longest text that is looked at, in characters.
    public static let textCharactersMax = 40

    /// Reads an amount in major units as a person or a file writes it: `50`, `50.5`, `¥50.50`, `1,050.00`, `¥５０`.
    ///
    /// Full-width digits and signs, spaces, one leading currency sign or code and commas between groups of three
    /// digits are accepted. There is no rounding: too many decimals are a fault, except for zeros.
    public static func parse(_ text: String, in currency: Currency) throws(AmountFault) -> Money {
        guard text.unicodeScalars.count <= textCharactersMax else { throw .unreadable }
        var characters = narrowed(text)
        guard !characters.isEmpty else { throw .empty }
        if characters.first == "-" { throw .negative }
        characters = withoutSigns(characters, of: currency)
        if characters.first == "-" { throw .negative }
        let parts = characters.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first else { throw .empty }
        let wholeDigits = try ungrouped(whole)
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard !wholeDigits.isEmpty || !fraction.isEmpty, fraction.allSatisfy(\.isDigit) else { throw .unreadable }
        return try assembled(wholeDigits, fraction, in: currency)
    }

    private static func assembled(
        _ whole: [Unicode.Scalar], _ fraction: [Unicode.Scalar], in currency: Currency
    ) throws(AmountFault) -> Money {
        let extra = fraction.dropFirst(currency.digits)
        guard extra.allSatisfy({ $0 == "0" }) else { throw .tooManyDecimals(allowed: currency.digits) }
        var digits = fraction.prefix(currency.digits)
        while digits.count < currency.digits { digits.append("0") }
        var minor: Int64 = 0
        for digit in whole + digits {
            minor = minor * 10 + Int64(digit.value - 48)
            guard minor <= Money.minorMax else { throw .tooLarge }
        }
        guard let money = Money(minor: minor, currency: currency) else { throw .tooLarge }
        return money
    }

    /// Digits without their commas, which must stand between groups of three.
    private static func ungrouped(_ whole: ArraySlice<Unicode.Scalar>) throws(AmountFault) -> [Unicode.Scalar] {
        let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
            guard group.allSatisfy(\.isDigit) else { throw .unreadable }
            guard groups.count > 1 else { continue }
            let fits = index == 0 ? (1...3).contains(group.count) : group.count == 3
            guard fits else { throw .unreadable }
        }
        return groups.flatMap { Array($0) }
    }

    /// The text in ASCII where a full-width form exists, without any spaces.
    private static func narrowed(_ text: String) -> ArraySlice<Unicode.Scalar> {
        var result: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            case 0xFFE5: result.append("¥")
            case 0x3002: result.append(".")
            case 0x20, 0xA0, 0x3000, 0x09, 0x2009, 0x202F: continue
            case 0x2212, 0x2013: result.append("-")
            default: result.append(scalar)
            }
        }
        return result[...]
    }

    /// Without one sign or code in front and, for yuan, one 元 behind.
    private static func withoutSigns(
        _ characters: ArraySlice<Unicode.Scalar>, of currency: Currency
    ) -> ArraySlice<Unicode.Scalar> {
        let signs = [currency.sign, currency.code, currency == .cny ? "RMB" : currency.code]
        let wanted = signs.map { Array($0.unicodeScalars.filter { $0 != " " }) }
        let front = wanted.first { characters.starts(with: $0) }?.count ?? 0
        let back = currency == .cny && characters.last == "元" ? 1 : 0
        return characters.dropFirst(front).dropLast(back)
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(value) }
}
