/// What paid, as far as it says how fast money comes back to it.
public enum PaidBy: String, Sendable, Hashable, CaseIterable {
    /// The balance of a wallet.
    case wallet
    case debit
    case credit
    case semiCredit = "semi-credit"
    case prepaid

    /// What paid, from what a statement says of a payment.
    ///
    /// - Parameter issuer: the statement's word; WeChat Pay writes `CFT` where a wallet's own balance paid.
    public init?(_ kind: CardKind?, issuer: String?) {
        switch kind {
        case .debit: self = .debit
        case .credit: self = .credit
        case .semiCredit: self = .semiCredit
        case .prepaid: self = .prepaid
        case nil where issuer == "CFT": self = .wallet
        case nil: return nil
        }
    }
}

/// The way that a refund goes back; what is nil is not known.
public struct RefundRoute: Sendable, Hashable {
    public let channel: Channel?
    /// The issuing bank, as the statement words it: a name or a short code.
    public let issuer: String?
    public let paidBy: PaidBy?
    /// Whether the payment was made in another currency than the merchant's.
    public let isCrossBorder: Bool

    public init(channel: Channel?, issuer: String?, paidBy: PaidBy?, isCrossBorder: Bool) {
        self.channel = channel
        self.issuer = issuer
        self.paidBy = paidBy
        self.isCrossBorder = isCrossBorder
    }
}

/// In how many working days after the channel has taken a refund on the money is usually with the payer.
public struct ArrivalWindows: Sendable, Hashable {
    /// One rule; a condition that is nil fits every route.
    public struct Row: Sendable, Hashable {
        public let channel: Channel?
        /// The names and codes of one issuer; empty for any.
        public let issuers: Set<String>
        public let paidBy: PaidBy?
        public let isCrossBorder: Bool?
        /// Working days, earliest to latest; 0 is the day itself.
        public let days: ClosedRange<Int>

        public init(
            channel: Channel?, issuers: Set<String>, paidBy: PaidBy?, isCrossBorder: Bool?, days: ClosedRange<Int>
        ) {
            self.channel = channel
            self.issuers = issuers
            self.paidBy = paidBy
            self.isCrossBorder = isCrossBorder
            self.days = days
        }

        /// Whether the rule speaks of a route: what it names must be known and the same.
        func fits(_ route: RefundRoute) -> Bool {
            (channel == nil || channel == route.channel)
                && (issuers.isEmpty || route.issuer.map(issuers.contains) == true)
                && (paidBy == nil || paidBy == route.paidBy)
                && (isCrossBorder == nil || isCrossBorder == route.isCrossBorder)
        }

        /// Higher says more about a route: the issuer most, then what paid, the channel, the border.
        var weight: Int {
            (issuers.isEmpty ? 0 : 8) + (paidBy == nil ? 0 : 4) + (channel == nil ? 0 : 2)
                + (isCrossBorder == nil ? 0 : 1)
        }
    }

    public let rows: [Row]
    /// Where no rule fits.
    public let outer: ClosedRange<Int>

    public init(rows: [Row], outer: ClosedRange<Int>) {
        self.rows = rows
        self.outer = outer
    }

    /// No rules: 15 to 30 working days for everything.
    public static let unknown = ArrivalWindows(rows: [], outer: 15...30)

    /// The days of the rule that says most about a route; of two that say as much, the first.
    public func days(for route: RefundRoute) -> ClosedRange<Int> {
        var best: Row?
        for row in rows where row.fits(route) && row.weight > (best?.weight ?? -1) { best = row }
        return best?.days ?? outer
    }
}

/// The dates between which money is expected.
public struct ArrivalDates: Sendable, Hashable {
    public let earliest: Day
    public let latest: WorkingDays.Counted

    public init(earliest: Day, latest: WorkingDays.Counted) {
        self.earliest = earliest
        self.latest = latest
    }

    /// Counts the window's days from the day on which the channel took the refund on.
    public init(_ days: ClosedRange<Int>, after accepted: Day, _ calendar: WorkingDays) {
        earliest = calendar.adding(days.lowerBound, to: accepted).day
        latest = calendar.adding(days.upperBound, to: accepted)
    }
}
