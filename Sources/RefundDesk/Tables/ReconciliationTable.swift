import RefundDomain
import Storage

/// SQL of channels' files as they were read: which were, and every refund in them.
enum ReconciliationTable {
    /// A refund of a file as it is kept.
    struct Line {
        let id: String
        let channel: Channel
        let key: String
        let movementID: String?
        let amount: Money
        let status: StatementRefund.Status
    }

    /// A movement as it is held against a line.
    struct Ours {
        let id: String
        let caseID: String
        let channel: Channel
        let gross: Money
        let state: Movement.State
    }

    /// A line that is new.
    struct NewLine {
        let id: String
        let merchantID: String
        let reconciliationID: String
        let movementID: String?
        let refunded: Moment
    }

    static func find(digest: String, of merchantID: String, _ sql: any SQLReading) throws -> String? {
        try sql.row(
            "SELECT id FROM reconciliation WHERE merchant_id = $1 AND digest = $2", [.text(merchantID), .text(digest)]
        )?.text("id")
    }

    static func insert(
        _ id: String, of merchantID: String, format: String, digest: String, _ result: ReconcileResult,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO reconciliation (id, merchant_id, format, digest, from_on, to_on, read_count, refund_count,
                                        created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .text(id), .text(merchantID), .text(format), .text(digest), .text(result.days?.lowerBound.iso),
                .text(result.days?.upperBound.iso), .int(result.read), .int(result.refunds), .int(now.milliseconds),
            ])
    }

    // MARK: Lines

    static func line(_ key: String, _ channel: Channel, of merchantID: String, _ sql: any SQLReading) throws -> Line? {
        try sql.row(
            """
            SELECT id, channel, refund_key, movement_id, currency, amount_minor, status
            FROM   reconciliation_line
            WHERE  merchant_id = $1
            AND    channel = $2
            AND    refund_key = $3
            """, [.text(merchantID), .text(channel.rawValue), .text(key)]
        ).map(line)
    }

    static func line(_ id: String, _ sql: any SQLReading) throws -> Line? {
        try sql.row(
            """
            SELECT id, channel, refund_key, movement_id, currency, amount_minor, status
            FROM   reconciliation_line
            WHERE  id = $1
            """, [.text(id)]
        ).map(line)
    }

    static func line(ofMovement id: String, _ sql: any SQLReading) throws -> Line? {
        try sql.row(
            """
            SELECT id, channel, refund_key, movement_id, currency, amount_minor, status
            FROM   reconciliation_line
            WHERE  movement_id = $1
            """, [.text(id)]
        ).map(line)
    }

    private static func line(_ row: SQLRow) throws -> Line {
        Line(
            id: try row.text("id"), channel: try row.word("channel"), key: try row.text("refund_key"),
            movementID: try row.textOrNil("movement_id"), amount: try row.money("amount_minor"),
            status: try row.word("status"))
    }

    static func insert(_ refund: StatementRefund, _ new: NewLine, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO reconciliation_line (id, merchant_id, reconciliation_id, channel, refund_key, line, movement_id,
                                             refund_number, channel_refund_number, transaction_no, terminal_no,
                                             currency, amount_minor, status, refunded_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            [
                .text(new.id), .text(new.merchantID), .text(new.reconciliationID), .text(refund.channel.rawValue),
                .text(refund.key), .int(refund.line), .text(new.movementID), .text(refund.refundNumber),
                .text(refund.channelRefundNumber), .text(refund.channelTransactionNumber),
                .text(refund.slip.terminal), .text(refund.amount.currency.code), .int(refund.amount.minor),
                .text(refund.status.rawValue), .int(new.refunded.milliseconds),
            ])
    }

    /// What a later file says of the same refund, and the movement that it turned out to be.
    static func update(
        _ id: String, to refund: StatementRefund, movementID: String?, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE reconciliation_line
            SET    currency = $2, amount_minor = $3, status = $4, movement_id = $5
            WHERE  id = $1
            """,
            [
                .text(id), .text(refund.amount.currency.code), .int(refund.amount.minor),
                .text(refund.status.rawValue), .text(movementID),
            ])
    }

    /// Whether a refund that is none of ours was counted as made elsewhere when its statement was imported.
    static func isElsewhere(_ line: Line, of merchantID: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            """
            SELECT id
            FROM   statement_refund
            WHERE  merchant_id = $1
            AND    channel = $2
            AND    refund_key = $3
            AND    payment_id IS NOT NULL
            AND    movement_id IS NULL
            AND    currency = $4
            AND    amount_minor = $5
            """,
            [
                .text(merchantID), .text(line.channel.rawValue), .text(line.key), .text(line.amount.currency.code),
                .int(line.amount.minor),
            ]) != nil
    }
}
