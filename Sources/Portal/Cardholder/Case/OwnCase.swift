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
    /// The bank that issued the card, in the statement's word.
    let issuer: String?
    /// Whether the payment changed currencies on its way to the merchant.
    let isExchanged: Bool
    /// What is kept from the cardholder as a fee of what was agreed to, else offered, else asked for, before a movement
    /// says so.
    let feeQuoted: Money?
    /// What stops the payment's money for now.
    let blocks: [Block]
    /// Until when somebody else can be asked to look again; nil where nothing was decided against the cardholder.
    let appealUntil: Moment?
    /// Until when a question can still be answered after its time was over.
    let lateAnswerUntil: Moment?
    /// Whether the promised date passed and the operator's reviewers took it up.
    let isEscalated: Bool
    let submitted: Moment
    let changed: Moment
    let movements: [MoneyMove]
    let happenings: [Happening]
    let proofs: [Proof]
    /// The question that waits for an answer.
    let question: Question?
    let enquiries: [Enquiry]
    /// When an account was named for money that could not go back.
    let destinationNamed: Moment?

    /// One attempt to send the money.
    struct MoneyMove: Sendable {
        let id: String
        let state: Movement.State
        let gross: Money
        /// What it uses up of what was agreed to: more than the gross amount where a fee is kept.
        let taken: Money
        let planned: Moment
        let sent: Moment?
        let settled: Moment?
        let changed: Moment
        let lastChecked: Moment?
        let nextCheck: Moment?
        /// When the money should be there; nil until the channel has taken the refund on.
        let expected: ArrivalDates?
        let arrived: Moment?
        let returned: Moment?
        /// When it was noticed that the money takes longer than usual.
        let overdue: Moment?
        /// The movement whose place this one took.
        let replaces: String?
        /// The movement whose amount this one puts right.
        let corrects: String?
        /// Our number of it, the channel's and the bank's.
        let refundNumber: String
        let channelRefundNumber: String?
        let bankReference: String?
        /// Whether it goes to an account that the cardholder named.
        let isRerouted: Bool
    }

    /// What the cardholder said about the money, and the answer.
    struct Enquiry: Sendable {
        let kind: EnquiryKind
        let expected: Money?
        let opened: Moment
        let answered: Moment?
        /// Written for the cardholder; nil while nobody has, and when it settled itself.
        let answer: String?
    }

    /// One file, by what it is and never by what it shows.
    struct Proof: Sendable {
        let id: String
        let kind: ProofKind
        let mediaType: String
        let bytes: Int64
        let uploaded: Moment
        let standing: ProofStanding
        /// What the merchant made of it; nil while nobody has said.
        let verdict: ProofVerdict?
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

    /// Where its money stands.
    var money: OwnMoney { OwnMoney(movements, in: asked.currency) }

    /// Whether a complaint of a kind waits for an answer.
    func isOpen(_ kind: EnquiryKind) -> Bool {
        enquiries.contains { $0.kind == kind && $0.answered == nil }
    }

    /// Whether somebody else can be asked to look at the decision again; until when, the verb says.
    var canBeAppealed: Bool {
        guard RefundCase.transition(.appeal, from: state, by: .cardholder) != nil, appealUntil != nil else {
            return false
        }
        return state == .declined || approved.map { $0 < asked } ?? false
    }

    /// Whether money waits for an account that the cardholder names.
    var needsDestination: Bool {
        state == .approved && movements.contains { $0.state == .returned || $0.state == .needsPayeeAction }
    }

    /// Whether the request can still be stopped: nothing was sent.
    var canBeWithdrawn: Bool {
        RefundCase.transition(.withdraw, from: state, by: .cardholder) != nil
            && movements.allSatisfy { $0.state.isBeforeSending || $0.state == .cancelled }
    }
}
