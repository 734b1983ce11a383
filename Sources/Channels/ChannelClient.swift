public import RefundDomain

/// The wire to one account of one payment channel.
///
/// Nothing here throws on trouble with the channel: time-outs, cut lines, bad signatures and unknown words are
/// verdicts, because each of them decides what may happen to money next.
public protocol ChannelClient: Sendable {
    /// Sends a refund; the same order makes the same bytes each time, apart from the signature's time and nonce and,
    /// on a detour, from what is encrypted anew.
    ///
    /// An order with a ``RefundOrder/detour`` is never sent as an ordinary one: a channel that cannot go on with a
    /// refund refuses it. ``ChannelCapability/payeeBanks`` says beforehand which can.
    func refund(_ order: RefundOrder) async -> ChannelAnswer

    /// Asks what became of a refund, by our own number of it.
    func query(_ order: RefundOrder) async -> ChannelAnswer

    /// Reads a notice that claims to come from the channel.
    ///
    /// - Parameter body: the bytes as they arrived; the signature is over exactly these.
    /// - Throws: ``NoticeFault`` when the notice is not to be believed or not understood; nothing may change then.
    func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice

    /// What the channel is answered with when its notice was taken, so that it does not send it again.
    var acknowledgement: ChannelAcknowledgement { get }

    /// What the channel's answer to a question about a refund that never was says of the account.
    func standing(after answer: ChannelAnswer) -> AccountStanding
}

extension ChannelClient {
    /// Where a channel's words for its own rights are not public: only "never seen" says that it knows us.
    public func standing(after answer: ChannelAnswer) -> AccountStanding {
        answer.verdict == .neverSeen ? .known : answer.verdict == .refusedOperator ? .refused : .unclear
    }
}

/// The answer to a notice.
public struct ChannelAcknowledgement: Sendable, Hashable {
    /// The HTTP status.
    public let status: Int
    /// Nil for an empty body.
    public let contentType: String?
    public let body: String

    /// Status 204 without a body.
    public static let empty = ChannelAcknowledgement(status: 204, contentType: nil, body: "")
}

/// A notice whose signature held, from the channel's account that it was read for.
public struct ChannelNotice: Sendable, Hashable {
    /// The channel's own number of the notice; a repeat carries the same one.
    public let id: String
    /// Our number of the refund that it speaks of.
    public let refundNumber: String
    /// What it says, before it is compared with an order of ours.
    let refund: ReportedRefund
    /// Whether the channel wants to be asked before a notice is believed; then it only says that there is news.
    public let isHint: Bool

    init(id: String, refund: ReportedRefund, isHint: Bool = false) {
        self.id = id
        self.refundNumber = refund.refundNumber
        self.refund = refund
        self.isHint = isHint
    }

    /// What the notice means for the order that it names.
    ///
    /// Another amount, payment or number than ours makes the verdict ``ChannelVerdict/unknown``, with an alert.
    public func answer(to order: RefundOrder) -> ChannelAnswer {
        refund.answer(to: order)
    }
}

/// Why a notice was refused; the refusals are told apart in the log only.
public enum NoticeFault: String, Error, Sendable, CaseIterable {
    /// A signature header is missing or given twice.
    case unsigned = "unsigned"
    /// Signed by another method than the account's.
    case wrongMethod = "wrong signature method"
    /// The signing time is 300 s or more from our clock.
    case stale = "stale"
    /// Signed with a key that the account does not hold, or with a certificate outside its dates.
    case unknownKey = "unknown key"
    /// The signature does not fit; the channel's own probes end here too.
    case badSignature = "bad signature"
    /// Not the JSON that the channel documents, or not to be decrypted.
    case unreadable = "unreadable"
    /// About something else than a refund.
    case notARefund = "not a refund"
    /// About another merchant.
    case wrongMerchant = "wrong merchant"
}

/// What a person must look at although the machine goes on; each is the ``ChannelAnswer/code`` of an answer.
///
/// These are in small letters and a channel's own words are in capitals, so that a channel cannot speak in our name.
public enum ChannelAlert: String, Sendable, CaseIterable {
    case unsigned = "unsigned"
    case stale = "stale"
    case unknownKey = "unknown key"
    case badSignature = "bad signature"
    case unreadable = "unreadable answer"
    case unknownStatus = "unknown status"
    case wrongNumber = "wrong refund number"
    case wrongPayment = "wrong payment"
    case wrongAmount = "wrong amount"
    /// The order cannot be said in the channel's format at all; nothing was sent.
    case incompleteOrder = "incomplete order"
}

extension ChannelAlert {
    /// What a message that is not to be believed is called when it was an answer.
    init(_ fault: NoticeFault) {
        self =
            switch fault {
            case .unsigned, .wrongMethod: .unsigned
            case .stale: .stale
            case .unknownKey: .unknownKey
            case .badSignature: .badSignature
            case .unreadable, .notARefund, .wrongMerchant: .unreadable
            }
    }
}

extension ChannelAnswer {
    /// What a person must look at, or nil when the answer is an ordinary one.
    public var alert: ChannelAlert? { ChannelAlert(rawValue: code) }
}

/// A refund as a channel describes it in an answer or a notice whose signature held.
struct ReportedRefund: Sendable, Hashable {
    let refundNumber: String
    let channelRefundNumber: String?
    let channelTransactionNumber: String?
    let merchantOrderNumber: String?
    /// The channel's word for the state.
    let status: String
    /// What the word means; nil for one that the channel does not document.
    let verdict: ChannelVerdict?
    /// Nil where a notice adds up all refunds of a payment.
    let amount: Money?
    /// What the original payment came to; nil where the channel does not tell it.
    let paymentTotal: Money?
    let destinationText: String?
    let settledAt: Moment?
    /// Whether the channel need not repeat the payment's numbers; what it repeats must be ours all the same.
    var mayOmitPayment = false

    /// The answer, after every figure was held against the order.
    func answer(to order: RefundOrder) -> ChannelAnswer {
        guard sameBytes(refundNumber, order.channelsNumber) else { return doubtful(.wrongNumber) }
        if let detour = order.detour,
            channelRefundNumber.map({ sameBytes($0, detour.channelRefundNumber) }) != true
        {
            return doubtful(.wrongNumber)
        }
        guard isOfPayment(order) else { return doubtful(.wrongPayment) }
        guard (amount ?? order.amount) == order.amount, (paymentTotal ?? order.paymentTotal) == order.paymentTotal
        else {
            return doubtful(.wrongAmount)
        }
        guard let verdict else { return doubtful(.unknownStatus) }
        return ChannelAnswer(
            verdict: verdict, code: status, channelRefundNumber: channelRefundNumber, destinationText: destinationText,
            settledAt: settledAt, verified: true, amount: amount)
    }

    /// Whether it is of the order's payment: no number differs from one that we know, and at least one is the same
    /// where the channel has to repeat them.
    private func isOfPayment(_ order: RefundOrder) -> Bool {
        let pairs = [
            (channelTransactionNumber, order.channelTransactionNumber),
            (merchantOrderNumber, order.merchantOrderNumber),
        ]
        var same = 0
        for case (let told?, let known?) in pairs {
            guard sameBytes(told, known) else { return false }
            same += 1
        }
        return same > 0 || mayOmitPayment
    }

    private func doubtful(_ alert: ChannelAlert) -> ChannelAnswer {
        ChannelAnswer(verdict: .unknown, code: alert.rawValue, verified: true, amount: amount)
    }
}

/// Whether two texts are the same bytes; Swift's `==` also takes differently composed characters as equal.
func sameBytes(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
}
