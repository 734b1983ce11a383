/// What a terminal can give back, by its family.
public enum TerminalRefunds: String, Sendable, Hashable, CaseIterable {
    case partial
    case whole
    case none
}

/// The facts about a payment that decide whether and how much can be asked for.
public struct PaymentStanding: Sendable, Hashable {
    public let captured: Money
    /// Refunds that the channel's files show and that were not made here.
    public let refundedElsewhere: Money
    /// Refunds made here that succeeded.
    public let refunded: Money
    /// Asked for or on its way here, and not final.
    public let open: Money
    public let paidOn: Day
    /// What refunds of it can do; nil where this portal has no client of the channel.
    public let able: RefundAbilities?
    /// Whether the merchant has an account of this channel that takes orders.
    public let accountIsReady: Bool
    public let isVoided: Bool
    /// Refunds of this payment so far, wherever they were made.
    public let refundCount: Int64
    /// Disputed with the cardholder's bank, and so not to be refunded.
    public let disputed: Money?
    /// What stops everything, where something does.
    public let block: Block?

    public init(
        captured: Money, refundedElsewhere: Money, refunded: Money, open: Money, paidOn: Day,
        able: RefundAbilities?, accountIsReady: Bool, isVoided: Bool, refundCount: Int64, disputed: Money? = nil,
        block: Block? = nil
    ) {
        self.captured = captured
        self.refundedElsewhere = refundedElsewhere
        self.refunded = refunded
        self.open = open
        self.paidOn = paidOn
        self.able = able
        self.accountIsReady = accountIsReady
        self.isVoided = isVoided
        self.refundCount = refundCount
        self.disputed = disputed
        self.block = block
    }

    /// What is left of the payment: captured − refunded anywhere − open − disputed; nothing when that is negative.
    public var left: Money {
        let taken = refundedElsewhere.minor + refunded.minor + open.minor + (disputed?.minor ?? 0)
        return Money(minor: captured.minor - taken, currency: captured.currency) ?? .zero(captured.currency)
    }
}

/// Whether something can be asked for, and how much.
public enum Eligibility: Sendable, Hashable {
    /// At most so much can be asked for, because of the narrowest of all ceilings; `onlyWhole` when it is all or
    /// nothing.
    case askable(most: Money, onlyWhole: Bool, by: Ceiling)
    case refused(Ineligible)

    /// Decides by the terminal's and the channel's abilities, the merchant's policy and what is left; the narrowest
    /// counts.
    ///
    /// - Parameter askedToday: what has been asked of the merchant today, in the payment's currency; read only where
    ///   the policy limits a day.
    public static func of(
        _ payment: PaymentStanding, under policy: Policy = .standard, askedToday: Money? = nil, on today: Day
    ) -> Eligibility {
        if payment.isVoided { return .refused(.voided) }
        if let block = payment.block { return .refused(.blocked(block)) }
        guard let able = payment.able else { return .refused(.channelNotHere) }
        guard payment.accountIsReady else { return .refused(.accountNotReady) }
        if able.refunds.value == .none { return .refused(.terminalCannot(by: able.refunds.scope)) }
        let window = able.windowDays
        let lastDay = payment.paidOn.adding(days: window.value)
        if today > lastDay { return .refused(.windowPassed(lastDay: lastDay, by: window.scope)) }
        if let days = policy[.windowDays] {
            let lastDay = payment.paidOn.adding(days: days)
            if today > lastDay { return .refused(.merchantWindowPassed(lastDay: lastDay)) }
        }
        if payment.left.minor == 0 {
            return .refused(payment.open.minor > 0 ? .requestOpen : .nothingLeft)
        }
        let most = able.refundsMax
        if payment.refundCount >= most.value { return .refused(.tooManyRefunds(most: most.value, by: most.scope)) }
        if let why = able.refusal(of: payment.left, captured: payment.captured) { return .refused(why) }
        let onlyWhole = able.refunds.value == .whole
        return narrowed(payment, onlyWhole: onlyWhole, policy, askedToday: askedToday?.minor ?? 0)
    }

