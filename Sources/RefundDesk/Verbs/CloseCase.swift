import RefundDomain
import Storage

extension Desk {
    /// Closes a case (R21) when every movement is final, nothing lies over the payment and no complaint is open; P3 for
    /// what is still held.
    ///
    /// A job that comes before the day from which the money is settled, because a calendar was loaded meanwhile, comes
    /// again then. A case that waits for anything else is closed by the job that this plans at its end.
    public func closeCase(_ job: Job) async throws {
        let now = clock()
        let postingID = try newID()
        let message = try newMessage(.closed)
        try await store.write { sql in
            guard try OutboxTable.hold(job, sql), let id = job.caseID, let row = try CaseTable.find(id: id, sql),
                let step = RefundCase.transition(.close, from: row.state, by: .system),
                let settled = try settledOn(row, at: now, sql), try block(of: row.paymentID, sql) == nil,
                try !EnquiryTable.isOpen(ofCase: row.id, sql)
            else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return
            }
            let midnight = try midnight(after: settled.adding(days: -1), of: row.merchantID, sql)
            if let midnight, midnight > now {
                _ = try OutboxTable.postpone(job, until: midnight, sql)
                return
            }
            _ = try OutboxTable.finish(job, at: now, sql)
            try EventTable.hold(row.merchantID, sql)
            try HoldTable.adjust(to: .zero(row.currency), for: row, postingID: postingID, at: now, sql)
            try CaseTable.move(row, to: step.to, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: .system, what: "case.closed", transition: step.id, object: "case",
                objectID: row.id, caseID: row.id, version: row.version + 1)
            try EventTable.append(event, at: now, seals, sql)
            try tell(message, about: row, at: now, sql)
        }
    }

    /// The day from which all of a case's money is at its end: what failed was replaced, and for what succeeded the
    /// time in which somebody may still complain is over. Nil while any of it is on its way.
    private func settledOn(_ row: CaseRow, at now: Moment, _ sql: any SQLReading) throws -> Day? {
        let movements = try MovementTable.list(ofCase: row.id, sql)
        guard movements.contains(where: { $0.state != .cancelled }) else { return nil }
        let zone = try zone(of: row.merchantID, sql)
        let days = try policy(of: row, sql).closeWorkingDays
        var settled = zone.day(now)
        for movement in movements {
            switch movement.state {
            case .failed: guard try MovementTable.isReplaced(movement.id, sql) else { return nil }
            case .succeeded: settled = max(settled, try calendar(sql).adding(days, to: zone.day(movement.changed)).day)
            case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .returned:
                return nil
            case .arrived, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled: break
            }
        }
        return settled
    }
}
