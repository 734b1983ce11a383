import RefundDesk
import RefundDomain
import Storage

/// Reads what only the support desk sees of a case; sealed words are opened on the way.
struct SupportFileQuery {
    private let file: CaseFile
    private let seals: Seals
    private let sql: any SQLReading
    private var names: StaffNames

    init(_ file: CaseFile, _ seals: Seals, _ sql: any SQLReading) {
        self.file = file
        self.seals = seals
        self.sql = sql
        names = StaffNames(seals, sql)
    }

    func attempts() throws -> [SupportFile.Attempt] {
        try sql.rows(CaseFileStatements.attempts, [.text(file.id)]).map { row in
            SupportFile.Attempt(
                refundNumber: try row.text("refund_number"), number: try row.int("number"),
                started: try row.moment("started_ms"), ended: try row.momentOrNil("ended_ms"),
                verdict: try row.textOrNil("verdict"), code: try row.textOrNil("code"))
        }
    }

    func postings() throws -> [SupportFile.Posted] {
        try sql.rows(CaseFileStatements.postings, [.text(file.id)]).map { row in
            SupportFile.Posted(
                kind: try row.text("kind"), at: try row.moment("created_ms"),
                debit: try row.text("debit_account"), credit: try row.text("credit_account"),
                amount: try row.money("amount_minor"))
        }
    }

    func messages() throws -> [SupportFile.Sent] {
        try sql.rows(CaseFileStatements.messages, [.text(file.id)]).map { row in
            SupportFile.Sent(
                kind: try row.text("kind"), medium: try row.word("medium"), written: try row.moment("created_ms"),
                sent: try row.momentOrNil("sent_ms"))
        }
    }

    mutating func enquiries() throws -> [SupportFile.Enquiry] {
        var enquiries: [SupportFile.Enquiry] = []
        for row in try sql.rows(SupportFileStatements.enquiries, [.text(file.id)]) {
            let id = try row.text("id")
            enquiries.append(
                SupportFile.Enquiry(
                    id: id, kind: try row.word("kind"),
                    expected: try row.moneyOrNil("expected_minor", in: file.request.amount.currency),
                    details: try opened("enquiry", "details_sealed", id, row),
                    answer: try opened("enquiry", "answer_sealed", id, row), opened: try row.moment("opened_ms"),
                    answeredBy: try names.short(try row.textOrNil("answered_by")),
                    answered: try row.momentOrNil("answered_ms")))
        }
        return enquiries
    }

    mutating func proposals() throws -> [SupportFile.Proposal] {
        var proposals: [SupportFile.Proposal] = []
        for row in try sql.rows(SupportFileStatements.proposals, [.text(file.id)]) {
            let id = try row.text("id")
            let byID = try row.text("proposed_by")
            proposals.append(
                SupportFile.Proposal(
                    id: id, action: try row.word("action"), movementID: try row.textOrNil("movement_id"),
                    facts: eventFacts(try row.text("facts")),
                    evidence: try opened("joint_proposal", "evidence_sealed", id, row) ?? "",
                    state: try row.text("state"), byID: byID, by: try names.short(byID),
                    role: try row.wordOrNil("proposer_role"), at: try row.moment("proposed_ms"),
                    decidedBy: try names.short(try row.textOrNil("decided_by")),
                    decidedAt: try row.momentOrNil("decided_ms")))
        }
        return proposals
    }

    func destinations() throws -> [SupportFile.Destination] {
        try sql.rows(SupportFileStatements.destinations, [.text(file.id)]).map { row in
            SupportFile.Destination(
                id: try row.text("id"), last4: try row.text("account_last4"), named: try row.moment("created_ms"))
        }
    }

    private func opened(_ table: String, _ column: String, _ id: String, _ row: SQLRow) throws -> String? {
        let place = SealPlace(table, column, row: id, tenant: file.merchant.id, .words)
        return try seals.openText(try row.bytesOrNil(column), place, sql)
    }
}

/// $1 is the case.
enum SupportFileStatements {
    static let enquiries = """
        SELECT   id, kind, expected_minor, details_sealed, answer_sealed, opened_ms, answered_by, answered_ms
        FROM     enquiry
        WHERE    case_id = $1
        ORDER BY opened_ms DESC, id DESC
        LIMIT    50
        """

    static let proposals = """
        SELECT   id, action, movement_id, facts, evidence_sealed, state, proposed_by, proposer_role, proposed_ms,
                 decided_by, decided_ms
        FROM     joint_proposal
        WHERE    case_id = $1
        ORDER BY proposed_ms DESC, id DESC
        LIMIT    50
        """

    static let destinations = """
        SELECT   id, account_last4, created_ms
        FROM     payee_destination
        WHERE    case_id = $1
        ORDER BY created_ms DESC, id DESC
        LIMIT    20
        """
}
