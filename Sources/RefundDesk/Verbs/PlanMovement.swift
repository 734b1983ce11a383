import RefundDomain
import Storage

extension Desk {
    /// Plans a movement (M1, M23, M24): it is written down with everything that never changes again, and is ready when
    /// its cost is held (M2), else waits for the merchant's funds (M3).
    ///
    /// - Parameter heldUntil: before when nothing of it leaves the house.
    func plan(
        _ new: MovementTable.New, _ happening: Movement.Happening, isCovered: Bool, _ plan: Plan, for row: CaseRow,
        by actor: Actor = .system, heldUntil: Moment? = nil, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let step = Movement.transition(happening, from: nil),
            let next = Movement.transition(isCovered ? .cover : .fallShort, from: step.to)
        else { throw StoreFault.wrongKind("movement") }
        try MovementTable.insert(new, at: now, sql)
        var facts = new.facts
        facts["capability"] = try abilities(of: new.payment, sql)?.scopesText
        try recordMovement(step.id, "movement.\(step.to.rawValue)", new.id, row, facts, by: actor, at: now, sql)
        guard let movement = try MovementTable.find(new.id, sql) else { throw StoreFault.missingColumn("movement") }
        try MovementTable.move(movement, to: next.to, code: nil, at: now, sql)
        try recordMovement(
            next.id, isCovered ? "movement.ready" : "movement.waiting-funds", movement.id, row, [:], at: now, sql)
        try OutboxTable.add(
            isCovered ? .sendMovement : .retryFunds, id: plan.jobID, caseID: row.id, movementID: movement.id,
            notBefore: isCovered
                ? heldUntil ?? now : now.adding(seconds: MovementLimits.fundsRetrySeconds / hurry), at: now, sql)
        if !isCovered, try !wasTold(.waitingFunds, row.id, sql) {
            var told = plan.waiting
            told.values = ["gross_minor": String(movement.gross.minor)]
            try tell(told, about: row, notBefore: heldUntil, at: now, sql)
        }
    }
}
