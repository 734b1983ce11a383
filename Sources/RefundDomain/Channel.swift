/// How money travels back: the payment channel that took the payment.
public enum Channel: String, Sendable, Hashable, CaseIterable {
    case wechatPay = "wechatpay"
    case alipay
    case unionPay = "unionpay"
    case lakala
    case shengpay
    case helipay
    case manual
}

/// What one channel can do for a refund, as its documents say; the channel's page in `docs/` names each source. Rows of
/// ``Capabilities`` say it again, or otherwise for an acquirer or a family of terminals, and count before it.
public struct ChannelCapability: Sendable, Hashable {
    /// Days after the payment in which a refund may be asked for.
    public let windowDays: Int64
    /// How many refunds one payment may have.
    public let refundsMax: Int64
    /// Seconds that must lie between two refunds of one payment.
    public let gapSeconds: Int64
    /// Seconds after which a refund that was accepted is visible to a query for certain.
    public let visibilityDelaySeconds: Int64
    /// Whether sending one refund number twice can never pay twice.
    public let replaySafe: Bool
    /// Seconds from one query to the next; the last one repeats.
    public let queryPlanSeconds: [Int64]
    /// To whose cards it pays money that could not go back the way it was paid; empty when it has no such order.
    public var payeeBanks: Set<PayeeBank> = []
    /// Whether a refund that waits for its payee ends unpaid when nobody acts. Where it does not, the channel keeps the
    /// money for that refund, and another refund in its place could pay twice.
    public var endsWithoutPayee = false
    /// Whether a whole payment can be called off instead, where no row of ``Capabilities`` says anything else.
    public var void = VoidRule.never

    /// WeChat Pay API v3, domestic refunds (merchant documents 4013070371 and following); an abnormal refund goes to
    /// debit cards of fifteen banks (merchant document 4012810603).
    public static let wechatPay = ChannelCapability(
        windowDays: 365, refundsMax: 50, gapSeconds: 60, visibilityDelaySeconds: 60, replaySafe: true,
        queryPlanSeconds: wechatQueryPlan, payeeBanks: Set(PayeeBank.allCases))

    /// 1, 2, 3, 4, 5, 10, 20, 30 minutes after sending, then every 30 minutes to 24 hours, 6-hourly to 3 days, daily.
    private static let wechatQueryPlan: [Int64] =
        [60, 60, 60, 60, 60, 300, 600, 600]
        + Array(repeating: 1800, count: 47) + Array(repeating: 21_600, count: 8) + [86_400]

    /// UnionPay's gateway for all channels 5.1.0. How many refunds one payment may have, the space between them and the
    /// exact number of days are not public; `docs/guides/unionpay.md` says so.
    public static let unionPay = ChannelCapability(
        windowDays: 330, refundsMax: 50, gapSeconds: 5, visibilityDelaySeconds: 300, replaySafe: false,
        queryPlanSeconds: unionPayQueryPlan, void: .sameUnionPayDay)

    /// 1, 2, 4, 8, 16, 32 seconds after sending as UnionPay asks, 5 and 30 minutes, hourly for a day, 6-hourly for two
    /// more, daily.
    private static let unionPayQueryPlan: [Int64] =
        [1, 2, 4, 8, 16, 32, 300, 1800] + Array(repeating: 3600, count: 24) + Array(repeating: 21_600, count: 8)
        + [86_400]

    /// Alipay's `alipay.trade.refund`. The window is a matter of contract and the number of refunds is not public;
    /// `docs/guides/alipay.md` says so.
    public static let alipay = ChannelCapability(
        windowDays: 365, refundsMax: 50, gapSeconds: 3, visibilityDelaySeconds: 10, replaySafe: true,
        queryPlanSeconds: alipayQueryPlan)

    /// 10, 20, 30 seconds, 1, 5, 10, 30 minutes, every 30 minutes for a day, 6-hourly for two more, daily.
    private static let alipayQueryPlan: [Int64] =
        [10, 20, 30, 60, 300, 600, 1800] + Array(repeating: 1800, count: 46) + Array(repeating: 21_600, count: 8)
        + [86_400]

