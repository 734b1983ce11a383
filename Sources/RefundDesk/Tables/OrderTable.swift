public import RefundDomain
public import Storage

/// A movement with the order that was sent for it.
public struct OrderedRefund: Sendable {
    public let movementID: String
    public let order: RefundOrder
}

extension Desk {
    /// The refund of a number at a channel account, as it was ordered; nil when there is none.
    ///
    /// When its money came back and goes to another account, the channel goes on under the same number: then it is the
    /// newest movement on that way.
    public func orderedRefund(number: String, accountID: String) async throws -> OrderedRefund? {
        let now = clock()
        return try await store.read { sql in
            let found = try sql.row(
                """
                SELECT id
                FROM   movement
                WHERE  refund_number = $1
                AND    account_id = $2
                AND    route IN ('original', 'void')
                """, [.text(number), .text(accountID)])
            guard var id = try found?.text("id") else { return nil }
            while let next = try detoured(after: id, sql) { id = next }
            guard let movement = try MovementTable.find(id, sql) else { return nil }
            let detour = try detour(of: movement, isOrder: false, sql)
            return OrderedRefund(movementID: id, order: try OrderTable.order(of: id, at: now, detour: detour, sql))
        }
    }

    /// Whether a movement calls its payment off instead of paying it back.
    public func isVoid(movement id: String, _ sql: any SQLReading) throws -> Bool {
        try OrderTable.order(of: id, at: clock(), detour: nil, sql).purpose == .void
    }

    private func detoured(after id: String, _ sql: any SQLReading) throws -> String? {
        try sql.row(
            """
            SELECT   id
            FROM     movement
            WHERE    replaces_id = $1
            AND      route = 'bank-card'
            ORDER BY id
            LIMIT    1
            """, [.text(id)])?.text("id")
    }
}

/// Puts orders together, in one place: sending, asking and notices speak of the same refund.
enum OrderTable {
    /// The order of a movement.
    ///
    /// - Parameter now: when it is sent, should this be the first time.
    static func order(
        of movementID: String, at now: Moment, reason: String? = nil, noticeAddress: String? = nil,
        detour: Detour?, _ sql: any SQLReading
    ) throws -> RefundOrder {
        guard
            let row = try sql.row(
                """
                SELECT    movement.refund_number, movement.route, movement.gross_minor, attempt.started_ms,
                          payment.currency, payment.amount_minor, payment.channel_transaction_no,
                          payment.merchant_order_no, payment.paid_at_ms, payment.paid_on, payment.merchant_no,
                          payment.terminal_no, payment.batch_no, payment.trace_no, payment.reference_no,
                          payment.auth_code, payment.card_first6, payment.card_last4
                FROM      movement
                JOIN      payment
                ON        payment.id = movement.payment_id
                LEFT JOIN attempt
                ON        attempt.movement_id = movement.id
                AND       attempt.number = 1
                WHERE     movement.id = $1
                """, [.text(movementID)])
        else { throw StoreFault.unexpectedNull("movement.id") }
        let firstSentAt = try row.momentOrNil("started_ms") ?? now
        let paidAt = try row.moment("paid_at_ms")
        // By when it was first sent, so that the same order is sent again, and asked for, whenever that is.
        let isVoid = try row.text("route") == "void" && UnionPayDay.isSame(paidAt, sendingAt: firstSentAt)
        return RefundOrder(
            refundNumber: try row.text("refund_number"), firstSentAt: firstSentAt, purpose: isVoid ? .void : .refund,
            channelTransactionNumber: try row.textOrNil("channel_transaction_no"),
            merchantOrderNumber: try row.textOrNil("merchant_order_no"),
            paidAt: paidAt, paidOn: try row.dayOrNil("paid_on"),
            merchantNumber: try row.textOrNil("merchant_no"), slip: try slip(row),
            card: StatementCard(first6: try row.textOrNil("card_first6"), last4: try row.textOrNil("card_last4")),
            amount: try row.money("gross_minor"), paymentTotal: try row.money("amount_minor"),
            reason: reason, noticeAddress: noticeAddress, detour: detour)
    }

    private static func slip(_ row: SQLRow) throws -> SlipNumbers {
        SlipNumbers(
            terminal: try row.textOrNil("terminal_no"), batch: try row.textOrNil("batch_no"),
            trace: try row.textOrNil("trace_no"), reference: try row.textOrNil("reference_no"),
            authCode: try row.textOrNil("auth_code"))
    }
}
