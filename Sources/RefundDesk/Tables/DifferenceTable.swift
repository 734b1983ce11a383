import RefundDomain
import Storage

/// SQL of the worklist: where a channel's file and our refunds differ.
enum DifferenceTable {
    /// What was found to differ now.
    struct Finding {
        let kind: Difference
        let channel: Channel
        let line: ReconciliationTable.Line?
        let ours: ReconciliationTable.Ours?

        var currency: Currency { ours?.gross.currency ?? line?.amount.currency ?? .cny }
    }

    /// A difference that nobody has closed.
    struct Open {
        let id: String
        let merchantID: String
        let kind: Difference
        let lineID: String?
        let movementID: String?
        let openedAt: Moment
    }

    /// Whether the finding is in the worklist, or was explained by a person as it is now.
    static func isKnown(_ finding: Finding, _ sql: any SQLReading) throws -> Bool {
        let last = try sql.row(
            """
            SELECT   outcome, ours_minor, theirs_minor, our_state, their_status
            FROM     difference
            WHERE    kind = $1
            AND      (line_id = $2 OR (line_id IS NULL AND movement_id = $3))
            ORDER BY opened_ms DESC, id DESC
            LIMIT    1
            """, [.text(finding.kind.rawValue), .text(finding.line?.id ?? ""), .text(finding.ours?.id ?? "")])
        guard let last else { return false }
        guard let outcome = try last.textOrNil("outcome") else { return true }
        // A person has looked at exactly this; what fitted in between and differs again is new.
        return try outcome == Outcome.explained.rawValue
            && last.intOrNil("ours_minor") == finding.ours?.gross.minor
            && last.intOrNil("theirs_minor") == finding.line?.amount.minor
            && last.textOrNil("our_state") == finding.ours?.state.rawValue
            && last.textOrNil("their_status") == finding.line?.status.rawValue
    }

    static func insert(
        _ finding: Finding, id: String, of merchantID: String, in reconciliationID: String, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO difference (id, merchant_id, reconciliation_id, channel, kind, line_id, movement_id, currency,
                                    ours_minor, theirs_minor, our_state, their_status, opened_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            [
                .text(id), .text(merchantID), .text(reconciliationID), .text(finding.channel.rawValue),
                .text(finding.kind.rawValue), .text(finding.line?.id), .text(finding.ours?.id),
                .text(finding.currency.code), .int(finding.ours?.gross.minor),
                .int(finding.line?.amount.minor), .text(finding.ours?.state.rawValue),
                .text(finding.line?.status.rawValue), .int(now.milliseconds),
            ])
    }

    /// Open differences of a merchant, oldest first, behind a key.
    static func open(
        of merchantID: String, after: Open?, _ sql: any SQLReading
    ) throws -> [Open] {
        try sql.rows(
            """
            SELECT   id, merchant_id, kind, line_id, movement_id, opened_ms
            FROM     difference
            WHERE    merchant_id = $1
            AND      closed_ms IS NULL
            AND      (opened_ms, id) > ($2, $3)
            ORDER BY opened_ms, id
            LIMIT    $4
            """,
            [
                .text(merchantID), .int(after?.openedAt.milliseconds ?? .min), .text(after?.id ?? ""),
                .int(ReconciliationTable.pageRows),
            ]
        ).map(open)
    }

    static func open(ofMovement id: String, _ sql: any SQLReading) throws -> [Open] {
        try sql.rows(
            """
            SELECT   id, merchant_id, kind, line_id, movement_id, opened_ms
            FROM     difference
            WHERE    movement_id = $1
            AND      closed_ms IS NULL
            ORDER BY opened_ms, id
            LIMIT    10
            """, [.text(id)]
        ).map(open)
    }

    static func open(_ id: String, _ sql: any SQLReading) throws -> Open? {
        try sql.row(
            """
            SELECT id, merchant_id, kind, line_id, movement_id, opened_ms
            FROM   difference
            WHERE  id = $1
            AND    closed_ms IS NULL
            """, [.text(id)]
        ).map(open)
    }

    private static func open(_ row: SQLRow) throws -> Open {
        Open(
            id: try row.text("id"), merchantID: try row.text("merchant_id"), kind: try row.word("kind"),
            lineID: try row.textOrNil("line_id"), movementID: try row.textOrNil("movement_id"),
            openedAt: try row.moment("opened_ms"))
    }

    static func countOpen(of merchantID: String, _ sql: any SQLReading) throws -> Int {
        let found = try sql.row(
            "SELECT COUNT(*) AS found FROM difference WHERE merchant_id = $1 AND closed_ms IS NULL",
            [.text(merchantID)])
        return Int(try found?.int("found") ?? 0)
    }

    /// How a difference ended.
    enum Outcome: String {
        /// Both sides say the same now.
        case fits
        /// A person said why it is as it is.
        case explained
    }

    /// Closes what fits now; false when somebody was faster.
    static func closeFitting(_ id: String, at now: Moment, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE difference
            SET    closed_ms = $2, outcome = 'fits'
            WHERE  id = $1
            AND    closed_ms IS NULL
            """, [.text(id), .int(now.milliseconds)]) == 1
    }

    /// Closes what a person has explained; false when somebody was faster.
    static func closeExplained(
        _ id: String, note: [UInt8], by staffID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE difference
            SET    closed_ms = $2, outcome = 'explained', closed_by = $3, note_sealed = $4
            WHERE  id = $1
            AND    closed_ms IS NULL
            """, [.text(id), .int(now.milliseconds), .text(staffID), .bytes(note)]) == 1
    }

    /// Where the note of a difference lies sealed.
    static func place(_ id: String, _ merchantID: String) -> SealPlace {
        SealPlace("difference", "note_sealed", row: id, tenant: merchantID, .words)
    }
}
