public import RefundDomain
import Storage

extension Desk {
    /// The operator advances what a merchant is short of, and the movement is ready (M4, P14). It is recovered from
    /// what the merchant has later.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed`` unless the person is of finance,
    ///   ``Refusal/stale(version:)``, ``Refusal/moneyNotNow(state:)``, ``Refusal/blocked(_:)``.
    public func advanceFunds(
        movement movementID: String, of number: CaseNumber, version: Int64, by staff: StaffMember
    ) async throws {
        let now = clock()
        let postingID = try newID()
        let jobID = try newID()
        try await store.write { sql in
            guard let row = try CaseTable.find(number: number, sql), staff.sees(row.merchantID),
                let movement = try MovementTable.find(movementID, sql), movement.caseID == row.id,
                let payment = try PaymentTable.find(row.paymentID, sql)
            else { throw Refusal.notFound }
            guard staff.role == .finance else { throw Refusal.notAllowed }
            try requireVersion(version, row)
            if let block = payment.block { throw Refusal.blocked(block) }
            guard let step = Movement.transition(.fundsArrive, from: movement.state),
                let hold = try HoldTable.find(row.id, sql)
            else { throw Refusal.moneyNotNow(state: movement.state) }
            try EventTable.hold(row.merchantID, sql)
            let spare = try CaseMoney(of: row, sql).spare(of: hold.held, for: movement)
            let short = movement.cost.subtracting(spare) ?? .zero(hold.cost.currency)
            try LedgerTable.post(.advanced(short), id: postingID, for: movement.origin, at: now, sql)
            try HoldTable.set(
                row.id, cost: hold.cost, held: hold.held.adding(short) ?? hold.held, at: now, sql)
            try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
            try OutboxTable.cancel(.retryFunds, ofMovement: movement.id, at: now, sql)
            try OutboxTable.add(
                .sendMovement, id: jobID, caseID: row.id, movementID: movement.id, notBefore: now, at: now, sql)
            try recordMovement(
                step.id, "movement.ready", movement.id, row,
                ["advanced_minor": String(short.minor), "currency": short.currency.code], by: staff.actor, at: now,
                sql)
            try CaseTable.touch(row.id, at: now, sql)
        }
    }
}

extension LedgerTable {
    /// P14, second part: what a merchant has now pays back what was advanced, as far as it goes.
    static func recoverAdvances(
        of merchantID: String, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let owed = try sql.row(
            """
            SELECT   receivable.currency,
                     CASE WHEN receivable.balance_minor < available.balance_minor
                          THEN receivable.balance_minor ELSE available.balance_minor END
                     AS recoverable_minor
            FROM     balance AS receivable
            JOIN     balance AS available
            ON       available.merchant_id = receivable.merchant_id
            AND      available.currency = receivable.currency
            AND      available.account = 'merchant.available'
            WHERE    receivable.merchant_id = $1
            AND      receivable.account = 'merchant.receivable'
            AND      receivable.balance_minor > 0
            AND      available.balance_minor > 0
            ORDER BY receivable.currency
            LIMIT    1
            """, [.text(merchantID)])
        guard let owed else { return }
        let amount = try owed.money("recoverable_minor", in: owed.currency())
        try post(.advanceRecovered(amount), id: postingID, for: Origin(merchantID: merchantID), at: now, sql)
    }
}
