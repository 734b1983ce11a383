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
        case failed
        case cancelled

        /// Whether nothing was sent, so that the movement can still be called off.
        public var isBeforeSending: Bool {
            switch self {
            case .planned, .waitingFunds, .ready: true
            case .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .succeeded, .failed, .cancelled: false
            }
        }

        /// Whether the channel has, or may have, the order, so that only the channel can tell how it ends.
        public var isWithChannel: Bool {
            switch self {
            case .sending, .unknown, .accepted, .atBank, .needsPayeeAction: true
            case .planned, .waitingFunds, .ready, .succeeded, .failed, .cancelled: false
            }
        }
    }

    /// What can happen to a movement.
    public enum Happening: String, Sendable, Hashable, CaseIterable {
        case plan, cover, fallShort, fundsArrive, cancel, take
        case accept, succeed, fail, loseTrack, handToBank, needPayee
        case refuseForFunds, refuseUnexecuted, proveUnsent
    }

    /// One row of the transition table.
    public struct Transition: Sendable, Hashable {
        /// The row's name in `docs/lifecycle.md`, for example `M10`.
        public let id: String
        public let happening: Happening
        /// Nil stands for a movement that does not exist yet.
        public let from: State?
        public let to: State
    }

    /// Every transition there is.
    public static let transitions: [Transition] = [
        row("M1", .plan, nil, .planned),
        row("M2", .cover, .planned, .ready),
        row("M3", .fallShort, .planned, .waitingFunds),
        row("M4", .fundsArrive, .waitingFunds, .ready),
        row("M5", .cancel, .planned, .cancelled),
        row("M5", .cancel, .waitingFunds, .cancelled),
        row("M5", .cancel, .ready, .cancelled),
        row("M6", .take, .ready, .sending),
        row("M7", .accept, .sending, .accepted),
        row("M8", .succeed, .sending, .succeeded),
        row("M9", .fail, .sending, .failed),
        row("M10", .loseTrack, .sending, .unknown),
        row("M11", .accept, .unknown, .accepted),
        row("M11", .succeed, .unknown, .succeeded),
        row("M11", .fail, .unknown, .failed),
        row("M11", .needPayee, .unknown, .needsPayeeAction),
        row("M13", .handToBank, .accepted, .atBank),
        row("M14", .succeed, .accepted, .succeeded),
        row("M14", .succeed, .atBank, .succeeded),
        row("M14", .succeed, .needsPayeeAction, .succeeded),
        row("M15", .fail, .accepted, .failed),
        row("M15", .fail, .atBank, .failed),
        row("M16", .needPayee, .accepted, .needsPayeeAction),
        row("M16", .needPayee, .atBank, .needsPayeeAction),
        row("M16", .needPayee, .sending, .needsPayeeAction),
        row("M17", .accept, .needsPayeeAction, .accepted),
        row("M17", .fail, .needsPayeeAction, .failed),
        row("M26", .refuseForFunds, .sending, .waitingFunds),
        row("M27", .refuseUnexecuted, .sending, .ready),
        row("M28", .proveUnsent, .unknown, .ready),
    ]

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
        case .unknown: state == .sending ? .loseTrack : nil
        case .notExecuted, .refusedOperator: state == .sending ? .refuseUnexecuted : nil
        case .noFunds: state == .sending ? .refuseForFunds : nil
        case .neverSeen:
            switch state {
            case .sending: .loseTrack
            case .unknown: visible && !replayMayPayTwice ? .proveUnsent : nil
            case .planned, .waitingFunds, .ready, .accepted, .atBank, .needsPayeeAction, .succeeded, .failed,
                .cancelled:
                nil
            }
        }
    }

    private static func row(_ id: String, _ happening: Happening, _ from: State?, _ to: State) -> Transition {
        Transition(id: id, happening: happening, from: from, to: to)
    }
}
