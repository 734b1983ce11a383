/// Families of terminals and what they can give back. A family's abilities are UNVERIFIED per acquirer: a row of
/// ``Capabilities`` says what an acquirer confirms (`docs/capabilities.md`).
public enum TerminalFamily: String, Sendable, Hashable, CaseIterable {
    case traditional
    case smart
    case cloud
    case codeScanner = "code-scanner"
    case eSign = "e-sign"

    /// What terminals of the family give back where no row says anything else.
    public var refunds: TerminalRefunds {
        switch self {
        case .traditional, .smart, .cloud, .codeScanner: .partial
        case .eSign: .none
        }
    }
}

/// Whether a whole payment can be called off (撤销) instead of paid back (退货), and how long.
public enum VoidRule: String, Sendable, Hashable, CaseIterable {
    case never
    /// While the payment's UnionPay day lasts, 23:00 to 23:00 in Beijing, and its batch is open.
    case sameUnionPayDay = "unionpay-day"
}

/// Whether the channel gives the merchant back the payment's fee with a refund.
public enum FeeReturn: String, Sendable, Hashable, CaseIterable {
    /// In proportion, where the merchant's policy says so too.
    case proportional
    /// It keeps the fee, whatever the merchant's policy says.
    case none
}

/// Who stands between a merchant and a channel, known by the merchant numbers (商户号) that it gives out.
public struct Acquirer: Sendable, Hashable {
    public let name: String
    /// What its merchant numbers begin with; a whole number is one merchant's.
    public let numbers: [String]

    public init(name: String, numbers: [String]) {
        self.name = name
        self.numbers = numbers
    }
}

/// For which refunds a row of ``Capabilities`` holds.
public struct CapabilityScope: Sendable, Hashable {
    public let channel: Channel
    /// Nil for every acquirer.
    public let acquirer: Acquirer?
    /// Nil for every terminal, and for payments without one.
    public let family: TerminalFamily?

    public init(channel: Channel, acquirer: Acquirer? = nil, family: TerminalFamily? = nil) {
        self.channel = channel
        self.acquirer = acquirer
        self.family = family
    }

    /// Higher says more about a payment: the acquirer before the family.
    var weight: Int { (acquirer == nil ? 0 : 2) + (family == nil ? 0 : 1) }

    func holds(for origin: PaymentOrigin) -> Bool {
        channel == origin.channel && (family == nil || family == origin.family)
            && (acquirer.map { $0.numbers.contains { origin.merchantNumber?.hasPrefix($0) == true } } ?? true)
    }
}

/// Where a payment was made, as far as it decides what can become of it.
public struct PaymentOrigin: Sendable, Hashable {
    public let channel: Channel
    /// The merchant's number with whoever took the payment, where it is known.
    public let merchantNumber: String?
    /// The family of the terminal; nil for payments without one and terminals that nobody has set up.
    public let family: TerminalFamily?
    /// What the terminal gives back where no row says anything else.
    public let terminal: TerminalRefunds

    public init(
        channel: Channel, merchantNumber: String? = nil, family: TerminalFamily? = nil,
        terminal: TerminalRefunds = .partial
    ) {
        self.channel = channel
        self.merchantNumber = merchantNumber
        self.family = family
        self.terminal = terminal
    }
}

/// What one row says; what is nil is left to a less exact row, and in the end to the program's own.
public struct CapabilityValues: Sendable, Hashable {
    public var refunds: TerminalRefunds?
    /// How many refunds one payment may have.
    public var refundsMax: Int64?
    /// Seconds that must lie between two refunds of one payment.
    public var gapSeconds: Int64?
    /// Days after the payment in which a refund may be asked for.
    public var windowDays: Int64?
    /// The least that one refund may be, in minor units of the payment's currency.
    public var leastMinor: Int64?
    public var feeReturn: FeeReturn?
    public var void: VoidRule?
    /// Working days until the money is with the payer, earliest to latest.
    public var arrival: ClosedRange<Int>?

    public init() {}
}

/// One row of what refunds can do.
public struct CapabilityRow: Sendable, Hashable {
    public let scope: CapabilityScope
    public let values: CapabilityValues
    /// Who says so, and where.
    public let source: String
    /// Whether the channel's or the acquirer's own current documents confirm it.
    public let isVerified: Bool

    public init(scope: CapabilityScope, values: CapabilityValues, source: String, isVerified: Bool) {
        self.scope = scope
        self.values = values
        self.source = source
        self.isVerified = isVerified
    }
}

