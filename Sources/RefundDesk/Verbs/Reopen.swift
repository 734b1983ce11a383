import RefundDomain
import Storage

extension Desk {
    /// Asks whether a closed case can be looked at again (R23): something of what was asked must be left.
    func requireReopenable(_ row: CaseRow, _ payment: PaymentRow, _ sql: any SQLReading) throws {
        guard row.state == .closed else { throw Refusal.notNow(state: row.state) }
        if let block = payment.block { throw Refusal.blocked(block) }
    }

    /// Takes up an ended case again on new facts (R23), which two people have agreed on: the amount that no decision
    /// granted is reserved and held again (P1), and somebody who has not made the case takes the review.
    ///
    /// - Parameter staff: the one who confirms.
    /// - Throws: ``Refusal/notNow(state:)``, ``Refusal/aboveMost(_:)`` when all that was asked was granted, or the
    ///   amount is gone.
    func reopen(
        _ row: CaseRow, _ payment: PaymentRow, _ ids: JointIDs, by staff: StaffMember, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        guard let step = RefundCase.transition(.reopen, from: row.state, by: staff.role.kinds) else {
            throw Refusal.notNow(state: row.state)
        }
        var row = row
        row.approved = try CaseMoney(of: row, sql).granted().map { min($0, row.asked ?? $0) }
        guard row.ungranted.minor > 0 else { throw Refusal.aboveMost(row.ungranted) }
        try sql.run(
            """
            UPDATE refund_case
            SET    approved_minor = $1
            WHERE  id = $2
            """, [.int(row.approved?.minor), .text(row.id)])
        try reserveAgain(row, postingID: ids.postingID, at: now, sql)
        try CaseTable.move(row, to: step.to, at: now, sql)
        let due = try beginAgain(row, appealed: row.appealed, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: "case.reopened", transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1, facts: due.facts("due"))
        try EventTable.append(event, at: now, seals, sql)
        let told = NewMessage(
            id: ids.message.id, jobID: ids.message.jobID, kind: .reopened, values: due.facts("due"))
        try tell(told, about: row, at: now, sql)
    }
}
