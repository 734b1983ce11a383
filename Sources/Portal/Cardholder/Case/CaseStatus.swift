import RefundDomain
import Web

/// What a case is called for its owner: one label from the decision and the money (`docs/lifecycle.md`).
enum CaseStatus: String, CaseIterable {
    case submitted
    case inReview = "in-review"
    case infoNeeded = "info-needed"
    case offered
    case waitingFunds = "waiting-funds"
    case sending
    case atBank = "at-bank"
    case needsPayee = "needs-payee"
    case confirmed
    case failed
    case declined
    case withdrawn
    case closed

    /// The label of a case; nothing is called refunded before the bank has said so.
    init(_ state: RefundCase.State, _ movement: Movement.State?) {
        switch state {
        case .draft, .submitted: self = .submitted
        case .inReview: self = .inReview
        case .infoNeeded: self = .infoNeeded
        case .counterOffered: self = .offered
        case .declined: self = .declined
        case .withdrawn: self = .withdrawn
        case .closed: self = .closed
        case .approved:
            switch movement {
            case .waitingFunds: self = .waitingFunds
            case .accepted, .atBank: self = .atBank
            case .needsPayeeAction: self = .needsPayee
            case .succeeded: self = .confirmed
            case .failed: self = .failed
            case nil, .planned, .ready, .sending, .unknown, .cancelled: self = .sending
            }
        }
    }

    var tone: Tone {
        switch self {
        case .submitted, .inReview: .calm
        case .infoNeeded, .offered, .needsPayee: .turn
        case .waitingFunds, .sending, .atBank: .moving
        case .confirmed, .closed: .arrived
        case .failed, .declined, .withdrawn: .stopped
        }
    }

    /// The keys of the words: the label, and the sentence under it.
    static var words: [String] {
        allCases.flatMap { ["cardholder.status.\($0.rawValue)", "cardholder.status.\($0.rawValue).next"] }
    }
}
