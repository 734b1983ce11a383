import RefundDomain
import Storage

extension CaseClock {
    /// Working days until the first reminder of what a bank needs, from there to the second, and from there until ten
    /// have passed.
    static let payeeWorkingDays: [Int] = [3, 4, 4]
}

/// Money that waits with a channel for its payee.
extension Desk {
    /// Looks at a movement that waits for its payee: reminds twice, and then ends the waiting.
    ///
    /// A channel that gives such a refund up by itself has failed it (M17, P9). One that keeps the money, as WeChat Pay
    /// does, has not: the money counts as sent back (M19, P10), so that two people can pay it elsewhere, give it back
    /// or keep it for the cardholder, and never a second refund pays it twice. Once the cardholder has named an
    /// account, it is the operator's turn, and nothing ends by itself.
    ///
    /// - Parameter endsUnpaid: what the channel does, as its capability says unless given.
    func followPayee(_ job: Job, endsUnpaid: Bool? = nil) async throws {
        let now = clock()
        let postingID = try newID()
        let jobID = try newID()
        let message = try newMessage(.payeeAction)
        try await store.write { sql in
            guard let movement = try held(job, sql), let row = try CaseTable.find(id: movement.caseID, sql),
                let account = try account(movement.accountID, sql)
            else { return }
            _ = try OutboxTable.finish(job, at: now, sql)
            guard movement.state == .needsPayeeAction else { return }
            let reminded = try reminders(of: movement, sql)
            if try hasNamedAccount(movement, sql) {
                try planPayeeLook(movement, reminded, id: jobID, at: now, sql)
            } else if reminded < CaseClock.payeeWorkingDays.count - 1 {
                try remind(movement, row, reminded + 1, message, at: now, sql)
                try planPayeeLook(movement, reminded + 1, id: jobID, at: now, sql)
            } else {
                let isOver = endsUnpaid ?? ChannelCapability.of(account.channel)?.endsWithoutPayee ?? false
                try endWaiting(movement, row, isOver ? .fail : .comeBack, postingID: postingID, message, at: now, sql)
            }
        }
    }

    /// Plans the next look at a movement that waits for its payee, in the next of ``CaseClock/payeeWorkingDays``.
    func planPayeeLook(
        _ movement: MovementRow, _ done: Int, id: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let days = CaseClock.payeeWorkingDays.dropFirst(done).first ?? CaseClock.payeeWorkingDays.last ?? 4
        let day = try calendar(sql).adding(days, to: today(movement.merchantID, now, sql)).day
        guard let local = LocalTime(day: day, hour: 0, minute: 0, second: 0) else { return }
        let moment = try zone(of: movement.merchantID, sql).moment(local)
        try OutboxTable.cancel(.followPayee, ofMovement: movement.id, at: now, sql)
        try OutboxTable.add(
            .followPayee, id: id, caseID: movement.caseID, movementID: movement.id, notBefore: moment, at: now, sql)
    }

    /// How often the cardholder was reminded since the movement waits.
    private func reminders(of movement: MovementRow, _ sql: any SQLReading) throws -> Int {
        let row = try sql.row(
            """
            SELECT COUNT(*) AS reminders
            FROM   event
            WHERE  object_id = $1
            AND    what = 'case.reminded'
            AND    at_ms >= $2
            """, [.text(movement.id), .int(movement.changed.milliseconds)])
        return Int(try row?.int("reminders") ?? 0)
    }

    private func hasNamedAccount(_ movement: MovementRow, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            """
            SELECT   id
            FROM     payee_destination
            WHERE    movement_id = $1
            AND      created_ms >= $2
            ORDER BY created_ms DESC, id DESC
            LIMIT    1
            """, [.text(movement.id), .int(movement.changed.milliseconds)]) != nil
    }

    private func remind(
        _ movement: MovementRow, _ row: CaseRow, _ count: Int, _ message: NewMessage, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try recordMovement(
            nil, "case.reminded", movement.id, row, ["reminder": String(count)], visibility: .internal, at: now, sql)
        try CaseTable.touch(row.id, at: now, sql)
        try tell(message, .payeeAction, movement, row, at: now, sql)
    }

    private func endWaiting(
        _ movement: MovementRow, _ row: CaseRow, _ happening: Movement.Happening, postingID: String,
        _ message: NewMessage, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let step = Movement.transition(happening, from: movement.state), step.triggers.contains(.system) else {
            throw StoreFault.wrongKind("movement")
        }
        let code = "no word from the payee"
        if happening == .fail {
            try endUnpaid(movement, postingID: postingID, at: now, sql)
            try OutboxTable.cancel(.queryMovement, ofMovement: movement.id, at: now, sql)
            try MovementTable.setNextCheck(nil, of: movement.id, sql)
        } else {
            try takeBack(movement, code: code, on: now, postingID: postingID, at: now, sql)
        }
        try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
        try recordMovement(
            step.id, "movement.\(step.to.rawValue)", movement.id, row, ["code": code, "source": "clock"], at: now, sql)
        try CaseTable.touch(row.id, at: now, sql)
        try tell(message, happening == .fail ? .moneyFailed : .moneyReturned, movement, row, at: now, sql)
    }

    private func tell(
        _ drawn: NewMessage, _ kind: MessageKind, _ movement: MovementRow, _ row: CaseRow, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        let told = NewMessage(
            id: drawn.id, jobID: drawn.jobID, kind: kind, values: ["gross_minor": String(movement.gross.minor)])
        try tell(told, about: row, at: now, sql)
    }
}
