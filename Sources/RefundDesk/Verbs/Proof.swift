public import RefundDomain
import Storage

/// A file that lies sealed in the proof store and is not yet anybody's.
public struct NewProof: Sendable {
    public let kind: ProofKind
    public let mediaType: String
    public let bytes: Int64
    /// SHA-256 of the clear content.
    public let sha256: [UInt8]
    /// The random name in the proof store.
    public let storedName: String
    /// The key that the file is sealed with; it is sealed itself before it is written down.
    public let fileKey: [UInt8]

    public init(
        kind: ProofKind, mediaType: String, bytes: Int64, sha256: [UInt8], storedName: String, fileKey: [UInt8]
    ) {
        self.kind = kind
        self.mediaType = mediaType
        self.bytes = bytes
        self.sha256 = sha256
        self.storedName = storedName
        self.fileKey = fileKey
    }
}

/// How much proof a case may have.
public enum ProofRoom {
    public static let filesMax: Int64 = 10
    /// 40 MiB.
    public static let bytesMax: Int64 = 40 * 1024 * 1024
}

extension Desk {
    /// How many bytes and files a draft still has room for.
    public func proofRoom(visitor: String) async throws -> (files: Int64, bytes: Int64) {
        let now = clock()
        return try await store.read { sql in try room(try ownDraft(visitor, at: now, sql).id, sql) }
    }

    /// How many bytes and files a case still has room for, for a visitor who may see it.
    public func proofRoom(of number: CaseNumber, visitor: String) async throws -> (files: Int64, bytes: Int64) {
        let now = clock()
        return try await store.read { sql in try room(try seen(number, by: visitor, at: now, sql).row.id, sql) }
    }

    /// How many bytes and files a case still has room for, for a member of staff who sees it.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func proofRoom(of number: CaseNumber, by staff: StaffMember) async throws -> (files: Int64, bytes: Int64) {
        try await store.read { sql in
            guard let row = try CaseTable.find(number: number, sql), row.wasSent, staff.sees(row.merchantID) else {
                throw Refusal.notFound
            }
            return try room(row.id, sql)
        }
    }

    /// Adds a stored file to a draft.
    ///
    /// - Throws: ``Refusal/tooMuchProof``; the caller then deletes the stored file.
    public func addProof(_ proof: NewProof, visitor: String, onBehalf behalf: OnBehalf? = nil) async throws {
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            let row = try ownDraft(visitor, at: now, sql)
            try requireAgent(behalf, .submit, of: row.merchantID)
            try insert(proof, id: id, into: row, by: behalf.uploader, questionID: nil, at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
            if let behalf { try recordProof(proof, id, row, by: behalf.staff.actor, at: now, sql) }
        }
    }

    /// Takes a file out of a draft; the store's names of it and of its pages come back, so that they can be deleted.
    public func removeProof(_ id: String, visitor: String) async throws -> [String] {
        let now = clock()
        return try await store.write { sql in
            let row = try ownDraft(visitor, at: now, sql)
            guard
                let found = try sql.row(
                    """
                    SELECT stored_name
                    FROM   proof
                    WHERE  id = $1
                    AND    case_id = $2
                    AND    removed_ms IS NULL
                    """, [.text(id), .text(row.id)])
            else { return [] }
            try sql.run(
                "UPDATE proof SET removed_ms = $1 WHERE id = $2", [.int(now.milliseconds), .text(id)])
            try CaseTable.touch(row.id, at: now, sql)
            return [try found.text("stored_name")] + (try ProofCheckTable.storedPages(of: id, sql))
        }
    }

    /// ``addProof(_:to:version:by:)`` for the person whose session it is.
    public func addProof(
        _ proof: NewProof, to number: CaseNumber, version: Int64, visitor: String
    ) async throws {
        try await addProof(proof, to: number, version: version, by: .visitor(visitor))
    }

    /// Adds a stored file to a case that was sent.
    ///
    /// - Throws: ``Refusal/stale(version:)``, ``Refusal/tooMuchProof``, ``Refusal/notNow(state:)``; for an agent
    ///   ``Refusal/notAllowed``, ``Refusal/consentMissing``.
    public func addProof(
        _ proof: NewProof, to number: CaseNumber, version: Int64, by claimant: Claimant
    ) async throws {
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            let row = try claimed(number, by: claimant, to: .answer, byLink: true, at: now, sql)
            try requireVersion(version, row)
            guard row.state.isUndecided else { throw Refusal.notNow(state: row.state) }
            try insert(proof, id: id, into: row, by: claimant.uploader, questionID: nil, at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
            try recordProof(proof, id, row, by: claimant.actor, at: now, sql)
        }
    }

    private func recordProof(
        _ proof: NewProof, _ id: String, _ row: CaseRow, by actor: Actor, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: row.merchantID, actor: actor, what: "proof.added", object: "proof", objectID: id,
            caseID: row.id, version: row.version + 1,
            facts: ["kind": proof.kind.rawValue, "media_type": proof.mediaType, "bytes": String(proof.bytes)])
        try EventTable.append(event, at: now, seals, sql)
    }

    /// Writes the row of a stored file, when the case still has room for it, and has it examined.
    func insert(
        _ proof: NewProof, id: String, into row: CaseRow, by uploader: String, questionID: String?, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        let room = try room(row.id, sql)
        guard room.files >= 1, room.bytes >= proof.bytes else { throw Refusal.tooMuchProof }
        let place = SealPlace("proof", "key_sealed", row: id, tenant: row.merchantID, .proof)
        try sql.run(
            """
            INSERT INTO proof (id, case_id, kind, media_type, bytes, sha256, stored_name, key_sealed, uploaded_by,
                               question_id, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .text(id), .text(row.id), .text(proof.kind.rawValue), .text(proof.mediaType), .int(proof.bytes),
                .bytes(proof.sha256), .text(proof.storedName), .bytes(try seals.seal(proof.fileKey, place, sql)),
                .text(uploader), .text(questionID), .int(now.milliseconds),
            ])
        try OutboxTable.add(.examineProof, id: id, caseID: row.id, notBefore: now, at: now, sql)
    }

    private func room(_ caseID: String, _ sql: any SQLReading) throws -> (files: Int64, bytes: Int64) {
        let used = try sql.row(
            """
            SELECT COUNT(*) AS files, COALESCE(SUM(bytes), 0) AS used
            FROM   proof
            WHERE  case_id = $1
            AND    removed_ms IS NULL
            """, [.text(caseID)])
        return (
            files: ProofRoom.filesMax - (try used?.int("files") ?? 0),
            bytes: ProofRoom.bytesMax - (try used?.int("used") ?? 0)
        )
    }
}
