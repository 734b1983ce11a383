import RefundDomain
import Storage

extension Desk {
    /// Looks, after the last day on which a movement's money was expected, whether it was confirmed; what was not is
    /// overdue: support's worklist has it, and the cardholder is told once.
    public func checkArrival(_ job: Job) async throws {
        let now = clock()
        let message = try newMessage(.moneyLate)
        try await store.write { sql in
            guard let movement = try held(job, sql), let row = try CaseTable.find(id: movement.caseID, sql) else {
                return
            }
            _ = try OutboxTable.finish(job, at: now, sql)
            let isLate = movement.state.isWithChannel || movement.state == .succeeded
            guard isLate else { return }
            let marked = try sql.run(
                """
                UPDATE movement
                SET    overdue_ms = $1
                WHERE  id = $2
                AND    overdue_ms IS NULL
                AND    expected_on < $3
                """,
                [.int(now.milliseconds), .text(movement.id), .text(try today(row.merchantID, now, sql).iso)])
            guard marked == 1 else { return }
            try recordMovement(nil, "movement.overdue", movement.id, row, [:], at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
            var told = message
            told.values = ["gross_minor": String(movement.gross.minor)]
            try tell(told, about: row, at: now, sql)
        }
    }

    /// Looks again when the last day has passed on which the money should arrive.
    func planArrivalCheck(_ outcome: Outcome, _ sql: any SQLTransaction) throws {
        let movement = outcome.movement
        guard
            let last = try sql.row("SELECT expected_on FROM movement WHERE id = $1", [.text(movement.id)])?
                .dayOrNil("expected_on"),
            let midnight = LocalTime(day: last.adding(days: 1), hour: 0, minute: 0, second: 0)
        else { return }
        try OutboxTable.cancel(.checkArrival, ofMovement: movement.id, at: outcome.now, sql)
        try OutboxTable.add(
            .checkArrival, id: outcome.ids.checkID, caseID: movement.caseID, movementID: movement.id,
            notBefore: try zone(of: movement.merchantID, sql).moment(midnight), at: outcome.now, sql)
    }
}
