/// One refund as a channel is told of it; the same order is sent again, byte for byte, when a retry is safe.
public struct RefundOrder: Sendable, Hashable {
    /// Our number for this refund, made once and used for ever; digits, letters, `_-|*@`, at most 64 bytes.
    public let refundNumber: String
    /// When it was first sent; the same for every retry and query, since some channels make it part of the number.
    public let firstSentAt: Moment
    /// What the channel is asked to do.
    public let purpose: Purpose
    /// The channel's own number of the original payment, where it is known.
    public let channelTransactionNumber: String?
    /// The merchant's order number of the original payment, where it is known.
    public let merchantOrderNumber: String?
    /// When the original payment was made.
    public let paidAt: Moment
    /// The day of it in the merchant's zone, as the slip has it; nil in an order that no slip is behind.
    public let paidOn: Day?
    /// The merchant's number that it was made under (商户号), where the statement named it.
    public let merchantNumber: String?
    /// The original payment as its slip names it.
    public let slip: SlipNumbers
    /// The card that paid, as far as it is kept.
    public let card: StatementCard
    public let amount: Money
    /// What the original payment came to; channels check it.
    public let paymentTotal: Money
    /// Why, as the payer may see it; may be cut to the channel's length.
    public let reason: String?
    /// Where the channel shall send its notice.
    public let noticeAddress: String?
    /// Set when the money came back once and now goes to another account.
    public let detour: Detour?

    /// What a channel is asked to do with a payment.
    public enum Purpose: String, Sendable, Hashable, CaseIterable {
        /// Pay part or all of it back (退货).
        case refund
        /// Call all of it off before it is settled (撤销).
        case void
    }

    public init(
        refundNumber: String, firstSentAt: Moment, purpose: Purpose = .refund, channelTransactionNumber: String?,
        merchantOrderNumber: String?, paidAt: Moment, paidOn: Day? = nil, merchantNumber: String? = nil,
        slip: SlipNumbers = SlipNumbers(), card: StatementCard = StatementCard(), amount: Money, paymentTotal: Money,
        reason: String?, noticeAddress: String?, detour: Detour? = nil
    ) {
        self.refundNumber = refundNumber
        self.firstSentAt = firstSentAt
        self.purpose = purpose
        self.channelTransactionNumber = channelTransactionNumber
        self.merchantOrderNumber = merchantOrderNumber
        self.paidAt = paidAt
        self.paidOn = paidOn
        self.merchantNumber = merchantNumber
        self.slip = slip
        self.card = card
        self.amount = amount
        self.paymentTotal = paymentTotal
        self.reason = reason
        self.noticeAddress = noticeAddress
        self.detour = detour
    }

    /// The number by which the channel knows the refund: on a detour it goes on with the one that came back.
    public var channelsNumber: String { detour?.refundNumber ?? refundNumber }
}
