public import RefundDomain
import Storage

/// What is needed to hand a proof out as it came.
public struct OpenProof: Sendable {
    public let id: String
    public let kind: ProofKind
    public let mediaType: String
    public let bytes: Int64
    public let storedName: String
    public let fileKey: [UInt8]
    public let caseNumber: String
}

/// What is needed to show a drawn page of a proof.
public struct OpenProofPage: Sendable {
    public let bytes: Int64
    public let storedName: String
    public let fileKey: [UInt8]
}

extension Desk {
    /// Opens a proof as it came for a member of staff who may see the case, and writes down that it was opened.
    ///
    /// - Throws: ``Refusal/notFound`` when there is none, or not for this person, or it has not passed the scanner.
    public func openProof(_ id: String, of number: CaseNumber, by staff: StaffMember) async throws -> OpenProof {
        let now = clock()
        return try await store.write { sql in
            guard let row = try CaseTable.find(number: number, sql), staff.sees(row.merchantID),
                row.wasSent,
                let found = try sql.row(
                    """
                    SELECT    proof.kind, proof.media_type, proof.bytes, proof.stored_name, proof.key_sealed,
                              proof_check.scan, proof_check.drawing, proof_check.shown_count, proof_check.page_count
                    FROM      proof
                    LEFT JOIN proof_check
                    ON        proof_check.id = proof.id
                    WHERE     proof.id = $1
                    AND       proof.case_id = $2
                    AND       proof.removed_ms IS NULL
                    """, [.text(id), .text(row.id)]),
                try ProofStanding(found).isPassed
            else { throw Refusal.notFound }
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "proof.opened", object: "proof", objectID: id,
                caseID: row.id, visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
            let place = ProofCheckTable.place(of: id, row.merchantID)
            return OpenProof(
                id: id, kind: ProofKind(rawValue: try found.text("kind")) ?? .other,
                mediaType: try found.text("media_type"), bytes: try found.int("bytes"),
                storedName: try found.text("stored_name"),
                fileKey: try seals.open(try found.bytes("key_sealed"), place, sql), caseNumber: row.number)
        }
    }

    /// Opens a page of a proof for a member of staff who may see the case.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func openProofPage(
        _ page: Int64, of id: String, of number: CaseNumber, by staff: StaffMember
    ) async throws -> OpenProofPage {
        try await store.read { sql in
            guard let row = try CaseTable.find(number: number, sql), staff.sees(row.merchantID), row.wasSent else {
                throw Refusal.notFound
            }
            return try open(page, of: id, row, sql)
        }
    }

    /// Opens a page of a proof for the cardholder; whoever came by the link alone sees none.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/contactUnproved``.
    public func openProofPage(
        _ page: Int64, of id: String, of number: CaseNumber, visitor: String
    ) async throws -> OpenProofPage {
        let now = clock()
        return try await store.read { sql in
            try open(page, of: id, try own(number, of: visitor, at: now, sql), sql)
        }
    }

    /// Opens a page of a proof of the visitor's draft.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func openProofPage(_ page: Int64, of id: String, visitor: String) async throws -> OpenProofPage {
        let now = clock()
        return try await store.read { sql in try open(page, of: id, try ownDraft(visitor, at: now, sql), sql) }
    }

    private func open(
        _ page: Int64, of id: String, _ row: CaseRow, _ sql: any SQLReading
    ) throws -> OpenProofPage {
        guard let found = try ProofCheckTable.page(page, of: id, inCase: row.id, sql) else { throw Refusal.notFound }
        let place = ProofCheckTable.place(ofPage: try found.text("id"), row.merchantID)
        return OpenProofPage(
            bytes: try found.int("bytes"), storedName: try found.text("stored_name"),
            fileKey: try seals.open(try found.bytes("key_sealed"), place, sql))
    }
}