    /// The smallest of what is left and the policy's ceilings.
    private static func narrowed(
        _ payment: PaymentStanding, onlyWhole: Bool, _ policy: Policy, askedToday: Int64
    ) -> Eligibility {
        let currency = payment.captured.currency
        let left = payment.left.minor
        let share = Fee.part(policy[.shareMax] ?? Policy.wholeShare, of: payment.captured.minor)
        var ceilings: [(Ceiling, Int64)] = [(.left, left), (.share, share - (payment.captured.minor - left))]
        if let most = policy[.refundMax] { ceilings.append((.refund, most)) }
        if let most = policy[.dayMax] { ceilings.append((.day, most - askedToday)) }
        guard let narrowest = ceilings.min(by: { $0.1 < $1.1 }) else { return .refused(.nothingLeft) }
        let (ceiling, minor) = narrowest
        guard minor > 0, let most = Money(minor: minor, currency: currency) else {
            if ceiling == .share, payment.open.minor > 0 { return .refused(.requestOpen) }
            let limit = ceiling == .share ? share : policy[.dayMax] ?? 0
            let most = Money(minor: limit, currency: currency) ?? .zero(currency)
            return .refused(ceiling == .share ? .shareReached(most: most) : .dayLimitReached(most: most))
        }
        if onlyWhole, minor < left { return .refused(.wholeAboveLimit(most: most)) }
        return .askable(most: most, onlyWhole: onlyWhole, by: ceiling)
    }
}

/// What decides how much can be asked for at most.
public enum Ceiling: String, Sendable, Hashable, CaseIterable {
    /// What is left of the payment.
    case left
    /// The share of a payment that the merchant gives back in all.
    case share
    /// What the merchant gives back at once.
    case refund = "per-refund"
    /// What the merchant gives back on one day.
    case day = "per-day"
}

/// Why nothing can be asked for; `by` is the row of ``Capabilities`` that says so, nil for the program's own table.
public enum Ineligible: Sendable, Hashable {
    /// Everything was given back already.
    case nothingLeft
    /// A request is open for all that is left.
    case requestOpen
    /// The channel takes refunds of a payment only up to a day.
    case windowPassed(lastDay: Day, by: CapabilityScope? = nil)
    /// This portal cannot send money back by the channel that took the payment.
    case channelNotHere
    /// The merchant has not set the channel up here, or it is stopped.
    case accountNotReady
    /// The terminal cannot give back what is asked.
    case terminalCannot(by: CapabilityScope? = nil)
    /// The payment was cancelled at the terminal and never settled.
    case voided
    /// The channel takes only so many refunds of one payment.
    case tooManyRefunds(most: Int64, by: CapabilityScope? = nil)
    /// Less than the channel pays back at once.
    case belowLeast(Money, by: CapabilityScope? = nil)
    /// The merchant takes requests only up to a day that is before the channel's.
    case merchantWindowPassed(lastDay: Day)
    /// The share of the payment that the merchant gives back in all has been given back.
    case shareReached(most: Money)
    /// Everything that the merchant gives back on one day has been asked for today.
    case dayLimitReached(most: Money)
    /// The terminal gives back all or nothing, and all is more than the merchant gives back.
    case wholeAboveLimit(most: Money)
    /// Something stops the payment's money for now: a dispute with the cardholder's bank, a court's order.
    case blocked(Block)

    /// A word for scripts and tests.
    public var code: String {
        switch self {
        case .nothingLeft: "nothing-left"
        case .requestOpen: "request-open"
        case .windowPassed: "window-passed"
        case .channelNotHere: "channel-not-here"
        case .accountNotReady: "account-not-ready"
        case .terminalCannot: "terminal-cannot"
        case .voided: "voided"
        case .tooManyRefunds: "too-many-refunds"
        case .belowLeast: "below-least"
        case .blocked: "blocked"
        case .merchantWindowPassed: "merchant-window-passed"
        case .shareReached: "share-reached"
        case .dayLimitReached: "day-limit-reached"
        case .wholeAboveLimit: "whole-above-limit"
        }
    }
}

/// Whose rule it is that says no.
public enum RuleSource: String, Sendable, Hashable, CaseIterable {
    /// What happened to the payment itself.
    case payment
    case channel
    case terminal
    /// The merchant's policy.
    case merchant
}

extension Ineligible {
    /// Whose rule applied.
    public var source: RuleSource {
        switch self {
        case .nothingLeft, .requestOpen, .voided, .blocked: .payment
        case .windowPassed, .channelNotHere, .tooManyRefunds, .belowLeast: .channel
        case .terminalCannot: .terminal
        case .accountNotReady, .merchantWindowPassed, .shareReached, .dayLimitReached, .wholeAboveLimit: .merchant
        }
    }
}

extension Ineligible {
    /// The row of ``Capabilities`` that says no; nil where another rule does, or the program's own table.
    public var capability: CapabilityScope? {
        switch self {
        case .windowPassed(_, let scope), .tooManyRefunds(_, let scope), .terminalCannot(let scope),
            .belowLeast(_, let scope):
            scope
        case .nothingLeft, .requestOpen, .channelNotHere, .accountNotReady, .voided, .merchantWindowPassed,
            .shareReached, .dayLimitReached, .wholeAboveLimit, .blocked:
            nil
        }
    }
}
