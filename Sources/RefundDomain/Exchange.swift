/// What one major unit of a currency costs in another, as an exact fraction.
public struct ExchangeRate: Sendable, Hashable {
    public let from: Currency
    public let to: Currency
    /// The rate as it was written, for example `7.20`.
    public let text: String
    private let numerator: UInt128
    private let denominator: UInt128

    /// The most digits that a rate may have, the ones after the point included.
    public static let digitsMax = 15

    /// Reads a rate such as `7.20`: digits with at most one point, more than nothing.
    ///
    /// - Returns: nil for anything else; exact, because no fraction of two ever stands for it.
    public init?(_ text: String, from: Currency, to: Currency) {
        var digits: UInt128 = 0
        var count = 0
        var scale: UInt128 = 1
        var isAfterPoint = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), !isAfterPoint, count > 0 {
                isAfterPoint = true
                continue
            }
            guard (48...57).contains(byte), count < Self.digitsMax else { return nil }
            digits = digits * 10 + UInt128(byte - 48)
            count += 1
            if isAfterPoint { scale *= 10 }
        }
        guard digits > 0, !isAfterPoint || scale > 1 else { return nil }
        self.text = text
        self.from = from
        self.to = to
        numerator = digits * UInt128(to.minorPerMajor)
        denominator = scale * UInt128(from.minorPerMajor)
    }

    /// An amount in the other currency, rounded half up to its minor unit.
    ///
    /// - Returns: nil for an amount of another currency, and above ``Money/minorMax``.
    public func converting(_ amount: Money) -> Money? {
        guard amount.currency == from else { return nil }
        let (whole, rest) = (UInt128(amount.minor) * numerator).quotientAndRemainder(dividingBy: denominator)
        let rounded = rest >= denominator - rest ? whole + 1 : whole
        guard let minor = Int64(exactly: rounded) else { return nil }
        return Money(minor: minor, currency: to)
    }
}

/// By which rate a merchant pays for a refund in another currency than it was settled in.
public enum ExchangePolicy: String, Sendable, Hashable, CaseIterable {
    /// By the rate of the sale: the merchant gets back what it gave; the operator bears what the rate did since.
    case original
    /// By today's rate: the merchant bears it.
    case current
}

/// Where today's rates come from; without a source only the rate of the sale is possible.
public struct ExchangeRates: Sendable {
    /// Today's rate between two currencies, or nil when nobody names one.
    public let rate: @Sendable (_ from: Currency, _ to: Currency) -> ExchangeRate?

    public init(rate: @escaping @Sendable (_ from: Currency, _ to: Currency) -> ExchangeRate?) {
        self.rate = rate
    }

    /// No rates: refunds in another currency go by the rate of the sale.
    public static let none = ExchangeRates { _, _ in nil }
}
