/// An amount of one currency in whole minor units; never negative and never a fraction.
public struct Money: Sendable, Hashable {
    /// Minor units: fen for CNY, cents for USD, yen for JPY.
    public let minor: Int64
    public let currency: Currency

    /// The largest amount that any form, file or channel may name, in minor units: ten thousand million yuan.
    public static let minorMax: Int64 = 1_000_000_000_000

    /// An amount, or nil when it is negative or above ``minorMax``.
    public init?(minor: Int64, currency: Currency) {
        guard minor >= 0, minor <= Money.minorMax else { return nil }
        self.minor = minor
        self.currency = currency
    }

    /// Nothing, in one currency.
    public static func zero(_ currency: Currency) -> Money {
        Money(checked: 0, currency)
    }

    private init(checked minor: Int64, _ currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    /// The sum, or nil when the currencies differ or the sum is above ``minorMax``.
    public func adding(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        return Money(minor: minor + other.minor, currency: currency)
    }

    /// The difference, or nil when the currencies differ or it would be negative.
    public func subtracting(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        return Money(minor: minor - other.minor, currency: currency)
    }

    /// The amount in major units without sign or grouping, with all the currency's digits: `1050.00`.
    public var decimal: String {
        guard currency.digits > 0 else { return String(minor) }
        let fraction = String(minor % currency.minorPerMajor)
        let zeros = String(repeating: "0", count: currency.digits - fraction.utf8.count)
        return "\(minor / currency.minorPerMajor).\(zeros)\(fraction)"
    }

    /// The amount as people read it, with the currency's sign and commas between thousands: `¥1,050.00`.
    public var text: String {
        let parts = decimal.split(separator: ".")
        var grouped = ""
        let whole = parts.first.map(String.init) ?? "0"
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.utf8.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        guard parts.count == 2, let fraction = parts.last else { return currency.sign + grouped }
        return "\(currency.sign)\(grouped).\(fraction)"
    }
}

extension Money: Comparable {
    /// Orders by minor units; comparing two currencies orders by their code first, so that sorting stays total.
    public static func < (left: Money, right: Money) -> Bool {
        guard left.currency == right.currency else { return left.currency.code < right.currency.code }
        return left.minor < right.minor
    }
}
