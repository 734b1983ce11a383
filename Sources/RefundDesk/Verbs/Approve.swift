public import RefundDomain
import Storage

extension Desk {
    /// Says yes, to all that was asked or to part of it (R13): the hold is made to fit (P2) and the money is planned
    /// (M1).
    ///
    /// - Throws: ``Refusal/checkMissing(_:)``, ``Refusal/aboveLimit(_:)``, ``Refusal/makerMayNotDecide``,
    ///   ``Refusal/aboveMost(_:)``, ``Refusal/limited(_:by:)`` and those of a reviewer's turn.
    public func approve(
        _ number: CaseNumber, amount: Money, checks: Set<Check>, note: String, version: Int64, by staff: StaffMember
    ) async throws {
        if let missing = Check.allCases.first(where: { !checks.contains($0) }) { throw Refusal.checkMissing(missing) }
        let text = note.trimmed
        try check(text, "note", TextLimits.noteCharactersMax)
        let now = clock()
        let plan = try Plan(self)
        let message = try newMessage(.approved, ["approved_minor": String(amount.minor)])
        try await store.write { sql in
            let turn = try turn(.approve, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            guard let asked = row.asked, amount.currency == asked.currency, amount.minor > 0, amount <= asked else {
                throw Refusal.aboveMost(row.asked ?? .zero(row.currency))
            }
            try requireLimit(amount, of: staff, under: try policy(of: row, sql))
            try requireDayLimit(amount, of: row, at: now, sql)
            try requireNotMaker(staff, of: row, sql)
            try writeDecision(row, by: staff, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "case.approved", transition: turn.step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: [
                    "approved_minor": String(amount.minor), "asked_minor": String(asked.minor),
                    "currency": amount.currency.code,
                    "checks": checks.map(\.rawValue).sorted().joined(separator: ","),
                ])
            try EventTable.append(event, at: now, seals, sql)
            if !text.isEmpty { try self.note(text, .internal, on: row, by: staff, id: plan.noteID, at: now, sql) }
            try agree(row, on: amount, to: turn.step.to, plan, at: now, sql)
            try tell(message, about: row, at: now, sql)
        }
    }

    /// The cardholder takes the offer (R10): from here on as if it had been approved.
    ///
    /// - Throws: ``Refusal/notNow(state:)`` when there is no offer, or it ran out; ``Refusal/stale(version:)``;
    ///   ``Refusal/contactUnproved``.
    public func acceptOffer(_ number: CaseNumber, version: Int64, visitor: String) async throws {
        let now = clock()
        let plan = try Plan(self)
        let message = try newMessage(.approved)
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            guard let step = RefundCase.transition(.acceptOffer, from: row.state, by: .cardholder),
                let offered = row.offered, let until = row.offerUntil, now < until
            else { throw Refusal.notNow(state: row.state) }
            let event = NewEvent(
                stream: row.merchantID, actor: .cardholder, what: "offer.accepted", transition: step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: ["approved_minor": String(offered.minor), "currency": offered.currency.code])
            try EventTable.append(event, at: now, seals, sql)
            try agree(row, on: offered, to: step.to, plan, at: now, sql)
            var told = message
            told.values = ["approved_minor": String(offered.minor)]
            try tell(told, about: row, at: now, sql)
        }
    }

    /// The cardholder does not take the offer (R11): the reviewer decides again.
    public func refuseOffer(_ number: CaseNumber, version: Int64, visitor: String) async throws {
        let now = clock()
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            guard let step = RefundCase.transition(.refuseOffer, from: row.state, by: .cardholder) else {
                throw Refusal.notNow(state: row.state)
            }
            try endOffer(row, step, what: "offer.refused", by: .cardholder, at: now, sql)
        }
    }

    /// Silence on an offer is refusal (R11), never acceptance.
    public func lapseOffer(_ job: Job) async throws {
        let now = clock()
        try await store.write { sql in
            guard try OutboxTable.finish(job, at: now, sql), let id = job.caseID,
                let row = try CaseTable.find(id: id, sql), let until = row.offerUntil, until <= now,
                let step = RefundCase.transition(.letOfferLapse, from: row.state, by: .system)
            else { return }
            try endOffer(row, step, what: "offer.lapsed", by: .system, at: now, sql)
        }
    }

    private func endOffer(
        _ row: CaseRow, _ step: RefundCase.Transition, what: String, by actor: Actor, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try CaseTable.move(row, to: step.to, at: now, sql)
        try sql.run(
            """
            UPDATE refund_case
            SET    offered_minor = NULL, offer_until_ms = NULL, offer_reason = NULL, explanation_sealed = NULL
            WHERE  id = $1
            """, [.text(row.id)])
        let event = NewEvent(
            stream: row.merchantID, actor: actor, what: what, transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1)
        try EventTable.append(event, at: now, seals, sql)
    }

    /// Nobody who filed, changed or uploaded for the cardholder may decide, whatever role they have now.
    func requireNotMaker(_ staff: StaffMember, of row: CaseRow, _ sql: any SQLReading) throws {
        let made = try sql.row(
            """
            SELECT   number
            FROM     event
            WHERE    case_id = $1
            AND      actor_id = $2
            AND      what IN ('case.begun', 'case.submitted', 'case.changed', 'proof.added', 'case.answered')
            ORDER BY number
            LIMIT    1
            """, [.text(row.id), .text(staff.id)])
        if made != nil { throw Refusal.makerMayNotDecide }
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
    func agree(
        _ row: CaseRow, on amount: Money, to state: RefundCase.State, _ plan: Plan, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        guard let payment = try PaymentTable.find(row.paymentID, sql), let accountID = payment.accountID else {
            throw Refusal.ineligible(.accountNotReady)
        }
        guard payment.accountIsReady else { throw Refusal.ineligible(.accountNotReady) }
        let asked = row.asked ?? amount
        try PaymentTable.release(asked.minor - amount.minor, of: payment.id, sql)
        let quote = try quote(amount, of: payment, try policy(of: row, sql).fees, sql)
        let held = try HoldTable.adjust(to: quote.cost, for: row, postingID: plan.postingID, at: now, sql)
        try sql.run(
            """
            UPDATE refund_case
            SET    approved_minor = $1
            WHERE  id = $2
            """, [.int(amount.minor), .text(row.id)])
        try CaseTable.move(row, to: state, at: now, sql)
        let new = MovementTable.New(
            id: plan.movementID, caseID: row.id, payment: payment, accountID: accountID, quote: quote,
            refundNumber: plan.refundNumber)
        try PaymentTable.commit(amount, feeGivenBack: quote.feeGivenBack, of: payment.id, sql)
        try self.plan(new, .plan, isCovered: held == quote.cost, plan, for: row, at: now, sql)
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
    }
}
