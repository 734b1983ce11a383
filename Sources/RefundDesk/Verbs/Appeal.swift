public import RefundDomain
import Storage

extension Desk {
    /// ``appeal(_:grounds:proofs:version:by:)`` for the person whose session it is.
    public func appeal(
        _ number: CaseNumber, grounds: String, proofs: [NewProof], version: Int64, visitor: String
    ) async throws {
        try await appeal(number, grounds: grounds, proofs: proofs, version: version, by: .visitor(visitor))
    }

    /// Asks for another look at a no (R17), or at a yes to a part (R18), by somebody who has not decided it: with what
    /// is new about it.
    ///
    /// What was refused is reserved and held again (P1); what was granted goes its way.
    ///
    /// - Throws: ``Refusal/field(_:_:)`` without new grounds; ``Refusal/notNow(state:)``, also when the time for it is
    ///   over; ``Refusal/aboveMost(_:)`` when the amount went to another request meanwhile; ``Refusal/tooMuchProof``,
    ///   ``Refusal/stale(version:)``, ``Refusal/contactUnproved``; for an agent ``Refusal/notAllowed``,
    ///   ``Refusal/consentMissing``.
    public func appeal(
        _ number: CaseNumber, grounds: String, proofs: [NewProof], version: Int64, by claimant: Claimant
    ) async throws {
        let text = try checkExplanation(grounds, "grounds")
        let now = clock()
        let proofIDs = try proofs.map { _ in try newID() }
        let postingID = try newID()
        let message = try newMessage(.appealed)
        try await store.write { sql in
            let row = try claimed(number, by: claimant, to: .appeal, at: now, sql)
            try requireVersion(version, row)
            guard let step = RefundCase.transition(.appeal, from: row.state, by: claimant.kind) else {
                throw Refusal.notNow(state: row.state)
            }
            try EventTable.hold(row.merchantID, sql)
            try require(step, Attempt(row: row, now: now, deadline: row.appealUntil), sql)
            // A decision that can still be taken back is not one yet.
            if let until = row.undoUntil, now < until { throw Refusal.notNow(state: row.state) }
            try reserveAgain(row, postingID: postingID, at: now, sql)
            for (id, proof) in zip(proofIDs, proofs) {
                try insert(proof, id: id, into: row, by: claimant.uploader, questionID: nil, at: now, sql)
            }
            try OutboxTable.cancel(.closeEnded, ofCase: row.id, at: now, sql)
            try CaseTable.move(row, to: step.to, at: now, sql)
            let due = try beginAgain(row, appealed: now, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: claimant.actor, what: "case.appealed", transition: step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: claimant.facts.merging(
                    [
                        "files": String(proofs.count), "asked_minor": String(row.asked?.minor ?? 0),
                        "granted_minor": String(row.approved?.minor ?? 0),
                    ]
                ) { $1 }.merging(due.facts("due")) { $1 }, text: text)
            try EventTable.append(event, at: now, seals, sql)
            var told = message
            told.values = due.facts("due")
            try tell(told, about: row, at: now, sql)
        }
    }

    /// Makes a case nobody's and everybody's again: the decision is due anew, and the last one stays to be read.
    ///
    /// - Returns: the day by which it is decided.
    func beginAgain(
        _ row: CaseRow, appealed: Moment?, at now: Moment, _ sql: any SQLTransaction
    ) throws -> WorkingDays.Counted {
        let days = try policy(of: row, sql).decisionWorkingDays
        let due = try calendar(sql).adding(days, to: today(row.merchantID, now, sql))
        try sql.run(
            """
            UPDATE refund_case
            SET    appealed_ms = $1, assignee_id = NULL, due_on = $2, due_exact = $3, undo_until_ms = NULL,
                   appeal_until_ms = NULL, first_by = NULL, first_ms = NULL, proposed_minor = NULL,
                   offered_minor = NULL, offer_until_ms = NULL, offer_reason = NULL
            WHERE  id = $4
            """, [.int(appealed?.milliseconds), .text(due.day.iso), due.exactValue, .text(row.id)])
        try planEscalation(of: row, after: due.day, at: now, sql)
        return due
    }
}