    /// Lakala's open platform. The window, the number of refunds, the space between them and what becomes of a number
    /// that is sent twice are not public; `docs/guides/lakala.md` says so.
    public static let lakala = ChannelCapability(
        windowDays: 365, refundsMax: 50, gapSeconds: 5, visibilityDelaySeconds: 60, replaySafe: false,
        queryPlanSeconds: lakalaQueryPlan)

    /// 30 seconds after sending, which a time-out within Lakala takes, then 30, 60 seconds, 5, 10, 30 minutes, every 30
    /// minutes for a day, 6-hourly for two more, daily.
    private static let lakalaQueryPlan: [Int64] =
        [30, 30, 60, 300, 600, 1800] + Array(repeating: 1800, count: 46) + Array(repeating: 21_600, count: 8)
        + [86_400]

    /// What a channel can do, or nil while this portal has no client for it.
    public static func of(_ channel: Channel) -> ChannelCapability? {
        switch channel {
        case .wechatPay: .wechatPay
        case .unionPay: .unionPay
        case .alipay: .alipay
        case .lakala: .lakala
        case .shengpay: .shengpay
        case .helipay: .helipay
        case .manual: .manual
        }
    }

    /// The longest name of a payee, in bytes of UTF-8: an RSA key of 2048 bits encrypts 214.
    static let holderBytesMax = 214

    /// Whether it can pay returned money to an account: a card of a bank that it knows.
    public func pays(to destination: PayeeDestination) -> Bool {
        guard destination.isCard, destination.holder.utf8.count <= ChannelCapability.holderBytesMax,
            let bank = PayeeBank(named: destination.bank)
        else { return false }
        return payeeBanks.contains(bank)
    }

    /// Seconds to wait before query number `done + 1`, counted from the one before it.
    public func queryDelay(after done: Int) -> Int64 {
        let index = min(max(done, 0), queryPlanSeconds.count - 1)
        return queryPlanSeconds.indices.contains(index) ? queryPlanSeconds[index] : 86_400
    }
}

/// What a channel's answer, query or notice means for a movement.
public enum ChannelVerdict: String, Sendable, Hashable, CaseIterable {
    /// The channel says that the money went back.
    case succeeded
    /// Taken on; the money is not final.
    case accepted
    /// We cannot tell whether it was taken on.
    case unknown
    /// Provably not executed; the same order may be sent again.
    case notExecuted
    /// Provably not executed because the merchant has no funds with the channel; the same order may be sent again.
    case noFunds
    /// The channel does not take our orders at all (keys, rights): not executed, and a person must act.
    case refusedOperator
    /// Final: nothing was paid and nothing will be.
    case failed
    /// The channel holds the money and needs something from the payee.
    case needsPayeeAction
    /// The money went out and was sent back.
    case returned
    /// A query says that the channel has never seen the number.
    case neverSeen
}

/// A channel's answer in our words, with what it was taken from.
public struct ChannelAnswer: Sendable, Hashable {
    public let verdict: ChannelVerdict
    /// The channel's own word for it (`SUCCESS`, `NOT_ENOUGH`, `http 500`, `timeout`), at most 64 characters.
    public let code: String
    /// The channel's number of the refund.
    public let channelRefundNumber: String?
    /// Where the money went, as the channel words it, for example `招商银行信用卡0403`.
    public let destinationText: String?
    /// When the channel says the refund was done.
    public let settledAt: Moment?
    /// Whether the answer's signature was checked and held; an unsigned one never leads to a final state.
    public let verified: Bool
    /// The amount the channel names, where it names one; another amount than ours is never a success.
    public let amount: Money?

    public init(
        verdict: ChannelVerdict, code: String, channelRefundNumber: String? = nil, destinationText: String? = nil,
        settledAt: Moment? = nil, verified: Bool, amount: Money? = nil
    ) {
        self.verdict = verdict
        self.code = code
        self.channelRefundNumber = channelRefundNumber
        self.destinationText = destinationText
        self.settledAt = settledAt
        self.verified = verified
        self.amount = amount
    }
}
