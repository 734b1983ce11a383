import RefundDomain
import Storage

/// What happens to holds, payments and books when a movement ends or comes back, whoever says so.
extension Desk {
    /// P4-: the channel did not execute the order. Money that had come back before stays in flight.
    func unsend(
        _ movement: MovementRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard movement.source == .hold else { return }
        try hold(movement, movement.quote.unsent, postingID: postingID, at: now, sql)
    }

    /// P9: nothing was paid. The cost is held again for what takes its place; money that had come back before is the
    /// cardholder's still, and waits with the operator.
    func endUnpaid(
        _ movement: MovementRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard movement.source == .hold else {
            return try LedgerTable.post(
                .failedAgain(gross: movement.gross), id: postingID, for: movement.origin, at: now, sql)
        }
        try hold(movement, movement.quote.failed, postingID: postingID, at: now, sql)
        try PaymentTable.uncommit(movement.taken, feeGivenBack: movement.feeGivenBack, of: movement.paymentID, sql)
    }

    /// P10: the bank sent the money back, after or before it was confirmed.
    func takeBack(
        _ movement: MovementRow, code: String, on returned: Moment, postingID: String, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        let posting: Posting
        if movement.state.isPaid {
            try PaymentTable.unsettle(movement.taken.minor, of: movement.paymentID, sql)
            posting = .returned(gross: movement.gross)
        } else {
            posting = .returnedInFlight(gross: movement.gross)
        }
        try LedgerTable.post(posting, id: postingID, for: movement.origin, at: now, sql)
        try sql.run(
            "UPDATE movement SET returned_ms = $1, return_code = $2 WHERE id = $3",
            [.int(returned.milliseconds), .text(code), .text(movement.id)])
        for kind in [JobKind.queryMovement, .checkArrival] {
            try OutboxTable.cancel(kind, ofMovement: movement.id, at: now, sql)
        }
        try MovementTable.setNextCheck(nil, of: movement.id, sql)
    }

    /// R25: money came back, or a dispute began, after the case was closed; it is approved again until that is settled.
    func revive(_ row: CaseRow, by actor: Actor, at now: Moment, _ sql: any SQLTransaction) throws {
        let kind: ActorKind = actor.kind == .channel ? .channel : .finance
        guard let step = RefundCase.transition(.revive, from: row.state, by: kind), row.approved != nil else { return }
        try CaseTable.move(row, to: step.to, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: actor, what: "case.revived", transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1)
        try EventTable.append(event, at: now, seals, sql)
    }

    private func hold(
        _ movement: MovementRow, _ posting: Posting, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let hold = try HoldTable.find(movement.caseID, sql), let held = hold.held.adding(movement.cost),
            let cost = hold.cost.adding(movement.cost)
        else { throw StoreFault.wrongKind("hold") }
        try HoldTable.set(movement.caseID, cost: cost, held: held, at: now, sql)
        try LedgerTable.post(posting, id: postingID, for: movement.origin, at: now, sql)
    }
}
