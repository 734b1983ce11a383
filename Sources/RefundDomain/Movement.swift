/// One attempt to send a fixed amount back by a fixed route: the money's side of a case.
public enum Movement {
    /// Where the money is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case planned
        case waitingFunds = "waiting_funds"
        case ready
        case sending
        case unknown
        case accepted
        case atBank = "at_bank"
        case needsPayeeAction = "needs_payee_action"
        case succeeded
        case arrived
        case failed
        case returned
        case rerouted
        case givenBack = "given_back"
        case givenOutside = "given_outside"
        case unclaimed
        case cancelled

        /// Whether nothing was sent, so that the movement can still be called off.
        public var isBeforeSending: Bool {
            switch self {
            case .planned, .waitingFunds, .ready: true
            case .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .succeeded, .arrived, .failed, .returned,
                .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled:
                false
            }
        }

        /// Whether the channel has, or may have, the order, so that only the channel can tell how it ends.
        public var isWithChannel: Bool {
            switch self {
            case .sending, .unknown, .accepted, .atBank, .needsPayeeAction: true
            case .planned, .waitingFunds, .ready, .succeeded, .arrived, .failed, .returned, .rerouted, .givenBack,
                .givenOutside, .unclaimed, .cancelled:
                false
            }
        }

        /// Whether the channel has said that the money went out; it may still come back.
        public var isPaid: Bool {
            switch self {
            case .succeeded, .arrived: true
            case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .failed,
                .returned, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled:
                false
            }
        }

        /// Whether nothing happens to it any more by itself. A success ends when its case closes; a failed one when
        /// another movement took its place, it was paid outside, or its case closed.
        public var isFinal: Bool {
            switch self {
            case .arrived, .succeeded, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled: true
            case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .failed,
                .returned:
                false
            }
        }
    }

    /// What can happen to a movement.
    public enum Happening: String, Sendable, Hashable, CaseIterable {
        case plan, cover, fallShort, fundsArrive, cancel, take
        case accept, succeed, fail, loseTrack, handToBank, needPayee
        case refuseForFunds, refuseUnexecuted, proveUnsent
        case resend, giveUp, arrive, comeBack, reroute, giveBack, leaveUnclaimed, replace, correct, payOutside
    }

    /// Who sets something in motion.
    public enum Trigger: String, Sendable, Hashable, CaseIterable {
        /// A verb or a clock of this portal.
        case system
        /// The channel's signed word: an answer, a query, a notice or its file.
        case channel
        case cardholder
        /// One person of the staff.
        case staff
        /// Two people; see ``JointAction``.
        case twoPeople = "two people"
    }

    /// One row of the transition table.
    public struct Transition: Sendable, Hashable {
        /// The row's name in `docs/lifecycle.md`, for example `M10`.
        public let id: String
        public let happening: Happening
        /// Nil stands for a movement that does not exist yet.
        public let from: State?
        public let to: State
        public let triggers: Set<Trigger>
        /// The postings that belong to it; a verb makes no others.
        public let posts: [Posting.Kind]
        public let tells: [Addressee]
    }

    /// The row for something that happens in a state, or nil when it cannot happen there.
    public static func transition(_ happening: Happening, from state: State?) -> Transition? {
        transitions.first { $0.happening == happening && $0.from == state }
    }

    /// What a channel's verdict makes of a movement in a state, or nil when the verdict changes nothing there.
    ///
    /// - Parameter replayMayPayTwice: true when the channel does not promise that one number pays once.
    /// - Parameter visible: true when the last sending lies further back than the channel's visibility delay.
    public static func happening(
        for verdict: ChannelVerdict, in state: State, replayMayPayTwice: Bool, visible: Bool
    ) -> Happening? {
        switch verdict {
        case .succeeded: state.isWithChannel ? .succeed : nil
        case .failed: state.isWithChannel ? .fail : nil
        case .needsPayeeAction: transition(.needPayee, from: state) == nil ? nil : .needPayee
        case .accepted: transition(.accept, from: state) == nil ? nil : .accept
        case .returned: transition(.comeBack, from: state) == nil ? nil : .comeBack
        case .unknown: state == .sending ? .loseTrack : nil
        case .notExecuted, .refusedOperator: state == .sending ? .refuseUnexecuted : nil
        case .noFunds: state == .sending ? .refuseForFunds : nil
        case .neverSeen:
            switch state {
            case .sending: .loseTrack
            case .unknown: visible && !replayMayPayTwice ? .proveUnsent : nil
            case .planned, .waitingFunds, .ready, .accepted, .atBank, .needsPayeeAction, .succeeded, .arrived,
                .failed, .returned, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled:
                nil
            }
        }
    }
}
