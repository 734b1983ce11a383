import RefundDomain
import Storage

extension Desk {
    /// Closes a case (R21) when every movement is final, nothing lies over the payment and no complaint is open; P3 for
    /// what is still held.
    public func closeCase(_ job: Job) async throws {
        let now = clock()
        let postingID = try newID()
        let message = try newMessage(.closed)
        try await store.write { sql in
            guard try OutboxTable.finish(job, at: now, sql), let id = job.caseID,
                let row = try CaseTable.find(id: id, sql),
                let step = RefundCase.transition(.close, from: row.state, by: .system),
                try isSettled(row, at: now, sql), try block(of: row.paymentID, sql) == nil,
                try !EnquiryTable.isOpen(ofCase: row.id, sql)
            else { return }
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

    /// Whether all of a case's money is at its end: what failed was replaced, and for what succeeded the time in which
    /// somebody may still complain is over.
    private func isSettled(_ row: CaseRow, at now: Moment, _ sql: any SQLReading) throws -> Bool {
        let movements = try MovementTable.list(ofCase: row.id, sql)
        guard movements.contains(where: { $0.state != .cancelled }) else { return false }
        let zone = try zone(of: row.merchantID, sql)
        let days = try policy(of: row, sql).closeWorkingDays
        for movement in movements {
            switch movement.state {
            case .failed: guard try MovementTable.isReplaced(movement.id, sql) else { return false }
            case .succeeded:
                let over = try calendar(sql).adding(days, to: zone.day(movement.changed)).day
                guard zone.day(now) >= over else { return false }
            case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .returned:
                return false
            case .arrived, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled: break
            }
        }
        return true
    }
}
