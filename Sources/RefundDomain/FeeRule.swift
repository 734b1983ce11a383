/// Who bears the handling fee of a refund.
public enum FeeBearer: String, Sendable, Hashable, CaseIterable {
    /// It is taken out of what the cardholder gets.
    case cardholder
    /// The merchant pays it besides the refund.
    case merchant
    /// The channel charges it to the operator.
    case `operator`
}

/// What a refund costs besides itself, as a merchant's policy says.
public struct FeeRule: Sendable, Hashable {
    /// Minor units of the payment's currency for each refund.
    public let fixedMinor: Int64
    /// Hundredths of a percent of what is refunded, rounded half up.
    public let basisPoints: Int64
    public let bearer: FeeBearer
    /// Whether the payment's own fee goes back to the merchant in proportion.
    public let returnsFee: Bool
    public let exchange: ExchangePolicy
    /// The fee is never less than this, in minor units.
    public let leastMinor: Int64
    /// The fee is never more than this; nil has no such bound.
    public let mostMinor: Int64?

    public init(
        fixedMinor: Int64, basisPoints: Int64, bearer: FeeBearer, returnsFee: Bool,
        exchange: ExchangePolicy = .original, leastMinor: Int64 = 0, mostMinor: Int64? = nil
    ) {
        self.fixedMinor = fixedMinor
        self.basisPoints = basisPoints
        self.bearer = bearer
        self.returnsFee = returnsFee
        self.exchange = exchange
        self.leastMinor = leastMinor
        self.mostMinor = mostMinor
    }

    /// No handling fee; the payment's fee goes back in proportion; the rate of the sale.
    public static let standard = FeeRule(fixedMinor: 0, basisPoints: 0, bearer: .merchant, returnsFee: true)

    /// The same rule without a handling fee: a correction of our own mistake costs nobody another one.
    public var withoutHandlingFee: FeeRule {
        FeeRule(fixedMinor: 0, basisPoints: 0, bearer: bearer, returnsFee: returnsFee, exchange: exchange)
    }

    /// The handling fee for refunding so much; one that the cardholder bears leaves at least a minor unit of it.
    public func handlingFee(on taken: Money) -> Money {
        let share = Fee.share(of: taken.minor, min(max(basisPoints, 0), 10_000), outOf: 10_000)
        let most = min(bearer == .cardholder ? taken.minor - 1 : taken.minor, mostMinor ?? Int64.max)
        let fee = max(max(fixedMinor, 0) + share, leastMinor)
        return Money(minor: max(min(fee, most), 0), currency: taken.currency)
            ?? .zero(taken.currency)
    }
}

/// What a payment stands at before one more refund, as far as a quote depends on it.
public struct RefundBase: Sendable, Hashable {
    public let captured: Money
    /// The payment's fee, in the currency that the merchant was settled in.
    public let fee: Money
    /// What the merchant was settled with, where that is another currency.
    public let settlement: Money?
    /// Refunded already or on its way, wherever it was made; in the payment's currency.
    public let refunded: Money
    /// The fee given back with that.
    public let feeGivenBack: Money
    /// What the merchant paid for that in the currency that it was settled in, fees apart.
    public let worth: Money

    public init(
        captured: Money, fee: Money, settlement: Money?, refunded: Money, feeGivenBack: Money, worth: Money
    ) {
        self.captured = captured
        self.fee = fee
        self.settlement = settlement
        self.refunded = refunded
        self.feeGivenBack = feeGivenBack
        self.worth = worth
    }
}

/// What one refund takes, gives and costs: shown before it is asked for, frozen when it is approved, posted when it is
/// sent.
public struct RefundQuote: Sendable, Hashable {
    /// What it uses up of the payment: the amount agreed on.
    public let taken: Money
    /// What goes to the cardholder.
    public let gross: Money
    /// The handling fee: in the merchant's currency, and in the payment's where the operator bears it.
    public let handlingFee: Money
    public let bearer: FeeBearer
    /// The part of the payment's fee that goes back to the merchant, in the merchant's currency.
    public let feeGivenBack: Money
    /// What is held of the merchant's balance, handling fee included; in the merchant's currency.
    public let cost: Money
    /// The rate and what buying the gross amount costs the operator; nil within one currency.
    public let exchange: Exchanged?

    /// How a refund changes currencies.
    public struct Exchanged: Sendable, Hashable {
        /// The rate as decimal text, for pages.
        public let rate: String
        /// What buying the amount costs, in the merchant's currency.
        public let spent: Money

        public init(rate: String, spent: Money) {
            self.rate = rate
            self.spent = spent
        }
    }

    public init(
        taken: Money, gross: Money, handlingFee: Money, bearer: FeeBearer, feeGivenBack: Money, cost: Money,
        exchange: Exchanged?
    ) {
        self.taken = taken
        self.gross = gross
        self.handlingFee = handlingFee
        self.bearer = bearer
        self.feeGivenBack = feeGivenBack
        self.cost = cost
        self.exchange = exchange
    }

