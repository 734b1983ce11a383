/// The way of money that could not go back to where it came from: the channel goes on with the same refund and pays
/// it to another account, so that it can never be paid twice.
public struct Detour: Sendable, Hashable {
    /// Our number of the refund whose money came back; the channel names it in answers and notices.
    public let refundNumber: String
    /// The channel's number of the same refund.
    public let channelRefundNumber: String
    /// Where the money goes; nil in questions, which need not know it.
    public let destination: PayeeDestination?

    public init(refundNumber: String, channelRefundNumber: String, destination: PayeeDestination?) {
        self.refundNumber = refundNumber
        self.channelRefundNumber = channelRefundNumber
        self.destination = destination
    }
}
