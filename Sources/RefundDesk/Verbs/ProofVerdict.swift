public import RefundDomain
import Storage

extension Desk {
    /// Says what a reviewer made of a file; the last word counts, the record keeps every one.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed`` for roles that decide nothing,
    ///   ``Refusal/stale(version:)``, ``Refusal/notNow(state:)`` once the case is decided,
    ///   ``Refusal/makerMayNotDecide``.
    public func judgeProof(
        _ proofID: String, of number: CaseNumber, as verdict: ProofVerdict, version: Int64, by staff: StaffMember
    ) async throws {
        let now = clock()
        try await store.write { sql in
            let row = try staffCase(number, version: version, by: staff, sql)
            guard staff.role.mayDecide else { throw Refusal.notAllowed }
            guard row.state.isUndecided else { throw Refusal.notNow(state: row.state) }
            try requireNotMaker(staff, of: row, sql)
            let judged = try sql.run(
                """
                UPDATE proof
                SET    verdict = $1, verdict_by = $2, verdict_ms = $3
                WHERE  id = $4
                AND    case_id = $5
                AND    removed_ms IS NULL
                """,
                [
                    .text(verdict.rawValue), .text(staff.id), .int(now.milliseconds), .text(proofID), .text(row.id),
                ])
            if judged != 1 { throw Refusal.notFound }
            try CaseTable.touch(row.id, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "proof.judged", object: "proof", objectID: proofID,
                caseID: row.id, version: row.version + 1, facts: ["verdict": verdict.rawValue])
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// A case that was sent, for a member of staff who sees it, in the version that their page showed.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/stale(version:)``.
    func staffCase(
        _ number: CaseNumber, version: Int64, by staff: StaffMember, _ sql: any SQLReading
    ) throws -> CaseRow {
        guard let row = try CaseTable.find(number: number, sql), row.submitted != nil, staff.sees(row.merchantID)
        else { throw Refusal.notFound }
        try requireVersion(version, row)
        return row
    }
}
