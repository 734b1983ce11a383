public import RefundDomain

extension Manual {
    /// Calls nobody. The portal's batches send what this channel pays and two people say how it ended, so that this
    /// client knows nothing: a question finds out that everything waits for the bank's file.
    public struct Client: ChannelClient {
        /// What it says to every question.
        public static let waiting = ChannelAnswer(
            verdict: .unknown, code: "waits for the bank's file", verified: false)

        /// The one there is: it has no settings to know.
        public init() {}

        /// Never asked for; an order that comes here by mistake is not executed.
        public func refund(_ order: RefundOrder) async -> ChannelAnswer {
            ChannelAnswer(verdict: .notExecuted, code: "only in batches", verified: false)
        }

        /// Knows nothing: the bank's file will say.
        public func query(_ order: RefundOrder) async -> ChannelAnswer { Self.waiting }

        /// Nobody sends notices about it.
        public func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            throw .unsigned
        }

        /// Nothing is ever taken, so that nothing is told.
        public var acknowledgement: ChannelAcknowledgement { .empty }
    }
}
