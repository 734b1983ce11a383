import RefundDomain
import Web

/// What a case is called for its owner: one label from the decision and the money (`docs/lifecycle.md`).
enum CaseStatus: String, CaseIterable {
    case submitted
    case inReview = "in-review"
    case infoNeeded = "info-needed"
    case offered
    case awaitingSecond = "awaiting-second"
    case appealed
    case waitingFunds = "waiting-funds"
    case sending
    case atBank = "at-bank"
    case late
    case needsPayee = "needs-payee"
    case confirmed
    case arrived
    case failed
    case returned
    case givenBack = "given-back"
    case unclaimed
    case paidOutside = "paid-outside"
    case declined
    case withdrawn
    case expired
    case closed
    case closedOutside = "closed-outside"
    case closedUnpaid = "closed-unpaid"

    /// The label of a case; nothing is called refunded before the bank has said so.
    init(_ state: RefundCase.State, _ money: OwnMoney) {
        switch state {
        case .draft, .submitted: self = .submitted
        case .inReview: self = .inReview
        case .infoNeeded: self = .infoNeeded
        case .counterOffered: self = .offered
        case .awaitingSecond: self = .awaitingSecond
        case .appealed: self = .appealed
        case .declined: self = .declined
        case .withdrawn: self = .withdrawn
        case .expired: self = .expired
        case .closed:
            self = money.confirmed.minor > 0 ? .closed : money.outside.minor > 0 ? .closedOutside : .closedUnpaid
        case .approved: self = CaseStatus(money.leading)
        }
    }

    /// The label of money that was agreed to.
    private init(_ move: OwnCase.MoneyMove?) {
        switch move?.state {
        case .waitingFunds: self = .waitingFunds
        case .accepted, .atBank: self = move?.overdue == nil ? .atBank : .late
        case .needsPayeeAction: self = .needsPayee
        case .succeeded: self = .confirmed
        case .arrived: self = .arrived
        case .failed: self = .failed
        case .returned: self = .returned
        case .givenBack: self = .givenBack
        case .unclaimed: self = .unclaimed
        case .givenOutside: self = .paidOutside
        // Called off or given another way, and nothing in its place yet: that is being made ready.
        case nil, .planned, .ready, .sending, .unknown, .cancelled, .rerouted: self = .sending
        }
    }

    var tone: Tone {
        switch self {
        case .submitted, .inReview, .awaitingSecond, .appealed: .calm
        case .infoNeeded, .offered, .needsPayee, .returned, .late: .turn
        case .waitingFunds, .sending, .atBank: .moving
        case .confirmed, .arrived, .paidOutside, .closed, .closedOutside: .arrived
        case .failed, .givenBack, .unclaimed, .declined, .withdrawn, .expired, .closedUnpaid: .stopped
        }
    }

    /// The keys of the words: the label, and the sentence under it.
    static var words: [String] {
        allCases.flatMap { ["cardholder.status.\($0.rawValue)", "cardholder.status.\($0.rawValue).next"] }
    }
}
