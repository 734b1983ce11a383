public import RefundDomain
import Storage

extension Desk {
    /// Says yes, to all that was asked or to part of it.
    ///
    /// Within the person's own limit the hold is made to fit (P2) and the money is planned (R13, M1). Above it, or when
    /// the case is flagged, the decision is written down and waits for another person's (R12), see
    /// ``second(_:decision:note:version:by:)``. After an appeal against a part the amount is the new total, and what is
    /// planned is the difference.
    ///
    /// - Returns: the state that the case is in now: approved, or awaiting the second approval.
    /// - Throws: ``Refusal/checkMissing(_:)``, ``Refusal/makerMayNotDecide``, ``Refusal/decidedBefore``,
    ///   ``Refusal/aboveMost(_:)``, ``Refusal/ineligible(_:)`` for what the channel or the terminal cannot give back,
    ///   ``Refusal/belowApproved(_:)``, ``Refusal/blocked(_:)``,
    ///   ``Refusal/limited(_:by:)`` and those of a reviewer's turn.
    @discardableResult
    public func approve(
        _ number: CaseNumber, amount: Money, checks: Set<Check>, note: String, version: Int64, by staff: StaffMember
    ) async throws -> RefundCase.State {
        let text = note.trimmed
        try check(text, "note", TextLimits.noteCharactersMax)
        let now = clock()
        let plan = try Plan(self)
        let message = try newMessage(.approved, ["approved_minor": String(amount.minor)])
        return try await store.write { sql in
            let row = try acting(.approve, number, version: version, by: staff, at: now, sql)
            let policy = try policy(of: row, sql)
            let limit = policy.approvalLimitMinor(of: staff.role)
            let needsSecond = amount.minor > limit || row.flag != nil
            let step = try step(needsSecond ? .approveFirst : .approve, of: row, by: staff)
            let attempt = Attempt(
                row: row, now: now, staff: staff, amount: amount, limitMinor: limit, checks: checks)
            try require(step, attempt, sql)
            try requireAble(amount, of: row, sql)
            if !needsSecond { try requireDayLimit(amount, of: row, at: now, sql) }
            if !text.isEmpty { try self.note(text, .internal, on: row, by: staff, id: plan.noteID, at: now, sql) }
            let facts = [
                "checks": checks.map(\.rawValue).sorted().joined(separator: ","),
                "asked_minor": String(row.asked?.minor ?? 0),
            ]
            if needsSecond {
                try seal(row, step, amount: amount, by: staff, facts, at: now, sql)
            } else {
                let undoUntil = undoUntil(policy, from: now)
                let bound = facts.merging(binding(plan, to: row)) { $1 }
                try writeApproval(row, step, of: amount, by: staff, bound, undoUntil: undoUntil, at: now, sql)
                try agree(row, on: amount, to: step.to, plan, heldUntil: undoUntil, at: now, sql)
                try tell(message, about: row, notBefore: undoUntil, at: now, sql)
            }
            return step.to
        }
    }

    /// What ties an approval to the one movement that it is for: its id, and what earlier decisions had granted, so
    /// that the difference is what it takes. The movement's own entry says its number, route and account.
    func binding(_ plan: Plan, to row: CaseRow) -> [String: String] {
        ["movement_id": plan.movementID, "granted_minor": String(row.approved?.minor ?? 0)]
    }

    /// R12: the first decision stands as it is and waits for the second.
    private func seal(
        _ row: CaseRow, _ step: RefundCase.Transition, amount: Money, by staff: StaffMember, _ facts: [String: String],
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try awaitSecond(row, to: step.to, proposing: amount, firstBy: staff.id, firstAt: now, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: "case.first-approved", transition: step.id,
            object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
            facts: facts.merging(
                ["proposed_minor": String(amount.minor), "currency": amount.currency.code]) { $1 })
        try EventTable.append(event, at: now, seals, sql)
    }

