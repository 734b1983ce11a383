import RefundDomain
import Storage

/// Shared by the verbs of staff: who may act on which version of which case, by which row of the table.
extension Desk {
    /// A case that somebody of the staff acts on, and the row of the table by which they do.
    struct Turn {
        let row: CaseRow
        let step: RefundCase.Transition
    }

    /// Reads the case for somebody of the staff, does R4 or R19 on the way when nobody has taken it, and finds the row.
    ///
    /// - Throws: ``Refusal/notFound`` for another merchant's case, ``Refusal/notAllowed``,
    ///   ``Refusal/stale(version:)``, ``Refusal/notNow(state:)``, and those of taking the case.
    func turn(
        _ command: RefundCase.Command, _ number: CaseNumber, version: Int64, by staff: StaffMember,
        at now: Moment, _ sql: any SQLTransaction
    ) throws -> Turn {
        let row = try acting(command, number, version: version, by: staff, at: now, sql)
        return Turn(row: row, step: try step(command, of: row, by: staff))
    }

    /// The row of the table by which somebody may use a command on a case as it stands.
    func step(
        _ command: RefundCase.Command, of row: CaseRow, by staff: StaffMember
    ) throws(Refusal) -> RefundCase.Transition {
        guard let step = RefundCase.transition(command, from: row.state, by: staff.role.kinds) else {
            throw .notNow(state: row.state)
        }
        return step
    }

    /// The case as it stands when somebody begins to act on it.
    func acting(
        _ command: RefundCase.Command, _ number: CaseNumber, version: Int64, by staff: StaffMember,
        at now: Moment, _ sql: any SQLTransaction
    ) throws -> CaseRow {
        guard let row = try CaseTable.find(number: number, sql), row.wasSent, staff.sees(row.merchantID) else {
            throw Refusal.notFound
        }
        guard staff.role.may(command) else { throw Refusal.notAllowed }
        try requireVersion(version, row)
        try EventTable.hold(row.merchantID, sql)
        let isTaken = RefundCase.transition(taking(row), from: row.state, by: .reviewer) == nil
        let isForTaken = RefundCase.transition(command, from: .inReview, by: staff.role.kinds) != nil
        guard !isTaken, isForTaken else { return row }
        try take(row, by: staff, at: now, sql)
        guard let taken = try CaseTable.find(id: row.id, sql) else { throw Refusal.notFound }
        return taken
    }

    /// R4, or R19 after an appeal: the reviewer takes the case. The decision is due within the policy's working days of
    /// the submission or of the appeal.
    func take(_ row: CaseRow, by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction) throws {
        let step = try step(taking(row), of: row, by: staff)
        try require(step, Attempt(row: row, now: now, staff: staff), sql)
        let from = try zone(of: row.merchantID, sql).day(row.appealed ?? row.submitted ?? now)
        let due = try calendar(sql).adding(policy(of: row, sql).decisionWorkingDays, to: from)
        try CaseTable.move(row, to: step.to, at: now, sql)
        try sql.run(
            """
            UPDATE refund_case
            SET    assignee_id = $1, due_on = $2, due_exact = $3
            WHERE  id = $4
            """, [.text(staff.id), .text(due.day.iso), due.exactValue, .text(row.id)])
        try planEscalation(of: row, after: due.day, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: "case.taken", transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1, facts: due.facts("due"))
        try EventTable.append(event, at: now, seals, sql)
    }

    private func taking(_ row: CaseRow) -> RefundCase.Command { row.state == .appealed ? .routeAppeal : .take }

    /// Words that are shown to the cardholder: long enough to explain something, not too long to read.
    func checkExplanation(_ text: String, _ field: String) throws(Refusal) -> String {
        let text = text.trimmed
        guard !text.isEmpty else { throw .field(field, .missing) }
        guard text.unicodeScalars.count >= TextLimits.explanationCharactersMin else { throw .field(field, .tooShort) }
        try check(text, field, TextLimits.explanationCharactersMax)
        return text
    }

    /// Until when a decision that is made now can be taken back; nil when it cannot be at all.
    func undoUntil(_ policy: Policy, from now: Moment) -> Moment? {
        policy.undoSeconds > 0 ? now.adding(seconds: policy.undoSeconds) : nil
    }

    /// Sets what only decisions set; whatever was late about the case is over.
    func writeDecision(
        _ row: CaseRow, by staff: StaffMember, undoUntil: Moment? = nil, appealUntil: Moment? = nil, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE refund_case
            SET    decided_by = $1, decided_ms = $2, undo_until_ms = $3, appeal_until_ms = $4, escalated_ms = NULL
            WHERE  id = $5
            """,
            [
                .text(staff.id), .int(now.milliseconds), .int(undoUntil?.milliseconds),
                .int(appealUntil?.milliseconds), .text(row.id),
            ])
    }
}
