import RefundDesk
import RefundDomain
import Storage

/// What the support desk sees of a case besides what its merchant sees.
struct SupportFile: Sendable {
    let attempts: [Attempt]
    let postings: [Posted]
    let messages: [Sent]
    let enquiries: [Enquiry]
    /// The newest first; at most one is open.
    let proposals: [Proposal]
    let destinations: [Destination]

    var openProposal: Proposal? { proposals.first(where: \.isOpen) }

    /// One try to send, as it was written down before and after the call.
    struct Attempt: Sendable {
        let refundNumber: String
        let number: Int64
        let started: Moment
        let ended: Moment?
        let verdict: String?
        let code: String?
    }

    /// One line of the books.
    struct Posted: Sendable {
        let kind: String
        let at: Moment
        let debit: String
        let credit: String
        let amount: Money
    }

    /// That a message was written; never what was in it.
    struct Sent: Sendable {
        let kind: String
        let medium: MessageMedium
        let written: Moment
        let sent: Moment?
    }

    /// What the cardholder complains about.
    struct Enquiry: Sendable {
        let id: String
        let kind: EnquiryKind
        let expected: Money?
        let details: String?
        let answer: String?
        let opened: Moment
        let answeredBy: String?
        let answered: Moment?
    }

    /// Something that one person proposed and another decides.
    struct Proposal: Sendable {
        let id: String
        let action: JointAction
        let movementID: String?
        let facts: [String: String]
        let evidence: String
        let state: String
        let byID: String
        let by: String?
        let role: Role?
        let at: Moment
        let decidedBy: String?
        let decidedAt: Moment?

        var isOpen: Bool { state == "open" }
        var isGoodwill: Bool { facts["goodwill"] == "yes" }
        var destinationID: String? { facts["destination_id"] }
        var returnCode: String? { facts["return_code"] }
        var returnedOn: Day? { facts["returned_on"].flatMap { Day(iso: $0) } }

        /// What a correction changes.
        func amount(in currency: Currency) -> Money? {
            facts["amount_minor"].flatMap { Int64($0) }.flatMap { Money(minor: $0, currency: currency) }
        }
    }

    /// An account that the cardholder named; only its last four digits are shown.
    struct Destination: Sendable {
        let id: String
        let last4: String
        let named: Moment
    }

    static func read(_ file: CaseFile, _ seals: Seals, _ sql: any SQLReading) throws -> SupportFile {
        var query = SupportFileQuery(file, seals, sql)
        return SupportFile(
            attempts: try query.attempts(), postings: try query.postings(), messages: try query.messages(),
            enquiries: try query.enquiries(), proposals: try query.proposals(),
            destinations: try query.destinations())
    }
}
