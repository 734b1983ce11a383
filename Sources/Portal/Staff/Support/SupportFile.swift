import RefundDesk
import RefundDomain
import Storage

/// What the support desk sees of a case besides what its merchant sees.
struct SupportFile: Sendable {
    let attempts: [Attempt]
    let postings: [Posted]
    let messages: [Sent]

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

    static func read(_ caseID: String, _ sql: any SQLReading) throws -> SupportFile {
        SupportFile(
            attempts: try sql.rows(CaseFileStatements.attempts, [.text(caseID)]).map { row in
                Attempt(
                    refundNumber: try row.text("refund_number"), number: try row.int("number"),
                    started: try row.moment("started_ms"), ended: try row.momentOrNil("ended_ms"),
                    verdict: try row.textOrNil("verdict"), code: try row.textOrNil("code"))
            },
            postings: try sql.rows(CaseFileStatements.postings, [.text(caseID)]).map { row in
                Posted(
                    kind: try row.text("kind"), at: try row.moment("created_ms"),
                    debit: try row.text("debit_account"), credit: try row.text("credit_account"),
                    amount: try row.money("amount_minor"))
            },
            messages: try sql.rows(CaseFileStatements.messages, [.text(caseID)]).map { row in
                Sent(
                    kind: try row.text("kind"), medium: try row.word("medium"), written: try row.moment("created_ms"),
                    sent: try row.momentOrNil("sent_ms"))
            })
    }
}
