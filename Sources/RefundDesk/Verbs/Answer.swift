public import RefundDomain
import Storage

extension Desk {
    /// Answers the open question (R7) with words, a file or both; then the reviewer goes on.
    ///
    /// - Throws: ``Refusal/field(_:_:)`` when there is neither, ``Refusal/notNow(state:)``,
    ///   ``Refusal/stale(version:)``, ``Refusal/tooMuchProof``.
    public func answer(
        _ number: CaseNumber, text: String, proofs: [NewProof], version: Int64, visitor: String
    ) async throws {
        let words = text.trimmed
        if words.isEmpty, proofs.isEmpty { throw Refusal.field("text", .missing) }
        try check(words, "text", TextLimits.answerCharactersMax)
        let now = clock()
        let proofIDs = try proofs.map { _ in try newID() }
        try await store.write { sql in
            let row = try seen(number, by: visitor, at: now, sql).row
            try requireVersion(version, row)
            guard let step = RefundCase.transition(.answer, from: row.state, by: .cardholder) else {
                throw Refusal.notNow(state: row.state)
            }
            let questionID = try close(row, with: words, at: now, sql)
            for (id, proof) in zip(proofIDs, proofs) {
                try insert(proof, id: id, into: row, by: "cardholder", questionID: questionID, at: now, sql)
            }
            try CaseTable.move(row, to: step.to, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: .cardholder, what: "case.answered", transition: step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: ["files": String(proofs.count)], text: words.isEmpty ? nil : words)
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
