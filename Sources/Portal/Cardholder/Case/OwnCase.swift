import RefundDesk
import RefundDomain

/// A case as its owner's pages need it; nothing here says who the owner is.
struct OwnCase: Sendable {
    let number: CaseNumber
    let state: RefundCase.State
    let version: Int64
    let merchantName: String
    let merchantNameEnglish: String?
    let zone: String
    let paid: Money
    let asked: Money
    let offered: Money?
    let approved: Money?
    let dueOn: WorkingDays.Counted?
    let offerUntil: Moment?
    let declineReason: DeclineReason?
    let remedy: Remedy?
    /// The merchant's words for a decline or an offer.
    let explanation: String?
    let channel: Channel?
    let submitted: Moment
    let changed: Moment
    let movements: [MoneyMove]
    let happenings: [Happening]
    let proofs: [Proof]
    /// The question that waits for an answer.
    let question: Question?

    /// One attempt to send the money.
    struct MoneyMove: Sendable {
        let state: Movement.State
        let gross: Money
        let planned: Moment
        let sent: Moment?
        let settled: Moment?
        let changed: Moment
        let lastChecked: Moment?
        let nextCheck: Moment?
        /// When the money should be there; nil until the channel has taken the refund on.
        let expected: ArrivalDates?
    }

    /// One file, by what it is and never by what it shows.
    struct Proof: Sendable {
        let id: String
        let kind: ProofKind
        let mediaType: String
        let bytes: Int64
        let uploaded: Moment
    }

    /// One public entry of the record.
    struct Happening: Sendable {
        let at: Moment
        /// The version of the case after it; nil for entries that belong to no version.
        let version: Int64?
        /// `case.submitted`, `offer.refused`, …
        let what: String
        let facts: [String: String]
        /// What a member of staff wrote for the cardholder.
        let text: String?
    }

    /// What the merchant wants to know.
    struct Question: Sendable {
        let id: String
        let text: String
        let items: [ProofKind]
        let due: Day?
    }

    /// The movement that decides what the page says; the newest one that was not called off.
    var movement: MoneyMove? {
        movements.last { $0.state != .cancelled } ?? movements.last
    }

    /// What the bank has confirmed.
    var confirmed: Money {
        movements.filter { $0.state == .succeeded }.reduce(.zero(asked.currency)) { $0.adding($1.gross) ?? $0 }
    }

    /// Whether the request can still be stopped: nothing was sent.
    var canBeWithdrawn: Bool {
        RefundCase.transition(.withdraw, from: state, by: .cardholder) != nil
            && movements.allSatisfy { $0.state.isBeforeSending || $0.state == .cancelled }
    }
}
