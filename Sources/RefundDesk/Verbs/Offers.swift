public import RefundDomain
import Storage

extension Desk {
    /// The cardholder takes the offer (R10): from here on as if it had been approved. What is above the limit of
    /// whoever offered it, or is asked for in a flagged case, waits for a second approval first.
    ///
    /// - Returns: the state that the case is in now.
    /// - Throws: ``Refusal/notNow(state:)`` when there is no offer, or it ran out; ``Refusal/stale(version:)``;
    ///   ``Refusal/contactUnproved``; ``Refusal/blocked(_:)``.
    @discardableResult
    public func acceptOffer(
        _ number: CaseNumber, version: Int64, visitor: String
    ) async throws -> RefundCase.State {
        let now = clock()
        let plan = try Plan(self)
        let message = try newMessage(.approved)
        return try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            try EventTable.hold(row.merchantID, sql)
            guard let offered = row.offered, let offeredBy = row.decidedBy, let offeredAt = row.decided else {
                throw Refusal.notNow(state: row.state)
            }
            let policy = try policy(of: row, sql)
            let limit = try role(of: offeredBy, deciding: row, sql).map { policy.approvalLimitMinor(of: $0) } ?? 0
            let needsSecond = offered.minor > limit || row.flag != nil
            let command: RefundCase.Command = needsSecond ? .acceptOfferForSecond : .acceptOffer
            guard let step = RefundCase.transition(command, from: row.state, by: .cardholder) else {
                throw Refusal.notNow(state: row.state)
            }
            try require(step, Attempt(row: row, now: now, deadline: row.offerUntil), sql)
            if needsSecond {
                try awaitSecond(
                    row, to: step.to, proposing: offered, firstBy: offeredBy, firstAt: offeredAt, at: now, sql)
            }
            let event = NewEvent(
                stream: row.merchantID, actor: .cardholder, what: "offer.accepted", transition: step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: [
                    "approved_minor": String(offered.minor), "currency": offered.currency.code,
                    "to": step.to.rawValue,
                ].merging(needsSecond ? [:] : binding(plan, to: row)) { $1 })
            try EventTable.append(event, at: now, seals, sql)
            if !needsSecond {
                try agree(row, on: offered, to: step.to, plan, at: now, sql)
                var told = message
                told.values = ["approved_minor": String(offered.minor)]
                try tell(told, about: row, at: now, sql)
            }
            return step.to
        }
    }

    /// The cardholder does not take the offer (R11): the reviewer decides again.
    public func refuseOffer(_ number: CaseNumber, version: Int64, visitor: String) async throws {
        let now = clock()
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            guard let step = RefundCase.transition(.refuseOffer, from: row.state, by: .cardholder) else {
                throw Refusal.notNow(state: row.state)
            }
            try endOffer(row, step, what: "offer.refused", by: .cardholder, at: now, sql)
        }
    }

    /// Silence on an offer is refusal (R11), never acceptance.
    public func lapseOffer(_ job: Job) async throws {
        let now = clock()
        try await store.write { sql in
            guard try OutboxTable.finish(job, at: now, sql), let id = job.caseID,
                let row = try CaseTable.find(id: id, sql), let until = row.offerUntil, until <= now,
                let step = RefundCase.transition(.letOfferLapse, from: row.state, by: .system)
            else { return }
            try endOffer(row, step, what: "offer.lapsed", by: .system, at: now, sql)
        }
    }

    private func endOffer(
        _ row: CaseRow, _ step: RefundCase.Transition, what: String, by actor: Actor, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try CaseTable.move(row, to: step.to, at: now, sql)
        try sql.run(
            """
            UPDATE refund_case
            SET    offered_minor = NULL, offer_until_ms = NULL, offer_reason = NULL, explanation_sealed = NULL
            WHERE  id = $1
            """, [.text(row.id)])
        try goOn(row, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: actor, what: what, transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1)
        try EventTable.append(event, at: now, seals, sql)
    }
}
