public import RefundDomain
import Storage

extension Desk {
    /// Takes a case for review (R4), after an appeal as somebody who has not decided it before (R19).
    ///
    /// - Throws: ``Refusal/decidedBefore``, ``Refusal/makerMayNotDecide`` and those of a reviewer's turn.
    public func take(_ number: CaseNumber, version: Int64, by staff: StaffMember) async throws {
        let now = clock()
        let message = try newMessage(.inReview)
        try await store.write { sql in
            let row = try acting(.take, number, version: version, by: staff, at: now, sql)
            try take(row, by: staff, at: now, sql)
            try tell(message, about: row, at: now, sql)
        }
    }

    /// Says no (R16): with a coded reason, an explanation for the cardholder and what they can do now (P3).
    ///
    /// What an earlier decision granted stays granted.
    ///
    /// - Throws: ``Refusal/field(_:_:)``, ``Refusal/makerMayNotDecide``, ``Refusal/decidedBefore``,
    ///   ``Refusal/firstApprover`` and those of a reviewer's turn.
    public func decline(
        _ number: CaseNumber, reason: DeclineReason, explanation: String, remedy: Remedy, version: Int64,
        by staff: StaffMember
    ) async throws {
        let text = try checkExplanation(explanation, "explanation")
        let now = clock()
        let postingID = try newID()
        let message = try newMessage(.declined, ["reason": reason.rawValue, "remedy": remedy.rawValue])
        try await store.write { sql in
            let turn = try turn(.decline, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            try require(turn.step, Attempt(row: row, now: now, staff: staff), sql)
            try release(row, postingID: postingID, at: now, sql)
            let sealed = try seals.seal(Array(text.utf8), row.place("explanation_sealed", .words), sql)
            try sql.run(
                """
                UPDATE refund_case
                SET    decline_reason = $1, remedy = $2, explanation_sealed = $3, offered_minor = NULL,
                       offer_until_ms = NULL, offer_reason = NULL
                WHERE  id = $4
                """, [.text(reason.rawValue), .text(remedy.rawValue), .bytes(sealed), .text(row.id)])
            let policy = try policy(of: row, sql)
            let undoUntil = undoUntil(policy, from: now)
            let appealUntil = now.adding(seconds: policy.appealDays * 86_400)
            try writeDecision(row, by: staff, undoUntil: undoUntil, appealUntil: appealUntil, at: now, sql)
            try CaseTable.move(row, to: turn.step.to, at: now, sql)
            try OutboxTable.plan(.closeEnded, of: row, notBefore: appealUntil, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "case.declined", transition: turn.step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: ["reason": reason.rawValue, "remedy": remedy.rawValue], text: text)
            try EventTable.append(event, at: now, seals, sql)
            var told = message
            told.values["due_on"] = try zone(of: row.merchantID, sql).day(appealUntil).iso
            try tell(told, about: row, notBefore: undoUntil, at: now, sql)
        }
    }

    /// Offers less than was asked (R9); the hold stays until the cardholder answers.
    ///
    /// An offer above the person's own limit needs a second approval once it is accepted (R10).
    ///
    /// - Throws: ``Refusal/aboveMost(_:)`` unless the offer is below what was asked, ``Refusal/belowApproved(_:)``,
    ///   ``Refusal/ineligible(_:)`` for what the channel or the terminal cannot give back, ``Refusal/field(_:_:)``,
    ///   ``Refusal/makerMayNotDecide``, ``Refusal/decidedBefore`` and those of a reviewer's turn.
    public func offer(
        _ number: CaseNumber, amount: Money, reason: DeclineReason, explanation: String, version: Int64,
        by staff: StaffMember
    ) async throws {
        let text = try checkExplanation(explanation, "explanation")
        let now = clock()
        let message = try newMessage(.counterOffered, ["offered_minor": String(amount.minor)])
        try await store.write { sql in
            let turn = try turn(.offer, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            try require(turn.step, Attempt(row: row, now: now, staff: staff, amount: amount), sql)
            try requireAble(amount, of: row, sql)
            let until = now.adding(seconds: try policy(of: row, sql).offerDays * 86_400)
            let sealed = try seals.seal(Array(text.utf8), row.place("explanation_sealed", .words), sql)
            try sql.run(
                """
                UPDATE refund_case
                SET    offered_minor = $1, offer_until_ms = $2, offer_reason = $3, explanation_sealed = $4
                WHERE  id = $5
                """,
                [
                    .int(amount.minor), .int(until.milliseconds), .text(reason.rawValue), .bytes(sealed),
                    .text(row.id),
                ])
            try writeDecision(row, by: staff, at: now, sql)
            try CaseTable.move(row, to: turn.step.to, at: now, sql)
            try OutboxTable.plan(.lapseOffer, of: row, notBefore: until, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "case.offered", transition: turn.step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: [
                    "offered_minor": String(amount.minor), "asked_minor": String(row.asked?.minor ?? 0),
                    "currency": amount.currency.code, "reason": reason.rawValue,
                ], text: text)
            try EventTable.append(event, at: now, seals, sql)
            try tell(message, about: row, at: now, sql)
        }
    }
}
