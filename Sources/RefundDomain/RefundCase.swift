/// One request to have part of a payment back: the decision's side of it.
public enum RefundCase {
    /// Where the decision stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case draft
        case submitted
        case inReview = "in_review"
        case infoNeeded = "info_needed"
        case counterOffered = "counter_offered"
        case approved
        case declined
        case withdrawn
        case closed

        /// Whether the case still holds part of the payment's amount for a decision that is to come.
        public var isUndecided: Bool {
            switch self {
            case .submitted, .inReview, .infoNeeded, .counterOffered: true
            case .draft, .approved, .declined, .withdrawn, .closed: false
            }
        }
    }

    /// What somebody can do to a case.
    public enum Command: String, Sendable, Hashable, CaseIterable {
        case begin, submit, take, ask, answer, offer, acceptOffer, refuseOffer, letOfferLapse
        case approve, decline, withdraw, close
    }

    /// One row of the transition table.
    public struct Transition: Sendable, Hashable {
        /// The row's name in `docs/lifecycle.md`, for example `R13`.
        public let id: String
        public let command: Command
        /// Nil stands for a case that does not exist yet.
        public let from: State?
        public let to: State
        public let actors: Set<ActorKind>
    }

    /// Every transition there is; buttons are shown by it and verbs act by it.
    public static let transitions: [Transition] = [
        row("R1", .begin, nil, .draft, [.cardholder]),
        row("R2", .submit, .draft, .submitted, [.cardholder]),
        row("R4", .take, .submitted, .inReview, [.reviewer]),
        row("R6", .ask, .inReview, .infoNeeded, [.reviewer]),
        row("R7", .answer, .infoNeeded, .inReview, [.cardholder]),
        row("R9", .offer, .inReview, .counterOffered, [.reviewer]),
        row("R10", .acceptOffer, .counterOffered, .approved, [.cardholder]),
        row("R11", .refuseOffer, .counterOffered, .inReview, [.cardholder]),
        row("R11", .letOfferLapse, .counterOffered, .inReview, [.system]),
        row("R13", .approve, .inReview, .approved, [.reviewer]),
        row("R16", .decline, .inReview, .declined, [.reviewer]),
        row("R20", .withdraw, .submitted, .withdrawn, [.cardholder]),
        row("R20", .withdraw, .inReview, .withdrawn, [.cardholder]),
        row("R20", .withdraw, .infoNeeded, .withdrawn, [.cardholder]),
        row("R20", .withdraw, .counterOffered, .withdrawn, [.cardholder]),
        row("R20", .withdraw, .approved, .withdrawn, [.cardholder]),
        row("R21", .close, .approved, .closed, [.system]),
    ]

    /// The row by which an actor may use a command now, or nil when there is none.
    ///
    /// A reviewer's ``Command/ask``, ``Command/offer``, ``Command/approve`` and ``Command/decline`` on a submitted case
    /// take it first: look the pair up with ``State/inReview`` after R4.
    public static func transition(_ command: Command, from state: State?, by actor: ActorKind) -> Transition? {
        transitions.first { $0.command == command && $0.from == state && $0.actors.contains(actor) }
    }

    /// What an actor may do to a case in a state, reading a submitted case as taken by the reviewer who acts.
    public static func commands(in state: State, for actor: ActorKind) -> Set<Command> {
        var states: Set<State?> = [state]
        if state == .submitted, actor == .reviewer { states.insert(.inReview) }
        return Set(transitions.filter { states.contains($0.from) && $0.actors.contains(actor) }.map(\.command))
    }

    private static func row(
        _ id: String, _ command: Command, _ from: State?, _ to: State, _ actors: Set<ActorKind>
    ) -> Transition {
        Transition(id: id, command: command, from: from, to: to, actors: actors)
    }
}
