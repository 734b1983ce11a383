public import RefundDomain
import Storage

extension Desk {
    /// Takes the person's own decision back within the policy's seconds (R26): nothing of it has left the house yet.
    ///
    /// Money that was planned is called off (M5), what was released is reserved and held again, and the decision's
    /// messages are never sent.
    ///
    /// - Throws: ``Refusal/undoOver`` when it is too late, or a worker has taken any of it; ``Refusal/notYours``;
    ///   ``Refusal/aboveMost(_:)`` when the amount went to another request meanwhile; and those of a reviewer's turn.
    public func undo(_ number: CaseNumber, version: Int64, by staff: StaffMember) async throws {
        let now = clock()
        let postingID = try newID()
        try await store.write { sql in
            let turn = try turn(.undo, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            try require(turn.step, Attempt(row: row, now: now, staff: staff), sql)
            guard let until = row.undoUntil, let decided = row.decided,
                try OutboxTable.cancelMessages(ofCase: row.id, heldUntil: until, at: now, sql)
            else { throw Refusal.undoOver }
            var before = row
            if row.state == .approved {
                before = try callOffDecision(of: decided, row, by: staff, at: now, sql)
                let unsent = try unsentCost(of: row, sql)
                guard let cost = try reserveUngranted(before, sql).adding(unsent) else {
                    throw StoreFault.wrongKind("hold")
                }
                try HoldTable.adjust(to: cost, for: row, postingID: postingID, at: now, sql)
            } else {
                try OutboxTable.cancel(.closeEnded, ofCase: row.id, at: now, sql)
                try reserveAgain(row, postingID: postingID, at: now, sql)
            }
            try CaseTable.move(row, to: turn.step.to, at: now, sql)
            try forgetDecision(before, sql)
            try goOn(row, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "case.undone", transition: turn.step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: ["undone": row.state.rawValue])
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// Calls off what a decision planned.
    ///
    /// - Returns: the case with what was granted before that decision.
    private func callOffDecision(
        of decided: Moment, _ row: CaseRow, by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws -> CaseRow {
        let ids = try sql.rows(
            """
            SELECT   id
            FROM     movement
            WHERE    case_id = $1
            AND      created_ms >= $2
            ORDER BY sequence, id
            LIMIT    100
            """, [.text(row.id), .int(decided.milliseconds)]
        ).map { try $0.text("id") }
        let planned = try ids.compactMap { try MovementTable.find($0, sql) }
        guard try callOff(planned, of: row, by: staff.actor, at: now, sql) else { throw Refusal.undoOver }
        var before = row
        for movement in planned { before.approved = before.approved?.subtracting(movement.taken) }
        if before.approved?.minor == 0 { before.approved = nil }
        return before
    }

    private func forgetDecision(_ before: CaseRow, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE refund_case
            SET    approved_minor = $1, decided_by = NULL, decided_ms = NULL, undo_until_ms = NULL,
                   appeal_until_ms = NULL, decline_reason = NULL, remedy = NULL, explanation_sealed = NULL,
                   first_by = NULL, first_ms = NULL, proposed_minor = NULL
            WHERE  id = $2
            """, [.int(before.approved?.minor), .text(before.id)])
    }
}