    /// R13 and R14 in the row and the record.
    func writeApproval(
        _ row: CaseRow, _ step: RefundCase.Transition, of amount: Money, by staff: StaffMember,
        _ facts: [String: String], undoUntil: Moment?, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        // Whoever took an offer agreed to its amount.
        let isAppealable = row.offered == nil && row.asked.map { amount < $0 } ?? false
        let appealUntil = isAppealable ? now.adding(seconds: try policy(of: row, sql).appealDays * 86_400) : nil
        try writeDecision(row, by: staff, undoUntil: undoUntil, appealUntil: appealUntil, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: "case.approved", transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1,
            facts: facts.merging(
                ["approved_minor": String(amount.minor), "currency": amount.currency.code]) { $1 })
        try EventTable.append(event, at: now, seals, sql)
    }
}

/// The ids of a planned movement, drawn before the transaction.
struct Plan: Sendable {
    let movementID: String
    let refundNumber: String
    let postingID: String
    let jobID: String
    let noteID: String
    let waiting: NewMessage

    init(_ desk: Desk) throws {
        movementID = try desk.newID()
        // 31 characters fit every channel; the number must never repeat, so all of it but the prefix is chance.
        refundNumber = "RP" + (try desk.newID().suffix(29).description).uppercased()
        postingID = try desk.newID()
        jobID = try desk.newID()
        noteID = try desk.newID()
        waiting = try desk.newMessage(.waitingFunds)
    }
}

extension Desk {
    /// What follows a yes from either side: P2, the payment's open amount, M1 and then M2 or M3.
    ///
    /// - Parameters:
    ///   - amount: the new total; what an earlier decision granted is planned already.
    ///   - heldUntil: before when nothing is sent, because the decision can be taken back.
    func agree(
        _ row: CaseRow, on amount: Money, to state: RefundCase.State, _ plan: Plan, heldUntil: Moment? = nil,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let payment = try PaymentTable.find(row.paymentID, sql), let accountID = payment.accountID else {
            throw Refusal.ineligible(.accountNotReady)
        }
        guard payment.accountIsReady else { throw Refusal.ineligible(.accountNotReady) }
        let asked = row.asked ?? amount
        let approved = row.approved ?? .zero(row.currency)
        guard let gross = amount.subtracting(approved), gross.minor > 0 else { throw Refusal.belowApproved(approved) }
        try PaymentTable.release(asked.minor - amount.minor, of: payment.id, sql)
        let quote = try quote(gross, of: payment, try policy(of: row, sql).fees, sql)
        let unsent = try unsentCost(of: row, sql)
        guard let cost = quote.cost.adding(unsent) else { throw StoreFault.wrongKind("hold") }
        let held = try HoldTable.adjust(to: cost, for: row, postingID: plan.postingID, at: now, sql)
        try sql.run(
            """
            UPDATE refund_case
            SET    approved_minor = $1
            WHERE  id = $2
            """, [.int(amount.minor), .text(row.id)])
        try CaseTable.move(row, to: state, at: now, sql)
        let new = MovementTable.New(
            id: plan.movementID, caseID: row.id, payment: payment, accountID: accountID, quote: quote,
            refundNumber: plan.refundNumber, isVoid: try isVoid(quote, of: payment, at: now, sql))
        try PaymentTable.commit(gross, feeGivenBack: quote.feeGivenBack, of: payment.id, sql)
        try self.plan(
            new, .plan, isCovered: held == cost, plan, for: row, heldUntil: heldUntil, at: now, sql)
    }

    /// Whether the payment can be called off instead: all of it, before anything else of it went back, on its day. What
    /// takes the place of a void that failed is always a refund (M23).
    private func isVoid(
        _ quote: RefundQuote, of payment: PaymentRow, at now: Moment, _ sql: any SQLReading
    ) throws -> Bool {
        guard payment.refundCount == 0, payment.refundedElsewhere.minor == 0,
            quote.isWhole(of: payment.amount, fee: payment.fee), let able = try abilities(of: payment, sql)
        else { return false }
        return able.void.value.allows(payment.paidAt, sendingAt: now)
    }

    /// An event of a movement that the system made.
    func recordMovement(
        _ transition: String?, _ what: String, _ movementID: String, _ row: CaseRow, _ facts: [String: String],
        by actor: Actor = .system, visibility: Visibility = .public, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: row.merchantID, actor: actor, what: what, transition: transition, object: "movement",
            objectID: movementID, caseID: row.id, version: row.version + 1, facts: facts, visibility: visibility)
        try EventTable.append(event, at: now, seals, sql)
        try closeFitting(ofMovement: movementID, at: now, sql)
    }
}
