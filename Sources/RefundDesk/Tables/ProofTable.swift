import RefundDomain
import Storage

/// Uploaded files of cases.
enum ProofTable {
    static func list(_ caseID: String, _ sql: any SQLReading) throws -> [ProofItem] {
        try sql.rows(
            """
            SELECT    proof.id, proof.kind, proof.media_type, proof.bytes, proof.uploaded_by, proof.created_ms,
                      proof_check.scan, proof_check.drawing, proof_check.shown_count, proof_check.page_count
            FROM      proof
            LEFT JOIN proof_check
            ON        proof_check.id = proof.id
            WHERE     proof.case_id = $1
            AND       proof.removed_ms IS NULL
            ORDER BY  proof.created_ms, proof.id
            LIMIT     50
            """, [.text(caseID)]
        ).map { row in
            ProofItem(
                id: try row.text("id"), kind: ProofKind(rawValue: try row.text("kind")) ?? .other,
                mediaType: try row.text("media_type"), bytes: try row.int("bytes"),
                uploaded: Moment(milliseconds: try row.int("created_ms")), uploadedBy: try row.text("uploaded_by"),
                standing: try ProofStanding(row))
        }
    }
}
