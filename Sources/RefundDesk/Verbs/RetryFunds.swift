import RefundDomain
import Storage

extension Desk {
    /// Looks whether the merchant's balance covers a waiting movement now (M4), and puts the question off when not.
    /// What was advanced before is recovered first (P14).
    public func retryFunds(_ job: Job) async throws {
        let now = clock()
        let ids = (hold: try newID(), recovery: try newID(), job: try newID())
        let late = try newMessage(.fundsLate)
        try await store.write { sql in
            guard let movement = try held(job, sql), let row = try CaseTable.find(id: movement.caseID, sql) else {
                return
            }
            guard let step = Movement.transition(.fundsArrive, from: movement.state),
                let hold = try HoldTable.find(row.id, sql)
            else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return
            }
            try LedgerTable.recoverAdvances(of: row.merchantID, postingID: ids.recovery, at: now, sql)
            let held = try HoldTable.adjust(to: hold.cost, for: row, postingID: ids.hold, at: now, sql)
            let spare = try CaseMoney(of: row, sql).spare(of: held, for: movement)
            guard spare >= movement.cost || movement.source == .returned else {
                _ = try OutboxTable.postpone(
                    job, until: now.adding(seconds: max(MovementLimits.fundsRetrySeconds / hurry, 1)), sql)
                return try tellLate(late, movement, row, at: now, sql)
            }
            try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
            _ = try OutboxTable.finish(job, at: now, sql)
            try OutboxTable.add(
                .sendMovement, id: ids.job, caseID: row.id, movementID: movement.id, notBefore: now, at: now, sql)
            try recordMovement(step.id, "movement.ready", movement.id, row, [:], at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
        }
    }

    /// After a week it is a matter for finance, and the cardholder is told once.
    private func tellLate(
        _ message: NewMessage, _ movement: MovementRow, _ row: CaseRow, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let since = now.adding(seconds: -(try policy(of: row, sql).fundsDays) * 86_400 / hurry)
        guard movement.changed <= since, try !wasTold(.fundsLate, row.id, sql) else { return }
        try recordMovement(nil, "movement.funds-late", movement.id, row, [:], at: now, sql)
        try CaseTable.touch(row.id, at: now, sql)
        var told = message
        told.values = ["gross_minor": String(movement.gross.minor)]
        try tell(told, about: row, at: now, sql)
    }
}