    /// What the merchant pays towards the refund itself: the cost without a handling fee.
    public var net: Money { cost.subtracting(charged) ?? .zero(cost.currency) }

    /// The handling fee that is taken from the merchant's hold: all but one that the operator bears.
    public var charged: Money { bearer == .operator ? .zero(cost.currency) : handlingFee }

    /// What the cardholder pays of the handling fee, in the payment's currency.
    public var keptFromCardholder: Money { taken.subtracting(gross) ?? .zero(taken.currency) }
}

extension RefundQuote {
    /// What refunding so much takes, gives and costs.
    ///
    /// All parts are rounded so that the refunds of a payment add up to the whole of its fee and its settlement.
    ///
    /// - Parameter today: the rate from the payment's to the merchant's currency, where somebody names one.
    public static func of(
        _ taken: Money, from base: RefundBase, _ rule: FeeRule, today: ExchangeRate? = nil
    ) -> RefundQuote {
        let fee = rule.handlingFee(on: taken)
        let gross = rule.bearer == .cardholder ? taken.subtracting(fee) ?? taken : taken
        let refunded = base.refunded.adding(taken) ?? base.captured
        let exchange = Conversion(base, taken: taken, refunded: refunded, rule, today)
        let handlingFee = rule.bearer == .operator ? fee : exchange.worth(fee)
        let kept = rule.bearer == .cardholder ? handlingFee : .zero(exchange.taken.currency)
        let worth = exchange.taken.subtracting(kept) ?? .zero(exchange.taken.currency)
        var back = Money.zero(worth.currency)
        if rule.returnsFee {
            back = min(
                Fee.givenBack(
                    fee: base.fee, captured: base.captured, refundedWithThis: min(refunded, base.captured),
                    alreadyGivenBack: base.feeGivenBack), worth)
        }
        let charged = rule.bearer == .operator ? .zero(worth.currency) : handlingFee
        let cost = worth.subtracting(back)?.adding(charged) ?? worth
        return RefundQuote(
            taken: taken, gross: gross, handlingFee: handlingFee, bearer: rule.bearer, feeGivenBack: back, cost: cost,
            exchange: exchange.changes(gross, worth: worth))
    }

    /// Between the payment's currency and the merchant's; the identity where they are one.
    private struct Conversion {
        /// What the amount is worth to the merchant.
        let taken: Money
        private let base: RefundBase
        private let today: ExchangeRate?
        private let isCurrent: Bool

        init(_ base: RefundBase, taken: Money, refunded: Money, _ rule: FeeRule, _ today: ExchangeRate?) {
            self.base = base
            self.today = today
            let current = today?.converting(taken)
            isCurrent = rule.exchange == .current && current != nil
            guard let settlement = base.settlement else {
                self.taken = taken
                return
            }
            let whole = Fee.share(
                of: settlement.minor, min(refunded.minor, base.captured.minor), outOf: base.captured.minor)
            let original = Money(minor: whole - base.worth.minor, currency: settlement.currency)
            self.taken = (isCurrent ? current : original) ?? .zero(settlement.currency)
        }

        func worth(_ amount: Money) -> Money {
            guard let settlement = base.settlement else { return amount }
            if isCurrent, let worth = today?.converting(amount) { return worth }
            let share = Fee.share(of: settlement.minor, amount.minor, outOf: base.captured.minor)
            return Money(minor: share, currency: settlement.currency) ?? .zero(settlement.currency)
        }

        func changes(_ gross: Money, worth: Money) -> Exchanged? {
            guard let settlement = base.settlement else { return nil }
            let spent = isCurrent ? worth : today?.converting(gross) ?? worth
            let rate = isCurrent ? today?.text : nil
            return Exchanged(rate: rate ?? RefundQuote.rate(from: base.captured, to: settlement), spent: spent)
        }
    }

    /// Digits after the point of a rate that is worked out from two amounts.
    private static let rateDigits = 6

    /// What one major unit cost, to six digits, for people; nothing is computed from it.
    private static func rate(from captured: Money, to settlement: Money) -> String {
        var scale: UInt128 = 1
        for _ in 0..<rateDigits { scale *= 10 }
        let above = UInt128(settlement.minor) * UInt128(captured.currency.minorPerMajor) * scale
        let below = UInt128(max(captured.minor, 1)) * UInt128(settlement.currency.minorPerMajor)
        let digits = String((above + below / 2) / below)
        let padded = String(repeating: "0", count: max(rateDigits + 1 - digits.utf8.count, 0)) + digits
        let fraction = padded.suffix(rateDigits)
        return padded.dropLast(rateDigits) + "." + fraction
    }
}
