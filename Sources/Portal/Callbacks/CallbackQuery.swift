import RefundDesk
import RefundDomain
import Storage

/// What a notice is held against.
struct CallbackQuery: Sendable {
    let desk: Desk

    /// A movement with the order that was sent for it.
    struct NoticedRefund: Sendable {
        let movementID: String
        let order: RefundOrder
    }

    /// The account that an address names; nil when there is none of that channel.
    func accountID(_ channel: Channel, _ callbackName: String) async throws -> String? {
        try await desk.store.read { sql in
            try sql.row(
                """
                SELECT id
                FROM   channel_account
                WHERE  callback_name = $1
                AND    channel = $2
                """, [.text(callbackName), .text(channel.rawValue)])?.text("id")
        }
    }

    /// The refund of a number at an account, with what it was ordered as.
    func refund(_ number: String, accountID: String) async throws -> NoticedRefund? {
        try await desk.store.read { sql in
            guard
                let row = try sql.row(
                    """
                    SELECT movement.id, movement.refund_number, movement.gross_minor, payment.currency,
                           payment.amount_minor, payment.channel_transaction_no, payment.merchant_order_no
                    FROM   movement
                    JOIN   payment
                    ON     payment.id = movement.payment_id
                    WHERE  movement.refund_number = $1
                    AND    movement.account_id = $2
                    """, [.text(number), .text(accountID)]),
                let currency = Currency(code: try row.text("currency")),
                let amount = Money(minor: try row.int("gross_minor"), currency: currency),
                let total = Money(minor: try row.int("amount_minor"), currency: currency)
            else { return nil }
            return NoticedRefund(
                movementID: try row.text("id"),
                order: RefundOrder(
                    refundNumber: try row.text("refund_number"),
                    channelTransactionNumber: try row.textOrNil("channel_transaction_no"),
                    merchantOrderNumber: try row.textOrNil("merchant_order_no"), amount: amount, paymentTotal: total,
                    reason: nil, noticeAddress: nil))
        }
    }
}
