/// One request to have part of a payment back: the decision's side of it.
public enum RefundCase {
    /// Where the decision stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case draft
        case submitted
        case inReview = "in_review"
        case infoNeeded = "info_needed"
        case counterOffered = "counter_offered"
        case awaitingSecond = "awaiting_second"
        case approved
        case declined
        case appealed
        case withdrawn
        case expired
        case closed

        /// Whether the case still holds part of the payment's amount for a decision that is to come.
        public var isUndecided: Bool {
            switch self {
            case .submitted, .inReview, .infoNeeded, .counterOffered, .awaitingSecond, .appealed: true
            case .draft, .approved, .declined, .withdrawn, .expired, .closed: false
            }
        }
    }

    /// What somebody can do to a case.
    public enum Command: String, Sendable, Hashable, CaseIterable {
        case begin, submit, letDraftExpire, take, approveByRule
        case ask, answer, answerLate, letQuestionExpire
        case offer, acceptOffer, acceptOfferForSecond, refuseOffer, letOfferLapse
        case approve, approveFirst, approveSecond, sendBack, decline, undo
        case appeal, routeAppeal, withdraw, close, closeEnded, reopen, revive
    }

    /// One row of the transition table.
    public struct Transition: Sendable, Hashable {
        /// The row's name in `docs/lifecycle-table.md`, for example `R13`.
        public let id: String
        public let command: Command
        /// Nil stands for a case that does not exist yet.
        public let from: State?
        public let to: State
        public let actors: Set<ActorKind>
        /// What has to hold; the verb asks each, and pages hide a button whose guard they can see fail.
        public let guards: [TransitionGuard]
        /// The postings that the verb may make; others would be wrong.
        public let posts: [Posting.Kind]
        /// Who is told.
        public let tells: [Addressee]
    }

    /// The row by which an actor may use a command now, or nil when there is none.
    ///
    /// A reviewer's ``Command/ask``, ``Command/offer``, ``Command/approve`` and ``Command/decline`` on a submitted or
    /// appealed case take it first: look the pair up with ``State/inReview`` after R4 or R19.
    public static func transition(_ command: Command, from state: State?, by actor: ActorKind) -> Transition? {
        transitions.first { $0.command == command && $0.from == state && $0.actors.contains(actor) }
    }

    /// The row by which somebody of several kinds may use a command now, or nil when there is none.
    public static func transition(_ command: Command, from state: State?, by kinds: Set<ActorKind>) -> Transition? {
        transitions.first { $0.command == command && $0.from == state && !$0.actors.isDisjoint(with: kinds) }
    }

    /// What an actor may do to a case in a state, reading a case that waits for somebody to take it as taken by the
    /// reviewer who acts.
    public static func commands(in state: State, for actor: ActorKind) -> Set<Command> {
        var states: Set<State?> = [state]
        if state == .submitted || state == .appealed, actor == .reviewer { states.insert(.inReview) }
        return Set(transitions.filter { states.contains($0.from) && $0.actors.contains(actor) }.map(\.command))
    }
}
