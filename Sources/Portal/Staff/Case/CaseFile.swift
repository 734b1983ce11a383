import RefundDesk
import RefundDomain

/// Everything that staff see of a case, read in one moment.
struct CaseFile: Sendable {
    let id: String
    let number: CaseNumber
    let version: Int64
    let state: RefundCase.State
    let merchant: Merchant
    let request: Asked
    let contact: MaskedContact
    let payment: Payment
    let decision: Decision?
    let process: Process
    /// What stops approvals and sending, oldest first.
    let blocks: [BlockLine]
    let assigneeID: String?
    let assignee: String?
    let due: WorkingDays.Counted
    let hold: Hold?
    let movements: [MovementLine]
    let proofs: [ProofLine]
    let questions: [Question]
    let notes: [NoteLine]
    let events: [EventLine]
    /// Those of the staff who made the request, and so may not decide it.
    let makers: Set<String>
    /// Other cases of the same payment, newest first.
    let siblings: [Sibling]

    struct Merchant: Sendable {
        let id: String
        let name: String
        let nameEnglish: String?
        let zone: Zone
    }

    /// What the cardholder says.
    struct Asked: Sendable {
        let amount: Money
        let offered: Money?
        let offerUntil: Moment?
        let approved: Money?
        let reason: RequestReason?
        let details: String?
        /// How the payment was found: `slip`, `wallet` or `card`.
        let lookUp: String
        let language: String
        let submitted: Moment
    }

    /// What our books say.
    struct Payment: Sendable {
        let id: String
        let channel: Channel?
        let amount: Money
        let fee: Money
        let feeGivenBack: Money
        let refundedElsewhere: Money
        let refunded: Money
        let open: Money
        let paidAt: Moment
        let card: Card
        let numbers: Numbers
        let settledOn: Day?
        let isVoided: Bool
        /// Refunds that went past this portal.
        let refundedElsewhereCount: Int64
        let paidOn: Day
        /// What refunds of it can do; nil where this portal has no client of the channel.
        let able: RefundAbilities?
    }

    /// How far the decision is, and until when something can be done about it.
    struct Process: Sendable {
        let firstByID: String?
        let firstBy: String?
        let firstAt: Moment?
        /// What the first of two approvers agreed to.
        let proposed: Money?
        let decidedByID: String?
        let undoUntil: Moment?
        let appealUntil: Moment?
        let appealed: Moment?
        let escalated: Moment?
    }

    /// What lies over the payment and is not lifted.
    struct BlockLine: Sendable {
        let id: String
        let kind: Block?
        let reference: String
        let amount: Money
        let openedBy: String?
        let opened: Moment
    }

    /// The card as staff may see it: its last four digits.
    struct Card: Sendable {
        let last4: String?
        let kind: String?
        let issuer: String?
    }

    /// The numbers on the slip and in the wallet.
    struct Numbers: Sendable {
        let terminal: String?
        let batch: String?
        let trace: String?
        let reference: String?
        let authorisation: String?
        let transaction: String?
        let order: String?
    }

    struct Decision: Sendable {
        let by: String?
        let at: Moment
        let declineReason: DeclineReason?
        let offerReason: DeclineReason?
        let remedy: Remedy?
        let explanation: String?
    }

    struct Hold: Sendable {
        let cost: Money
        let held: Money
    }

    struct MovementLine: Sendable {
        let id: String
        let state: Movement.State
        let gross: Money
        /// Its frozen figures: fees, who bears them, rates.
        let quote: RefundQuote
        let isFromReturned: Bool
        /// Whether it calls the payment off instead of paying it back.
        let isVoid: Bool
        let replacesID: String?
        let correctsID: String?
        let overdue: Moment?
        let returnCode: String?
        let bankReference: String?
        let refundNumber: String
        let channelNumber: String?
        let destination: String?
        let code: String?
        let attempts: Int64
        let queries: Int64
        let sent: Moment?
        let settled: Moment?
        let lastChecked: Moment?
        let nextCheck: Moment?
        let expected: ArrivalDates?
        let changed: Moment
    }

    struct ProofLine: Sendable {
        let id: String
        let kind: ProofKind
        let mediaType: String
        let bytes: Int64
        let uploadedBy: String
        let uploaded: Moment
        let verdict: ProofVerdict?
        let verdictBy: String?
        let standing: ProofStanding
        /// Whether a virus scanner looked at it.
        let isScanned: Bool
        /// What the scanner said of a file that did not pass.
        let scanWord: String?
        let matches: [ProofMatch]
    }

    /// Another request, for another payment, with the same file or one that looks like it.
    struct ProofMatch: Sendable, Hashable {
        /// Whether it is the same file, byte by byte.
        let isSame: Bool
        let number: String
    }

    struct Question: Sendable {
        let items: [ProofKind]
        let text: String
        let answer: String?
        let due: Day
        let asked: Moment
        let answered: Moment?
    }

    struct NoteLine: Sendable {
        let text: String
        let visibility: Visibility
        let who: String
        let role: Role?
        let at: Moment
    }

    struct EventLine: Sendable {
        let number: Int64
        let at: Moment
        let actor: ActorKind
        let actorID: String?
        let who: String?
        let role: Role?
        let what: String
        let transition: String?
        let version: Int64?
        let facts: [String: String]
        let visibility: Visibility
        let text: String?
    }

    struct Sibling: Sendable {
        let number: String
        let state: RefundCase.State
        let asked: Money
        let approved: Money?
        let submitted: Moment
    }
}

/// A contact as staff see it: enough to recognise it with a caller, not enough to use it elsewhere.
struct MaskedContact: Sendable, Hashable {
    let name: String?
    let email: String?
    let phone: String?

    /// - Parameters: the contact in clear.
    init(name: String?, email: String?, phone: String?) {
        self.name = name
        self.email = email.map(MaskedContact.email)
        self.phone = phone.map(MaskedContact.phone)
    }

    /// Where messages go, by telephone or by e-mail.
    var all: [String] { [email, phone].compactMap(\.self) }

    /// `l***@example.com`.
    private static func email(_ text: String) -> String {
        let domain = text.drop { $0 != "@" }
        return "\(text.prefix(1))***\(domain)"
    }

    /// `+86 138****0000`: the last four digits and where the number belongs.
    private static func phone(_ text: String) -> String {
        guard text.count > 8 else { return "****\(text.suffix(2))" }
        return "\(text.prefix(6))****\(text.suffix(4))"
    }
}
