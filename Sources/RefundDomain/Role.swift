/// What a member of staff may do; powers are in `docs/lifecycle.md`.
public enum Role: String, Sendable, Hashable, CaseIterable {
    case clerk
    case reviewer
    case approver
    case merchantAdmin = "merchant-admin"
    case support
    case finance
    case operatorReviewer = "operator-reviewer"
    case operatorAdmin = "operator-admin"

    /// Whether people of this role belong to one merchant; the others serve the operator and see every merchant.
    public var isOfMerchant: Bool {
        switch self {
        case .clerk, .reviewer, .approver, .merchantAdmin: true
        case .support, .finance, .operatorReviewer, .operatorAdmin: false
        }
    }

    /// Whether this role may take, ask, offer, approve or decline.
    public var mayDecide: Bool {
        switch self {
        case .reviewer, .approver, .operatorReviewer: true
        case .clerk, .merchantAdmin, .support, .finance, .operatorAdmin: false
        }
    }

    /// Whether this role may propose and confirm policies: of its own merchant, or of every merchant for finance.
    public var keepsPolicies: Bool {
        switch self {
        case .merchantAdmin, .finance: true
        case .clerk, .reviewer, .approver, .support, .operatorReviewer, .operatorAdmin: false
        }
    }

    /// Whether a row of the transition table is for somebody of this role.
    ///
    /// A clerk only types in, uploads and answers at the counter; finance decides nothing but second approvals.
    public func may(_ command: RefundCase.Command) -> Bool {
        let hasRow = RefundCase.transitions.contains { row in
            row.command == command && !row.actors.isDisjoint(with: kinds)
        }
        switch self {
        case .clerk: return [.begin, .submit, .answer, .answerLate].contains(command)
        case .finance: return hasRow && command != .decline
        case .reviewer, .approver, .merchantAdmin, .support, .operatorReviewer, .operatorAdmin: return hasRow
        }
    }

    /// Whether this role may read every merchant's cases at the support desk.
    public var seesSupportDesk: Bool {
        switch self {
        case .support, .finance, .operatorReviewer: true
        case .clerk, .reviewer, .approver, .merchantAdmin, .operatorAdmin: false
        }
    }
}

extension Role {
    /// The kinds of actor that somebody of this role can be; pages and verbs look rows up by each of them.
    ///
    /// A clerk types in for a customer at the counter and decides nothing; the two admins keep people, policies and
    /// channels and touch no case.
    public var kinds: Set<ActorKind> {
        switch self {
        case .clerk: [.agent]
        case .reviewer: [.reviewer]
        case .approver, .operatorReviewer: [.reviewer, .approver]
        case .support: [.agent]
        case .finance: [.approver, .finance]
        case .merchantAdmin, .operatorAdmin: []
        }
    }
}

/// Who did something.
public enum Actor: Sendable, Hashable {
    case cardholder
    case staff(id: String, role: Role)
    /// A clock or a rule of this portal.
    case system
    /// The payment channel, by an answer, a query or a notice.
    case channel

    /// The word kept in the event table.
    public var kind: ActorKind {
        switch self {
        case .cardholder: .cardholder
        case .system: .system
        case .channel: .channel
        case .staff(_, let role): role.mayDecide ? .reviewer : .agent
        }
    }
}

/// The kinds of actor that the transition tables name.
public enum ActorKind: String, Sendable, Hashable, CaseIterable {
    /// The person who paid (CH).
    case cardholder
    /// Support, acting for the person and never as the person (AG).
    case agent
    /// A reviewer, approver or operator reviewer who makes the first decision (MR, BR).
    case reviewer
    /// An approver, operator reviewer or finance who gives the second approval (A2).
    case approver
    /// The operator's finance desk (FIN).
    case finance
    /// A clock or a rule (SYS).
    case system
    /// The payment channel.
    case channel
}
