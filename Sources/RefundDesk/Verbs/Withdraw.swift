public import RefundDomain
import Storage

extension Desk {
    /// ``withdraw(_:reason:version:by:)`` for the person whose session it is.
    public func withdraw(
        _ number: CaseNumber, reason: String, version: Int64, visitor: String
    ) async throws {
        try await withdraw(number, reason: reason, version: version, by: .visitor(visitor))
    }

    /// Stops a request (R20): possible until the money is being sent. Everything held is released (P3).
    ///
    /// - Throws: ``Refusal/notNow(state:)``, ``Refusal/stale(version:)``, ``Refusal/contactUnproved`` for somebody
    ///   who came by the link alone; for an agent ``Refusal/notAllowed``, ``Refusal/consentMissing``.
    public func withdraw(
        _ number: CaseNumber, reason: String, version: Int64, by claimant: Claimant
    ) async throws {
        let text = reason.trimmed
        try check(text, "reason", TextLimits.detailsCharactersMax)
        let now = clock()
        let postingID = try newID()
        let message = try newMessage(.withdrawn)
        try await store.write { sql in
            let row = try claimed(number, by: claimant, to: .withdraw, at: now, sql)
            try requireVersion(version, row)
            guard let step = RefundCase.transition(.withdraw, from: row.state, by: claimant.kind) else {
                throw Refusal.notNow(state: row.state)
            }
            try require(step, Attempt(row: row, now: now), sql)
            try EventTable.hold(row.merchantID, sql)
            let movements = try MovementTable.list(ofCase: row.id, sql)
            guard try callOff(movements, of: row, by: claimant.actor, at: now, sql) else {
                throw Refusal.notNow(state: row.state)
            }
            try release(row, postingID: postingID, at: now, sql)
            try CaseTable.move(row, to: step.to, at: now, sql)
            try sql.run("UPDATE refund_case SET approved_minor = NULL WHERE id = $1", [.text(row.id)])
            let closesAt = now.adding(seconds: try policy(of: row, sql).appealDays * 86_400)
            try OutboxTable.plan(.closeEnded, of: row, notBefore: closesAt, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: claimant.actor, what: "case.withdrawn", transition: step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1, facts: claimant.facts,
                text: text.isEmpty ? nil : text)
            try EventTable.append(event, at: now, seals, sql)
            try tell(message, about: row, at: now, sql)
        }
    }

    /// P3 and the payment's open amount, for what a case asked for and does not get; money that was granted before
    /// stays held until it is sent.
    func release(_ row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction) throws {
        let unsent = try unsentCost(of: row, sql)
        try HoldTable.release(keeping: unsent, for: row, postingID: postingID, at: now, sql)
        if row.state.isUndecided { try PaymentTable.release(row.ungranted.minor, of: row.paymentID, sql) }
    }

    /// What the hold is for besides what is not decided, in the hold's currency.
    func unsentCost(of row: CaseRow, _ sql: any SQLReading) throws -> Money {
        guard let hold = try HoldTable.find(row.id, sql) else { return .zero(row.currency) }
        return try CaseMoney(of: row, sql).unsentCost(in: hold.cost.currency)
    }

    /// P1 and the payment's open amount, for what a case asks for once more.
    ///
    /// - Throws: ``Refusal/aboveMost(_:)`` when the payment has not so much left any more.
    func reserveAgain(_ row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction) throws {
        let cost = try reserveUngranted(row, sql)
        try HoldTable.place(cost: cost, for: row, postingID: postingID, at: now, sql)
    }

    /// Sets what no decision has granted aside in the payment.
    ///
    /// - Returns: what it costs the merchant.
    /// - Throws: ``Refusal/aboveMost(_:)`` when the payment has not so much left any more.
    func reserveUngranted(_ row: CaseRow, _ sql: any SQLTransaction) throws -> Money {
        guard let payment = try PaymentTable.find(row.paymentID, sql) else { throw Refusal.notFound }
        guard try PaymentTable.reserve(row.ungranted.minor, of: payment.id, sql) else {
            throw Refusal.aboveMost(payment.left)
        }
        return try quote(row.ungranted, of: payment, try policy(of: row, sql).fees, sql).cost
    }

    /// M5: calls off what is not being sent, with its part of the payment.
    ///
    /// - Returns: false when the channel has, or had, any of it; also when an answer to it was ever lost (M28): the
    ///   channel may still come upon the lost order, and only sending it again tells how it ends.
    func callOff(
        _ movements: [MovementRow], of row: CaseRow, by actor: Actor, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        for movement in movements where movement.state != .cancelled {
            guard movement.replays == 0, let step = Movement.transition(.cancel, from: movement.state) else {
                return false
            }
            try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
            try PaymentTable.uncommit(
                movement.taken, feeGivenBack: movement.feeGivenBack, of: movement.paymentID, sql)
            try PaymentTable.release(movement.taken.minor, of: movement.paymentID, sql)
            for kind in [JobKind.sendMovement, .retryFunds, .queryMovement] {
                try OutboxTable.cancel(kind, ofMovement: movement.id, at: now, sql)
            }
            try recordMovement(step.id, "movement.cancelled", movement.id, row, [:], by: actor, at: now, sql)
        }
        return true
    }
}
