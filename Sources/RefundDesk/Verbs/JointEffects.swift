import RefundDomain
import Storage

/// What a confirmed proposal does; the guards were asked in the same transaction.
extension Desk {
    func perform(
        _ proposal: JointProposal, _ turn: JointTurn, _ ids: JointIDs, by staff: StaffMember, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        guard let movement = turn.movement else {
            return try reopen(turn.row, turn.payment, ids, by: staff, at: now, sql)
        }
        let effect = JointEffect(
            movement: movement, turn: turn, details: proposal.details, ids: ids, actor: staff.actor, now: now)
        switch proposal.action {
        case .resend: try resend(effect, sql)
        case .giveUp: try giveUp(effect, sql)
        case .recordReturn: try recordReturn(effect, sql)
        case .reroute: try reroute(effect, sql)
        case .giveBack: try giveBack(effect, sql)
        case .leaveUnclaimed: try leaveUnclaimed(effect, sql)
        case .correctUp: try correctUp(effect, sql)
        case .correctDown: try correctDown(effect, sql)
        case .payOutside: try payOutside(effect, sql)
        case .reopen: break
        }
    }

    /// M12: the same number goes again. Its answer was lost once, so it can never be called off any more.
    private func resend(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let movement = effect.movement
        try sql.run(
            "UPDATE movement SET replays = replays + 1 WHERE id = $1 AND replays < $2",
            [.text(movement.id), .int(MovementLimits.replaysMax)])
        try unsend(movement, postingID: effect.ids.postingID, at: effect.now, sql)
        try move(effect, .resend, [:], sql)
        try OutboxTable.add(
            .sendMovement, id: effect.ids.plan.jobID, caseID: movement.caseID, movementID: movement.id,
            notBefore: effect.now, at: effect.now, sql)
    }

    /// M12: nothing was paid; the cost is held again for what takes its place.
    private func giveUp(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        try endUnpaid(effect.movement, postingID: effect.ids.postingID, at: effect.now, sql)
        try move(effect, .giveUp, [:], sql)
        try tell(.moneyFailed, effect, sql)
    }

    /// M19 by paper: the money is the cardholder's, and a closed case is open again (R25).
    private func recordReturn(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let details = effect.details
        let code = (details.returnCode ?? "").trimmed
        try takeBack(
            effect.movement, code: code, on: try noon(details.returnedOn, effect, sql),
            postingID: effect.ids.postingID, at: effect.now, sql)
        try move(effect, .comeBack, ["code": code, "returned_on": details.returnedOn?.iso ?? ""], sql)
        try revive(effect.turn.row, by: effect.actor, at: effect.now, sql)
        try tell(.moneyReturned, effect, sql)
    }

    /// M21, P12: the merchant has its money again, and the case nothing more to pay for this movement.
    private func giveBack(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        try LedgerTable.post(
            effect.movement.quote.givenBack, id: effect.ids.postingID, for: effect.movement.origin, at: effect.now,
            sql)
        try endTaken(effect.movement, sql)
        try move(effect, .giveBack, [:], sql)
        try closeSoon(effect, sql)
        try tell(.moneyGivenBack, effect, sql)
    }

    /// M22, P13: it counts as paid, because it is not the merchant's.
    private func leaveUnclaimed(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let movement = effect.movement
        try LedgerTable.post(
            .unclaimed(gross: movement.gross), id: effect.ids.postingID, for: movement.origin, at: effect.now, sql)
        try PaymentTable.settle(movement.taken.minor, of: movement.paymentID, sql)
        try move(effect, .leaveUnclaimed, [:], sql)
        try closeSoon(effect, sql)
    }

    /// M29: P19 from the hold, P12 for money that had come back; what is left of the payment is less by it either way.
    private func payOutside(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let movement = effect.movement
        let isReturned = movement.state == .returned || movement.source == .returned
        if isReturned {
            try LedgerTable.post(
                movement.quote.givenBack, id: effect.ids.postingID, for: movement.origin, at: effect.now, sql)
        } else {
            let held = try HoldTable.drop(movement.cost, of: movement.caseID, at: effect.now, sql)
            try LedgerTable.post(
                .paidOutside(cost: held), id: effect.ids.postingID, for: movement.origin, at: effect.now, sql)
        }
        if isReturned || movement.state != .failed {
            try PaymentTable.uncommit(movement.taken, feeGivenBack: movement.feeGivenBack, of: movement.paymentID, sql)
        }
        try PaymentTable.giveOutside(movement.taken.minor, of: movement.paymentID, sql)
        try move(effect, .payOutside, [:], sql)
        try closeSoon(effect, sql)
        try tell(.paidOutside, effect, sql)
    }

    /// The payment has so much left again as the movement had taken.
    private func endTaken(_ movement: MovementRow, _ sql: any SQLTransaction) throws {
        try PaymentTable.uncommit(movement.taken, feeGivenBack: movement.feeGivenBack, of: movement.paymentID, sql)
        try PaymentTable.release(movement.taken.minor, of: movement.paymentID, sql)
    }

    /// Noon of a day at the merchant's place, never after now.
    private func noon(_ day: Day?, _ effect: JointEffect, _ sql: any SQLReading) throws -> Moment {
        guard let day, let noon = LocalTime(day: day, hour: 12, minute: 0, second: 0) else { return effect.now }
        return min(try zone(of: effect.turn.row.merchantID, sql).moment(noon), effect.now)
    }
}

/// One confirmed action on one movement.
struct JointEffect {
    let movement: MovementRow
    let turn: JointTurn
    let details: JointDetails
    let ids: JointIDs
    let actor: Actor
    let now: Moment
}

extension Desk {
    /// Moves the movement on by its row of the table, ends what was planned for it, and writes it into the record.
    func move(
        _ effect: JointEffect, _ happening: Movement.Happening, _ facts: [String: String], _ sql: any SQLTransaction
    ) throws {
        let movement = effect.movement
        guard let step = Movement.transition(happening, from: movement.state) else {
            throw Refusal.moneyNotNow(state: movement.state)
        }
        try MovementTable.move(movement, to: step.to, code: nil, at: effect.now, sql)
        for kind in [JobKind.sendMovement, .retryFunds, .queryMovement, .checkArrival, .followPayee] {
            try OutboxTable.cancel(kind, ofMovement: movement.id, at: effect.now, sql)
        }
        try MovementTable.setNextCheck(nil, of: movement.id, sql)
        try recordMovement(
            step.id, "movement.\(step.to.rawValue)", movement.id, effect.turn.row, facts, by: effect.actor,
            at: effect.now, sql)
    }

    func tell(_ kind: MessageKind, _ effect: JointEffect, amount: Money? = nil, _ sql: any SQLTransaction) throws {
        let drawn = effect.ids.message
        let message = NewMessage(
            id: drawn.id, jobID: drawn.jobID, kind: kind,
            values: ["gross_minor": String((amount ?? effect.movement.gross).minor)])
        try tell(message, about: effect.turn.row, at: effect.now, sql)
    }

    /// Asks at once whether the case can be closed.
    func closeSoon(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        try OutboxTable.add(
            .closeCase, id: effect.ids.closeID, caseID: effect.turn.row.id, notBefore: effect.now, at: effect.now,
            sql)
    }
}
