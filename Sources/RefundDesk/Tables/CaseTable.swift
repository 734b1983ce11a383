import RefundDomain
import Storage

/// A case as verbs need it; sealed columns are opened where they are wanted.
struct CaseRow {
    let id: String
    let number: String
    let merchantID: String
    let paymentID: String
    let state: RefundCase.State
    let version: Int64
    let language: String
    let reason: RequestReason?
    let currency: Currency
    let asked: Money?
    let offered: Money?
    var approved: Money?
    let assigneeID: String?
    let submitted: Moment?
    let offerUntil: Moment?
    let contactProved: Moment?
    let emailSealed: [UInt8]?
    let phoneSealed: [UInt8]?
    let emailIndex: [UInt8]?
    let phoneIndex: [UInt8]?
    let nameSealed: [UInt8]?
    let detailsSealed: [UInt8]?
    let linkSealed: [UInt8]?
    let consentVersion: String?
    /// The rules it was submitted under; nil for a draft.
    let policyVersion: String?
    /// What makes every approval need a second one, whatever its amount.
    let flag: String?
    /// The day by which the merchant answers or decides, as the cardholder was told.
    let due: WorkingDays.Counted?
    let firstBy: String?
    let proposed: Money?
    let decidedBy: String?
    let decided: Moment?
    let undoUntil: Moment?
    let appealUntil: Moment?
    let appealed: Moment?
    let escalated: Moment?
    let created: Moment
    let changed: Moment

    /// Whether it is more than a draft: what expired without being sent is nobody's to see.
    var wasSent: Bool { submitted != nil }

    /// What of the amount asked for no decision has granted yet.
    var ungranted: Money {
        guard let asked else { return .zero(currency) }
        return asked.subtracting(approved ?? .zero(currency)) ?? .zero(currency)
    }

    func place(_ column: String, _ kind: SealClass = .contact) -> SealPlace {
        SealPlace("refund_case", column, row: id, tenant: merchantID, kind)
    }
}

/// What is announced when a case is in a new version. Drafts need not be: nobody can follow one.
public enum CaseTopic {
    /// The topic of the case with an id, for ``Announcements/listen(to:)``.
    public static func of(_ caseID: String) -> String { "case/\(caseID)" }
}

/// SQL on cases that verbs share.
enum CaseTable {
    static func find(id: String, _ sql: any SQLReading) throws -> CaseRow? {
        try sql.row(
            """
            SELECT id, number, merchant_id, payment_id, state, version, language, reason, currency, asked_minor,
                   offered_minor, approved_minor, assignee_id, submitted_ms, offer_until_ms, contact_proved_ms,
                   email_sealed, phone_sealed, email_index, phone_index, name_sealed, details_sealed, link_sealed,
                   consent_version, policy_version, flag, due_on, due_exact, first_by, proposed_minor, decided_by,
                   decided_ms, undo_until_ms, appeal_until_ms, appealed_ms, escalated_ms, created_ms, changed_ms
            FROM   refund_case
            WHERE  id = $1
            """, [.text(id)]
        ).map(read)
    }

    static func find(number: CaseNumber, _ sql: any SQLReading) throws -> CaseRow? {
        guard
            let id = try sql.row("SELECT id FROM refund_case WHERE number = $1", [.text(number.text)])?.text("id")
        else { return nil }
        return try find(id: id, sql)
    }

    /// Moves a case to a state and the next version, when it is still in the version it was read in.
    ///
    /// - Throws: ``Refusal/stale(version:)`` when somebody else was faster.
    static func move(
        _ row: CaseRow, to state: RefundCase.State, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let moved = try sql.run(
            """
            UPDATE refund_case
            SET    state = $1, version = version + 1, changed_ms = $2
            WHERE  id = $3
            AND    version = $4
            """, [.text(state.rawValue), .int(now.milliseconds), .text(row.id), .int(row.version)])
        if moved != 1 { throw Refusal.stale(version: row.version) }
        sql.announce(CaseTopic.of(row.id))
    }

    /// Raises the version without moving the case: something that its page shows has changed.
    static func touch(_ id: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE refund_case
            SET    version = version + 1, changed_ms = $1
            WHERE  id = $2
            """, [.int(now.milliseconds), .text(id)])
        sql.announce(CaseTopic.of(id))
    }

    private static func read(_ row: SQLRow) throws -> CaseRow {
        let currency = try row.currency()
        guard let state = RefundCase.State(rawValue: try row.text("state")) else {
            throw StoreFault.wrongKind("state")
        }
        return CaseRow(
            id: try row.text("id"), number: try row.text("number"), merchantID: try row.text("merchant_id"),
            paymentID: try row.text("payment_id"), state: state, version: try row.int("version"),
            language: try row.text("language"),
            reason: try row.textOrNil("reason").flatMap(RequestReason.init(rawValue:)), currency: currency,
            asked: try row.moneyOrNil("asked_minor", in: currency),
            offered: try row.moneyOrNil("offered_minor", in: currency),
            approved: try row.moneyOrNil("approved_minor", in: currency),
            assigneeID: try row.textOrNil("assignee_id"), submitted: try row.momentOrNil("submitted_ms"),
            offerUntil: try row.momentOrNil("offer_until_ms"), contactProved: try row.momentOrNil("contact_proved_ms"),
            emailSealed: try row.bytesOrNil("email_sealed"), phoneSealed: try row.bytesOrNil("phone_sealed"),
            emailIndex: try row.bytesOrNil("email_index"), phoneIndex: try row.bytesOrNil("phone_index"),
            nameSealed: try row.bytesOrNil("name_sealed"), detailsSealed: try row.bytesOrNil("details_sealed"),
            linkSealed: try row.bytesOrNil("link_sealed"), consentVersion: try row.textOrNil("consent_version"),
            policyVersion: try row.textOrNil("policy_version"), flag: try row.textOrNil("flag"),
            due: try row.countedOrNil("due_on", exact: "due_exact"), firstBy: try row.textOrNil("first_by"),
            proposed: try row.moneyOrNil("proposed_minor", in: currency), decidedBy: try row.textOrNil("decided_by"),
            decided: try row.momentOrNil("decided_ms"), undoUntil: try row.momentOrNil("undo_until_ms"),
            appealUntil: try row.momentOrNil("appeal_until_ms"), appealed: try row.momentOrNil("appealed_ms"),
            escalated: try row.momentOrNil("escalated_ms"),
            created: Moment(milliseconds: try row.int("created_ms")),
            changed: Moment(milliseconds: try row.int("changed_ms")))
    }
}
