public import RefundDomain
import Storage

extension Desk {
    /// The cardholder says that the money is there (M18), for all of it that the bank has confirmed; a case whose
    /// money is all final then closes at once (R21).
    ///
    /// - Parameter day: when it came, at the merchant's place; nil for today.
    /// - Throws: ``Refusal/notNow(state:)`` when nothing is confirmed, ``Refusal/stale(version:)``,
    ///   ``Refusal/field(_:_:)`` for a day before the money was sent or after today, ``Refusal/contactUnproved`` for
    ///   somebody who came by the link alone.
    public func confirmArrival(_ number: CaseNumber, on day: Day?, version: Int64, visitor: String) async throws {
        let now = clock()
        let jobID = try newID()
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            let confirmed = try MovementTable.list(ofCase: row.id, sql).filter { $0.state == .succeeded }
            guard !confirmed.isEmpty, row.state != .closed else { throw Refusal.notNow(state: row.state) }
            let arrived = try arrival(on: day, of: confirmed, row, at: now, sql)
            try EventTable.hold(row.merchantID, sql)
            for movement in confirmed { try arrive(movement, arrived, of: row, at: now, sql) }
            try EnquiryTable.settle(.notArrived, ofCase: row.id, at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
            // Whether everything is final is asked when it closes; the job planned with the success then does nothing.
            try OutboxTable.add(.closeCase, id: jobID, caseID: row.id, notBefore: now, at: now, sql)
        }
    }

    /// The moment that is written down for a day: now for today, else noon at the merchant's place.
    private func arrival(
        on day: Day?, of movements: [MovementRow], _ row: CaseRow, at now: Moment, _ sql: any SQLReading
    ) throws -> Moment {
        let zone = try zone(of: row.merchantID, sql)
        guard let day, day != zone.day(now) else { return now }
        guard let noon = LocalTime(day: day, hour: 12, minute: 0, second: 0), day < zone.day(now),
            let sent = movements.compactMap(\.sent).min(), day >= zone.day(sent)
        else { throw Refusal.field("date", .notOffered) }
        return max(zone.moment(noon), sent)
    }

    private func arrive(
        _ movement: MovementRow, _ arrived: Moment, of row: CaseRow, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let step = Movement.transition(.arrive, from: movement.state) else { return }
        try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
        try sql.run(
            "UPDATE movement SET arrived_ms = $1 WHERE id = $2", [.int(arrived.milliseconds), .text(movement.id)])
        try recordMovement(
            step.id, "movement.arrived", movement.id, row,
            ["gross_minor": String(movement.gross.minor), "currency": movement.gross.currency.code],
            by: .cardholder, at: now, sql)
    }
}