/// What refunds of each channel, acquirer and family of terminals can do.
public struct Capabilities: Sendable, Hashable {
    /// No two have the same scope.
    public let rows: [CapabilityRow]

    public init(rows: [CapabilityRow]) {
        self.rows = rows
    }

    /// No rows: everything is as the program's own table says.
    public static let none = Capabilities(rows: [])

    /// What refunds of a payment can do: each ability by the most exact row that says something of it.
    ///
    /// - Returns: nil while this portal has no client of the channel; no row makes one.
    public func abilities(of origin: PaymentOrigin) -> RefundAbilities? {
        guard let own = ChannelCapability.of(origin.channel) else { return nil }
        let fitting = rows.filter { $0.scope.holds(for: origin) }.sorted { $0.scope.weight > $1.scope.weight }
        func ability<Value>(_ value: (CapabilityValues) -> Value?, _ own: Value) -> Ability<Value> {
            for row in fitting {
                if let said = value(row.values) { return Ability(said, by: row.scope) }
            }
            return Ability(own, by: nil)
        }
        var refunds = ability(\.refunds, .partial)
        // What a terminal cannot do, only a row about its family can give it.
        if refunds.scope?.family == nil, origin.terminal.isLess(than: refunds.value) {
            refunds = Ability(origin.terminal, by: nil)
        }
        return RefundAbilities(
            channel: origin.channel, family: origin.family, refunds: refunds,
            refundsMax: ability(\.refundsMax, own.refundsMax), gapSeconds: ability(\.gapSeconds, own.gapSeconds),
            windowDays: ability(\.windowDays, own.windowDays), leastMinor: ability(\.leastMinor, 1),
            feeReturn: ability(\.feeReturn, .proportional), void: ability(\.void, own.void),
            arrival: ability({ $0.arrival.map { .some($0) } }, nil))
    }
}

/// One ability and the row that says so.
public struct Ability<Value: Sendable & Hashable>: Sendable, Hashable {
    public let value: Value
    /// Nil where no row says anything and the program's own table counts.
    public let scope: CapabilityScope?

    public init(_ value: Value, by scope: CapabilityScope?) {
        self.value = value
        self.scope = scope
    }
}

/// What refunds of one payment can do, and which row says so of each ability.
public struct RefundAbilities: Sendable, Hashable {
    public let channel: Channel
    public let family: TerminalFamily?
    public let refunds: Ability<TerminalRefunds>
    public let refundsMax: Ability<Int64>
    public let gapSeconds: Ability<Int64>
    public let windowDays: Ability<Int64>
    public let leastMinor: Ability<Int64>
    public let feeReturn: Ability<FeeReturn>
    public let void: Ability<VoidRule>
    /// Nil where no row says anything: then it is as ``ArrivalWindows`` says.
    public let arrival: Ability<ClosedRange<Int>?>

    /// The rows that apply, the most exact first.
    public var scopes: [CapabilityScope] {
        let all = [
            refunds.scope, refundsMax.scope, gapSeconds.scope, windowDays.scope, leastMinor.scope, feeReturn.scope,
            void.scope, arrival.scope,
        ]
        var seen: Set<CapabilityScope> = []
        return all.compactMap(\.self).filter { seen.insert($0).inserted }.sorted { $0.weight > $1.weight }
    }

    /// A refund of so much, of a payment that has so much left, or why it is not possible.
    ///
    /// - Parameter captured: what was paid.
    public func refusal(of amount: Money, captured: Money) -> Ineligible? {
        if refunds.value == .none || (refunds.value == .whole && amount != captured) {
            return .terminalCannot(by: refunds.scope)
        }
        guard amount.minor < leastMinor.value else { return nil }
        return .belowLeast(Money(minor: leastMinor.value, currency: amount.currency) ?? captured, by: leastMinor.scope)
    }
}

extension TerminalRefunds {
    /// Whether this can do less than another.
    func isLess(than other: TerminalRefunds) -> Bool { rank < other.rank }

    private var rank: Int {
        switch self {
        case .none: 0
        case .whole: 1
        case .partial: 2
        }
    }
}

extension FeeRule {
    /// The rule as far as the channel allows it.
    public func within(_ feeReturn: FeeReturn) -> FeeRule {
        guard feeReturn == .none, returnsFee else { return self }
        return FeeRule(
            fixedMinor: fixedMinor, basisPoints: basisPoints, bearer: bearer, returnsFee: false, exchange: exchange,
            leastMinor: leastMinor, mostMinor: mostMinor)
    }
}
