import RefundDomain
import Storage

extension Desk {
    /// Releases what somebody else put together: every order is sent (M6, P4) and taken on (M7) at once, because those
    /// who pay it are the channel, and its file can be taken from now on.
    ///
    /// All or nothing: what can no longer be sent makes the whole batch one to discard.
    ///
    /// - Throws: ``Refusal/makerMayNotDecide`` for whoever made the batch, ``Refusal/blocked(_:)`` and
    ///   ``Refusal/moneyNotNow(state:)`` when an order may not go any more or the record does not carry it,
    ///   ``Refusal/stale(version:)`` when it was decided already, ``Refusal/notFound``.
    public func releaseBatch(_ id: String, by staff: StaffMember) async throws {
        let now = clock()
        let found = try await store.read { sql in try PayoutTable.find(id, sql) }
        let ids = try (0..<(found?.count ?? 0)).map { _ in try OutcomeIDs(self) }
        try await store.write { sql in
            let batch = try batch(id, for: staff, sql)
            guard staff.id != batch.madeBy else { throw Refusal.makerMayNotDecide }
            try EventTable.hold(batch.merchantID, sql)
            guard try PayoutTable.decide(id, .released, by: staff.id, at: now, sql) else {
                throw Refusal.stale(version: 0)
            }
            for (item, ids) in zip(try PayoutTable.items(of: id, sql), ids) {
                try release(item, of: batch, ids, at: now, sql)
            }
            try recordBatch("batch.released", batch, by: staff, at: now, sql)
        }
    }

    private func release(
        _ item: PayoutItem, of batch: PayoutBatch, _ ids: OutcomeIDs, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let (movement, row, account) = try order(item, sql)
        if let block = try block(of: movement.paymentID, sql) { throw Refusal.blocked(block) }
        guard try approvalFault(of: movement, row, sql) == nil else {
            throw Refusal.moneyNotNow(state: movement.state)
        }
        guard let step = Movement.transition(.take, from: movement.state),
            try PaymentTable.beginSending(movement.paymentID, at: now, gapSeconds: 0, sql)
        else { throw Refusal.moneyNotNow(state: movement.state) }
        let fields = [batch.number, String(item.line), item.refundNumber, String(item.gross.minor)]
        let hash = EventTable.hash(of: fields, after: EventTable.firstHash)
        try MovementTable.beginAttempt(movement, requestHash: hash, at: now, sql)
        try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
        try send(movement, row, postingIDs: ids.postingIDs, at: now, sql)
        try OutboxTable.cancel(.sendMovement, ofMovement: movement.id, at: now, sql)
        let facts = [
            "attempt": String(movement.attempts + 1), "gross_minor": String(movement.gross.minor),
            "batch": batch.number,
        ]
        try recordMovement(step.id, "movement.sending", movement.id, row, facts, at: now, sql)
        let sent = try order(item, sql).movement
        let answer = ChannelAnswer(verdict: .accepted, code: batch.number, verified: true)
        try MovementTable.endAttempt(sent, number: sent.attempts, answer, at: now, sql)
        try settle(
            .accept,
            Outcome(answer: answer, source: .batch, movement: sent, row: row, account: account, now: now, ids: ids),
            sql)
    }

    /// The movement of an order with its case and account.
    func order(
        _ item: PayoutItem, _ sql: any SQLReading
    ) throws -> (movement: MovementRow, row: CaseRow, account: AccountRow) {
        guard let movement = try MovementTable.find(item.movementID, sql),
            let row = try CaseTable.find(id: movement.caseID, sql), let account = try account(movement.accountID, sql)
        else { throw Refusal.notFound }
        return (movement, row, account)
    }

    /// Moves an order on by what two people have decided, with everything that belongs to it.
    func settle(_ happening: Movement.Happening, _ outcome: Outcome, _ sql: any SQLTransaction) throws {
        try MovementTable.note(outcome.answer, of: outcome.movement.id, at: outcome.now, sql)
        let state = try apply(happening, outcome, sql)
        try planNextQuery(state, outcome, sql)
        try CaseTable.touch(outcome.row.id, at: outcome.now, sql)
    }
}
