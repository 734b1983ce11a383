public import RefundDomain
import Storage

extension Desk {
    /// Another movement under a new number takes the place of one that failed (M23), to where the first one went; the
    /// failed one owes nothing any more.
    ///
    /// To another account it takes two people: ``JointAction/reroute``.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed`` unless the person decides cases or keeps the operator's
    ///   money, ``Refusal/stale(version:)``, ``Refusal/moneyNotNow(state:)``, ``Refusal/blocked(_:)``,
    ///   ``Refusal/ineligible(_:)``, ``Refusal/notNow(state:)``.
    public func replace(
        movement movementID: String, of number: CaseNumber, version: Int64, by staff: StaffMember
    ) async throws {
        let now = clock()
        let ids = try JointIDs(self)
        try await store.write { sql in
            guard let row = try CaseTable.find(number: number, sql), staff.sees(row.merchantID),
                let old = try MovementTable.find(movementID, sql), old.caseID == row.id,
                let payment = try PaymentTable.find(row.paymentID, sql)
            else { throw Refusal.notFound }
            guard staff.role.mayDecide || staff.role == .finance else { throw Refusal.notAllowed }
            try requireVersion(version, row)
            guard row.state == .approved else { throw Refusal.notNow(state: row.state) }
            guard try old.state == .failed && !MovementTable.isReplaced(old.id, sql) else {
                throw Refusal.moneyNotNow(state: old.state)
            }
            if let block = payment.block { throw Refusal.blocked(block) }
            guard payment.accountIsReady else { throw Refusal.ineligible(.accountNotReady) }
            try EventTable.hold(row.merchantID, sql)
            let turn = JointTurn(row: row, movement: old, payment: payment)
            let effect = JointEffect(
                movement: old, turn: turn, details: JointDetails(), ids: ids, actor: staff.actor, now: now)
            try replace(effect, sql)
            try CaseTable.touch(row.id, at: now, sql)
            try tell(.moneyReplaced, effect, sql)
        }
    }

    private func replace(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let (old, ids, payment) = (effect.movement, effect.ids, effect.turn.payment)
        let quote = try quoteAgain(effect, sql)
        let new = MovementTable.New(
            id: ids.plan.movementID, caseID: old.caseID, payment: payment, accountID: old.accountID, quote: quote,
            refundNumber: ids.plan.refundNumber, source: old.source,
            destinationSealed: try MovementTable.destination(of: old, for: ids.plan.movementID, self, sql),
            replacesID: old.id, correctsID: old.correctsID)
        var isCovered = true
        if old.source == .hold {
            isCovered = try HoldTable.exchange(
                old.cost, for: quote.cost, of: effect.turn.row, postingID: ids.postingID, at: effect.now, sql)
            try PaymentTable.commit(quote.taken, feeGivenBack: quote.feeGivenBack, of: payment.id, sql)
        }
        try plan(
            new, .replace, isCovered: isCovered, ids.plan, for: effect.turn.row, by: effect.actor, at: effect.now, sql)
        guard old.source == .returned else { return }
        try LedgerTable.post(
            .rerouted(gross: old.gross), id: ids.postingID,
            for: LedgerTable.Origin(merchantID: old.merchantID, caseID: old.caseID, movementID: new.id),
            at: effect.now, sql)
    }

    /// The same amount and handling fee; the part of the payment's fee is rounded over what went back meanwhile.
    private func quoteAgain(_ effect: JointEffect, _ sql: any SQLReading) throws -> RefundQuote {
        let old = effect.movement
        guard old.source == .hold else { return old.quote }
        let fees = try policy(of: effect.turn.row, sql).fees
        let rule = old.correctsID == nil ? fees : fees.withoutHandlingFee
        let quote = try quote(old.taken, of: effect.turn.payment, rule, sql)
        guard quote.gross == old.gross else { throw Refusal.moneyNotNow(state: old.state) }
        return quote
    }
}

extension MovementTable {
    /// The account that a movement goes to, sealed for another movement; nil on the way that it was paid.
    fileprivate static func destination(
        of movement: MovementRow, for id: String, _ desk: Desk, _ sql: any SQLReading
    ) throws -> [UInt8]? {
        guard
            let sealed = try sql.row(
                "SELECT destination_sealed FROM movement WHERE id = $1", [.text(movement.id)])?
                .bytesOrNil("destination_sealed")
        else { return nil }
        let plain = try desk.seals.open(sealed, desk.destinationPlace(movement.id, movement), sql)
        return try desk.seals.seal(plain, desk.destinationPlace(id, movement), sql)
    }
}
