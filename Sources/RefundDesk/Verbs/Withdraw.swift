public import RefundDomain
import Storage

extension Desk {
    /// Stops a request (R20): possible until the money is being sent. Everything held is released (P3).
    ///
    /// - Throws: ``Refusal/notNow(state:)``, ``Refusal/stale(version:)``, ``Refusal/contactUnproved`` for somebody
    ///   who came by the link alone.
    public func withdraw(
        _ number: CaseNumber, reason: String, version: Int64, visitor: String
    ) async throws {
        let text = reason.trimmed
        try check(text, "reason", TextLimits.detailsCharactersMax)
        let now = clock()
        let postingID = try newID()
        let message = try newMessage(.withdrawn)
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            guard let step = RefundCase.transition(.withdraw, from: row.state, by: .cardholder) else {
                throw Refusal.notNow(state: row.state)
            }
            try EventTable.hold(row.merchantID, sql)
            try cancelMovements(of: row, at: now, sql)
            try release(row, postingID: postingID, at: now, sql)
            try CaseTable.move(row, to: step.to, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: .cardholder, what: "case.withdrawn", transition: step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                text: text.isEmpty ? nil : text)
            try EventTable.append(event, at: now, seals, sql)
            try tell(message, about: row, at: now, sql)
        }
    }

    /// P3 and the payment's open amount, for a case that ends without money.
    func release(_ row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try HoldTable.adjust(to: .zero(row.currency), for: row, postingID: postingID, at: now, sql)
        let open = row.state == .approved ? row.approved : row.asked
        try PaymentTable.release(open?.minor ?? 0, of: row.paymentID, sql)
    }

    /// M5: calls off what is not being sent.
    ///
    /// - Throws: ``Refusal/notNow(state:)`` when the channel has, or had, any of it; also when an answer to it was ever
    ///   lost (M28): the channel may still come upon the lost order, and only sending it again tells how it ends.
    private func cancelMovements(of row: CaseRow, at now: Moment, _ sql: any SQLTransaction) throws {
        for movement in try MovementTable.list(ofCase: row.id, sql) {
            guard movement.replays == 0, let step = Movement.transition(.cancel, from: movement.state) else {
                throw Refusal.notNow(state: row.state)
            }
            try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
            try PaymentTable.uncommit(
                movement.taken, feeGivenBack: movement.feeGivenBack, of: movement.paymentID, sql)
            for kind in [JobKind.sendMovement, .retryFunds, .queryMovement] {
                try OutboxTable.cancel(kind, ofMovement: movement.id, at: now, sql)
            }
            let event = NewEvent(
                stream: row.merchantID, actor: .cardholder, what: "movement.cancelled", transition: step.id,
                object: "movement", objectID: movement.id, caseID: row.id, version: row.version + 1)
            try EventTable.append(event, at: now, seals, sql)
        }
    }
}
