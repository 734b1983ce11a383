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
    case needsPayee = "needs-payee"
    case confirmed
    case arrived
    case failed
    case returned
    case notPaid = "not-paid"
    case paidOutside = "paid-outside"
    case declined
    case withdrawn
    case expired
    case closed

    /// The label of a case; nothing is called refunded before the bank has said so.
    init(_ state: RefundCase.State, _ movement: Movement.State?) {
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
        case .closed: self = .closed
        case .approved:
            switch movement {
            case .waitingFunds: self = .waitingFunds
            case .accepted, .atBank: self = .atBank
            case .needsPayeeAction: self = .needsPayee
            case .succeeded: self = .confirmed
            case .arrived: self = .arrived
            case .failed: self = .failed
            case .returned, .rerouted: self = .returned
            case .givenBack, .unclaimed: self = .notPaid
            case .givenOutside: self = .paidOutside
            case nil, .planned, .ready, .sending, .unknown, .cancelled: self = .sending
            }
        }
    }

    var tone: Tone {
        switch self {
        case .submitted, .inReview, .awaitingSecond, .appealed: .calm
        case .infoNeeded, .offered, .needsPayee, .returned: .turn
        case .waitingFunds, .sending, .atBank: .moving
        case .confirmed, .arrived, .paidOutside, .closed: .arrived
        case .failed, .notPaid, .declined, .withdrawn, .expired: .stopped
        }
    }

    /// The keys of the words: the label, and the sentence under it.
    static var words: [String] {
        allCases.flatMap { ["cardholder.status.\($0.rawValue)", "cardholder.status.\($0.rawValue).next"] }
    }
}
