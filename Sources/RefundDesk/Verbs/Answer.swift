public import RefundDomain
import Storage

extension Desk {
    /// ``answer(_:text:proofs:version:by:)`` for the person whose session it is.
    public func answer(
        _ number: CaseNumber, text: String, proofs: [NewProof], version: Int64, visitor: String
    ) async throws {
        try await answer(number, text: text, proofs: proofs, version: version, by: .visitor(visitor))
    }

    /// Answers the open question (R7) with words, a file or both; then the reviewer goes on.
    ///
    /// A question that ran out can still be answered for ``CaseClock/lateAnswerDays`` days: what was released is
    /// reserved and held again (P1).
    ///
    /// - Throws: ``Refusal/field(_:_:)`` when there is neither, ``Refusal/notNow(state:)``,
    ///   ``Refusal/stale(version:)``, ``Refusal/tooMuchProof``; ``Refusal/aboveMost(_:)`` when the amount is gone
    ///   meanwhile; for an agent ``Refusal/notAllowed``, ``Refusal/consentMissing``.
    public func answer(
        _ number: CaseNumber, text: String, proofs: [NewProof], version: Int64, by claimant: Claimant
    ) async throws {
        let words = text.trimmed
        if words.isEmpty, proofs.isEmpty { throw Refusal.field("text", .missing) }
        try check(words, "text", TextLimits.answerCharactersMax)
        let now = clock()
        let proofIDs = try proofs.map { _ in try newID() }
        let postingID = try newID()
        try await store.write { sql in
            let row = try claimed(number, by: claimant, to: .answer, byLink: true, at: now, sql)
            try requireVersion(version, row)
            let isLate = row.state == .expired
            guard
                let step = RefundCase.transition(
                    isLate ? .answerLate : .answer, from: row.state, by: claimant.kind)
            else { throw Refusal.notNow(state: row.state) }
            try EventTable.hold(row.merchantID, sql)
            if isLate {
                let until = row.changed.adding(seconds: CaseClock.lateAnswerDays * 86_400)
                try require(step, Attempt(row: row, now: now, deadline: until), sql)
                try reserveAgain(row, postingID: postingID, at: now, sql)
                try OutboxTable.cancel(.closeEnded, ofCase: row.id, at: now, sql)
            }
            let questionID = try close(row, with: words, at: now, sql)
            for (id, proof) in zip(proofIDs, proofs) {
                try insert(proof, id: id, into: row, by: claimant.uploader, questionID: questionID, at: now, sql)
            }
            try OutboxTable.cancel(.followQuestion, ofCase: row.id, at: now, sql)
            try CaseTable.move(row, to: step.to, at: now, sql)
            try goOn(row, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: claimant.actor, what: "case.answered", transition: step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: claimant.facts.merging(["files": String(proofs.count)]) { $1 },
                text: words.isEmpty ? nil : words)
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// Writes the answer to the newest open question.
    private func close(
        _ row: CaseRow, with words: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> String {
        guard
            let open = try sql.row(
                """
                SELECT   id
                FROM     question
                WHERE    case_id = $1
                AND      answered_ms IS NULL
                ORDER BY asked_ms DESC, id DESC
                LIMIT    1
                """, [.text(row.id)])
        else { throw Refusal.notNow(state: row.state) }
        let id = try open.text("id")
        let place = SealPlace("question", "answer_sealed", row: id, tenant: row.merchantID, .words)
        try sql.run(
            """
            UPDATE question
            SET    answer_sealed = $1, answered_ms = $2
            WHERE  id = $3
            """,
            [.bytes(try seals.seal(words.isEmpty ? nil : words, place, sql)), .int(now.milliseconds), .text(id)])
        return id
    }
}
