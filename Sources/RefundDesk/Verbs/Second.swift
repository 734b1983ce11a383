public import RefundDomain
import Storage

/// What the second of two people says to the first one's approval.
public enum SecondDecision: String, Sendable, Hashable, CaseIterable {
    case approve
    case sendBack = "send-back"
}

extension Desk {
    /// The second decision on an approval that one person may not give alone: yes (R14), with all that follows from an
    /// approval, or back to the reviewers with a note that says why (R15). A no is
    /// ``decline(_:reason:explanation:remedy:version:by:)``.
    ///
    /// - Returns: the state that the case is in now.
    /// - Throws: ``Refusal/firstApprover``, ``Refusal/makerMayNotDecide``, ``Refusal/decidedBefore``,
    ///   ``Refusal/aboveLimit(_:)``, ``Refusal/limited(_:by:)``, ``Refusal/blocked(_:)``, ``Refusal/field(_:_:)``
    ///   without a note for sending back, ``Refusal/notFound``, ``Refusal/notAllowed``, ``Refusal/stale(version:)``,
    ///   ``Refusal/notNow(state:)``.
    @discardableResult
    public func second(
        _ number: CaseNumber, decision: SecondDecision, note: String, version: Int64, by staff: StaffMember
    ) async throws -> RefundCase.State {
        let text = note.trimmed
        if decision == .sendBack, text.isEmpty { throw Refusal.field("note", .missing) }
        try check(text, "note", TextLimits.noteCharactersMax)
        let now = clock()
        let plan = try Plan(self)
        let message = try newMessage(.approved)
        return try await store.write { sql in
            let command: RefundCase.Command = decision == .approve ? .approveSecond : .sendBack
            let turn = try turn(command, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            guard let proposed = row.proposed else { throw StoreFault.unexpectedNull("proposed_minor") }
            let policy = try policy(of: row, sql)
            let attempt = Attempt(
                row: row, now: now, staff: staff, amount: proposed,
                limitMinor: secondLimitMinor(of: staff.role, after: try firstRole(row, sql), policy))
            try require(turn.step, attempt, sql)
            if decision == .approve { try requireDayLimit(proposed, of: row, at: now, sql) }
            if !text.isEmpty { try self.note(text, .internal, on: row, by: staff, id: plan.noteID, at: now, sql) }
            switch decision {
            case .approve:
                let undoUntil = undoUntil(policy, from: now)
                let facts = binding(plan, to: row).merging(["asked_minor": String(row.asked?.minor ?? 0)]) { $1 }
                try writeApproval(row, turn.step, of: proposed, by: staff, facts, undoUntil: undoUntil, at: now, sql)
                try agree(row, on: proposed, to: turn.step.to, plan, heldUntil: undoUntil, at: now, sql)
                var told = message
                told.values = ["approved_minor": String(proposed.minor)]
                try tell(told, about: row, notBefore: undoUntil, at: now, sql)
            case .sendBack: try sendBack(row, turn.step, by: staff, at: now, sql)
            }
            return turn.step.to
        }
    }

    /// Puts a case before the second of two people: what the first one said is kept as it is.
    func awaitSecond(
        _ row: CaseRow, to state: RefundCase.State, proposing amount: Money, firstBy: String, firstAt: Moment,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE refund_case
            SET    first_by = $1, first_ms = $2, proposed_minor = $3
            WHERE  id = $4
            """,
            [.text(firstBy), .int(firstAt.milliseconds), .int(amount.minor), .text(row.id)])
        try CaseTable.move(row, to: state, at: now, sql)
        let today = try today(row.merchantID, now, sql)
        let due = try calendar(sql).adding(policy(of: row, sql).secondWorkingDays, to: today)
        try planEscalation(of: row, after: due.day, at: now, sql)
    }

    /// R15.
    private func sendBack(
        _ row: CaseRow, _ step: RefundCase.Transition, by staff: StaffMember, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try CaseTable.move(row, to: step.to, at: now, sql)
        try sql.run(
            """
            UPDATE refund_case
            SET    first_by = NULL, first_ms = NULL, proposed_minor = NULL, offered_minor = NULL,
                   offer_until_ms = NULL, offer_reason = NULL, explanation_sealed = NULL
            WHERE  id = $1
            """, [.text(row.id)])
        try goOn(row, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: "case.sent-back", transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1)
        try EventTable.append(event, at: now, seals, sql)
    }

    /// The most that somebody may sign for as the second of two, in minor units; nil for any amount, 0 for those who
    /// sign nothing (R14 does not let them come this far).
    ///
    /// An approver's own limit counts, unless the first was somebody with a limit as high: two of them together sign
    /// for any amount, and so do the operator's reviewers and finance.
    private func secondLimitMinor(of role: Role, after first: Role?, _ policy: Policy) -> Int64? {
        switch role {
        case .operatorReviewer, .finance: return nil
        case .clerk, .reviewer, .merchantAdmin, .support, .operatorAdmin: return 0
        case .approver:
            let own = policy.approvalLimitMinor(of: role)
            let firstLimit = first.map { policy.approvalLimitMinor(of: $0) } ?? 0
            return firstLimit >= own ? nil : own
        }
    }

    /// The role in which the first of two gave the approval, or made the offer that was accepted.
    func firstRole(_ row: CaseRow, _ sql: any SQLReading) throws -> Role? {
        try role(of: row.firstBy, deciding: row, sql)
    }

    /// The role in which somebody last approved or offered.
    func role(of staffID: String?, deciding row: CaseRow, _ sql: any SQLReading) throws -> Role? {
        try sql.row(
            """
            SELECT   role
            FROM     event
            WHERE    case_id = $1
            AND      actor_id = $2
            AND      transition IN ('R9', 'R12')
            ORDER BY number DESC
            LIMIT    1
            """, [.text(row.id), .text(staffID)])?.wordOrNil("role")
    }
}
