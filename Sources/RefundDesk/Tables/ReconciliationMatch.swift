import RefundDomain
import Storage

extension ReconciliationTable {
    static func ours(_ id: String, _ sql: any SQLReading) throws -> Ours? {
        try sql.row(
            """
            SELECT movement.id, movement.case_id, movement.currency, movement.gross_minor, movement.state,
                   channel_account.channel
            FROM   movement
            JOIN   channel_account
            ON     channel_account.id = movement.account_id
            WHERE  movement.id = $1
            """, [.text(id)]
        ).map(ours)
    }

    private static func ours(_ row: SQLRow) throws -> Ours {
        Ours(
            id: try row.text("id"), caseID: try row.text("case_id"), channel: try row.word("channel"),
            gross: try row.money("gross_minor"), state: try row.word("state"))
    }

    /// The movement that a refund of a file is: by our number, else by the channel's, else by what both must have in
    /// common, when only one has it. A movement is one refund: what has a line already has no second.
    static func movement(
        of refund: StatementRefund, at refunded: Moment, in merchantID: String, _ sql: any SQLReading
    ) throws -> String? {
        if let number = refund.refundNumber,
            let found = try byOurNumber(number, refund.channel, merchantID, sql)
        {
            return found
        }
        if let number = refund.channelRefundNumber,
            let found = try byTheirNumber(number, refund.channel, merchantID, sql)
        {
            return found
        }
        return refund.channel == .unionPay ? try byTraits(refund, at: refunded, merchantID, sql) : nil
    }

    private static func byOurNumber(
        _ number: String, _ channel: Channel, _ merchantID: String, _ sql: any SQLReading
    ) throws -> String? {
        try sql.row(
            """
            SELECT movement.id
            FROM   movement
            JOIN   channel_account
            ON     channel_account.id = movement.account_id
            WHERE  movement.refund_number = $1
            AND    movement.merchant_id = $2
            AND    channel_account.channel = $3
            AND    NOT EXISTS (SELECT 1 FROM reconciliation_line WHERE movement_id = movement.id)
            """, [.text(number), .text(merchantID), .text(channel.rawValue)]
        )?.text("id")
    }

    private static func byTheirNumber(
        _ number: String, _ channel: Channel, _ merchantID: String, _ sql: any SQLReading
    ) throws -> String? {
        let found = try sql.rows(
            """
            SELECT   movement.id
            FROM     movement
            JOIN     channel_account
            ON       channel_account.id = movement.account_id
            WHERE    movement.channel_refund_number = $1
            AND      movement.merchant_id = $2
            AND      channel_account.channel = $3
            AND      NOT EXISTS (SELECT 1 FROM reconciliation_line WHERE movement_id = movement.id)
            ORDER BY movement.id
            LIMIT    2
            """, [.text(number), .text(merchantID), .text(channel.rawValue)])
        return found.count == 1 ? try found.first?.text("id") : nil
    }

    /// How far the channel's clock and ours may be apart, in seconds.
    private static let clocksApartSeconds: Int64 = 120

    /// UnionPay's last way: time, amount, merchant and terminal, and the payment where the line names it.
    private static func byTraits(
        _ refund: StatementRefund, at refunded: Moment, _ merchantID: String, _ sql: any SQLReading
    ) throws -> String? {
        let found = try sql.rows(
            """
            SELECT   movement.id
            FROM     movement
            JOIN     channel_account
            ON       channel_account.id = movement.account_id
            JOIN     payment
            ON       payment.id = movement.payment_id
            WHERE    movement.merchant_id = $1
            AND      movement.sent_ms >= $2
            AND      movement.sent_ms <= $3
            AND      movement.currency = $4
            AND      movement.gross_minor = $5
            AND      channel_account.channel = $6
            AND      channel_account.merchant_number = $7
            AND      (CAST($8 AS TEXT) = '' OR COALESCE(payment.terminal_no, $8) = $8)
            AND      (CAST($9 AS TEXT) = '' OR COALESCE(payment.channel_transaction_no, $9) = $9)
            AND      NOT EXISTS (SELECT 1 FROM reconciliation_line WHERE movement_id = movement.id)
            ORDER BY movement.id
            LIMIT    2
            """,
            [
                .text(merchantID), .int(refunded.adding(seconds: -clocksApartSeconds).milliseconds),
                .int(refunded.adding(seconds: clocksApartSeconds).milliseconds), .text(refund.amount.currency.code),
                .int(refund.amount.minor), .text(refund.channel.rawValue), .text(refund.merchantNumber),
                .text(refund.slip.terminal ?? ""), .text(refund.channelTransactionNumber ?? ""),
            ])
        return found.count == 1 ? try found.first?.text("id") : nil
    }

    // MARK: What the file should have and has not

    /// Our refunds that were sent in a time and have no line in any file, by their ids behind `id`.
    static func withoutLine(
        _ channel: Channel, of merchantID: String, in time: Range<Moment>, after id: String, _ sql: any SQLReading
    ) throws -> [(ours: Ours, merchantNumber: String)] {
        try sql.rows(
            """
            SELECT   movement.id, movement.case_id, movement.currency, movement.gross_minor, movement.state,
                     channel_account.channel, channel_account.merchant_number
            FROM     movement
            JOIN     channel_account
            ON       channel_account.id = movement.account_id
            WHERE    movement.merchant_id = $1
            AND      movement.sent_ms >= $2
            AND      movement.sent_ms < $3
            AND      channel_account.channel = $4
            AND      movement.id > $5
            AND      NOT EXISTS (SELECT 1 FROM reconciliation_line WHERE movement_id = movement.id)
            ORDER BY movement.id
            LIMIT    $6
            """,
            [
                .text(merchantID), .int(time.lowerBound.milliseconds), .int(time.upperBound.milliseconds),
                .text(channel.rawValue), .text(id), .int(pageRows),
            ]
        ).map { (try ours($0), try $0.text("merchant_number")) }
    }

    /// Rows that are looked at together.
    static let pageRows = 500
}
