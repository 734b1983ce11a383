public import RefundDomain
public import Storage

/// Reads values of our own kinds out of rows; a value that does not fit is a fault of the database's content.
extension SQLRow {
    /// The currency in the column `currency`.
    public func currency() throws -> Currency {
        guard let currency = Currency(code: try text("currency")) else { throw StoreFault.wrongKind("currency") }
        return currency
    }

    /// An amount in minor units of the row's currency.
    public func money(_ column: String) throws -> Money {
        try money(column, in: currency())
    }

    /// An amount in minor units of the row's currency, or nil for `NULL`.
    public func moneyOrNil(_ column: String) throws -> Money? {
        try moneyOrNil(column, in: currency())
    }

    /// An amount in minor units of a currency that is known already.
    public func money(_ column: String, in currency: Currency) throws -> Money {
        guard let money = try moneyOrNil(column, in: currency) else { throw StoreFault.unexpectedNull(column) }
        return money
    }

    /// An amount in minor units of a currency that is known already, or nil for `NULL`.
    public func moneyOrNil(_ column: String, in currency: Currency) throws -> Money? {
        guard let minor = try intOrNil(column) else { return nil }
        guard let money = Money(minor: minor, currency: currency) else { throw StoreFault.wrongKind(column) }
        return money
    }

    /// A time in milliseconds.
    public func moment(_ column: String) throws -> Moment {
        Moment(milliseconds: try int(column))
    }

    /// A time in milliseconds, or nil for `NULL`.
    public func momentOrNil(_ column: String) throws -> Moment? {
        try intOrNil(column).map { Moment(milliseconds: $0) }
    }

    /// A date kept as `2026-11-22`.
    public func day(_ column: String) throws -> Day {
        guard let day = try dayOrNil(column) else { throw StoreFault.unexpectedNull(column) }
        return day
    }

    /// A date kept as `2026-11-22`, or nil for `NULL`.
    public func dayOrNil(_ column: String) throws -> Day? {
        guard let text = try textOrNil(column) else { return nil }
        guard let day = Day(iso: text) else { throw StoreFault.wrongKind(column) }
        return day
    }

    /// A word of one of our own lists.
    public func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
        guard let word = Word(rawValue: try text(column)) else { throw StoreFault.wrongKind(column) }
        return word
    }

    /// A word of one of our own lists, or nil for `NULL` and for words that this version does not know.
    public func wordOrNil<Word: RawRepresentable<String>>(_ column: String) throws -> Word? {
        try textOrNil(column).flatMap { Word(rawValue: $0) }
    }

    /// The frozen figures of a row of `movement`; what the merchant pays is in the currency that it was settled in.
    public func quote() throws -> RefundQuote {
        let currency = try currency()
        let paidIn = try textOrNil("cost_currency").flatMap(Currency.init(code:)) ?? currency
        let bearer: FeeBearer = try wordOrNil("fee_bearer") ?? .merchant
        let spent = try moneyOrNil("exchange_spent_minor", in: paidIn)
        let rate = try textOrNil("exchange_rate")
        return RefundQuote(
            taken: try money("taken_minor", in: currency), gross: try money("gross_minor", in: currency),
            handlingFee: try money("handling_fee_minor", in: bearer == .operator ? currency : paidIn),
            bearer: bearer, feeGivenBack: try money("fee_given_back_minor", in: paidIn),
            cost: try money("cost_minor", in: paidIn),
            exchange: spent.flatMap { spent in rate.map { RefundQuote.Exchanged(rate: $0, spent: spent) } })
    }
}
