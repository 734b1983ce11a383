import RefundDomain
import Storage

/// Uploaded files of cases.
enum ProofTable {
    static func list(_ caseID: String, _ sql: any SQLReading) throws -> [ProofItem] {
        try sql.rows(
            """
            SELECT   id, kind, media_type, bytes, uploaded_by, created_ms
            FROM     proof
            WHERE    case_id = $1
            AND      removed_ms IS NULL
            ORDER BY created_ms, id
            LIMIT    50
            """, [.text(caseID)]
        ).map { row in
            ProofItem(
                id: try row.text("id"), kind: ProofKind(rawValue: try row.text("kind")) ?? .other,
                mediaType: try row.text("media_type"), bytes: try row.int("bytes"),
                uploaded: Moment(milliseconds: try row.int("created_ms")), uploadedBy: try row.text("uploaded_by"))
        }
    }
}
