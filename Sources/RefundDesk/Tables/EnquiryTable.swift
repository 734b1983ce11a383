import RefundDomain
import Storage

/// What a cardholder complains about after the money went.
public enum EnquiryKind: String, Sendable, Hashable, CaseIterable {
    case wrongAmount = "wrong-amount"
    case notArrived = "not-arrived"
}

/// SQL on complaints about a case's money; what people wrote lies sealed.
enum EnquiryTable {
    struct New {
        let id: String
        let kind: EnquiryKind
        let movementID: String?
        let expected: Money?
        let details: String?
    }

    static func insert(
        _ new: New, of row: CaseRow, at now: Moment, _ seals: Seals, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO enquiry (id, case_id, movement_id, kind, expected_minor, details_sealed, opened_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .text(new.id), .text(row.id), .text(new.movementID), .text(new.kind.rawValue),
                .int(new.expected?.minor),
                .bytes(try seals.seal(new.details, place("details_sealed", new.id, row), sql)),
                .int(now.milliseconds),
            ])
    }

    /// Whether a complaint of a kind, or of any, waits for an answer.
    static func isOpen(_ kind: EnquiryKind? = nil, ofCase caseID: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            """
            SELECT   id
            FROM     enquiry
            WHERE    case_id = $1
            AND      answered_ms IS NULL
            AND      kind = COALESCE(CAST($2 AS TEXT), kind)
            ORDER BY opened_ms, id
            LIMIT    1
            """, [.text(caseID), .text(kind?.rawValue)]) != nil
    }

    /// Ends complaints of a kind that nobody needs to answer any more.
    static func settle(_ kind: EnquiryKind, ofCase caseID: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE enquiry
            SET    answered_ms = $1
            WHERE  case_id = $2
            AND    kind = $3
            AND    answered_ms IS NULL
            """, [.int(now.milliseconds), .text(caseID), .text(kind.rawValue)])
    }

    /// Writes the answer to a complaint; false when it has one.
    static func answer(
        _ id: String, _ text: String, of row: CaseRow, by staff: StaffMember, at now: Moment, _ seals: Seals,
        _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE enquiry
            SET    answer_sealed = $1, answered_by = $2, answered_ms = $3
            WHERE  id = $4
            AND    case_id = $5
            AND    answered_ms IS NULL
            """,
            [
                .bytes(try seals.seal(text, place("answer_sealed", id, row), sql)), .text(staff.id),
                .int(now.milliseconds), .text(id), .text(row.id),
            ]) == 1
    }

    static func place(_ column: String, _ id: String, _ row: CaseRow) -> SealPlace {
        SealPlace("enquiry", column, row: id, tenant: row.merchantID, .words)
    }
}
