import RefundDomain
import Storage

extension StatementRefund {
    /// What makes the refund the same in every file: its number with the channel, the merchant's, else its slip.
    ///
    /// Alipay's request numbers need only differ within one payment (`out_request_no`).
    var key: String {
        if channel == .alipay, let payment = channelTransactionNumber, let request = refundNumber {
            return "\(payment):\(request)"
        }
        return channelRefundNumber ?? refundNumber ?? slipKey(merchantNumber, slip, refundedAt.day)
    }
}

extension ImportTable {
    /// What a new refund row has besides its line.
    struct NewRefund {
        let id: String
        let merchantID: String
        let paymentID: String?
        let movementID: String?
        let importID: String
        let createdAt: Moment
    }

    /// A movement of ours that a line tells of.
    struct OurMovement {
        let id: String
        let paymentID: String
    }

    /// The payment that a refund made elsewhere belongs to.
    struct RefundedPayment {
        let id: String
        let currency: Currency
        let amountMinor: Int64
        let cardLast4: String?
    }

    /// A refund row that is there already.
    struct KnownRefund {
        let id: String
        let amountMinor: Int64
        let currency: Currency
        let isUnmatched: Bool
    }

    static func movement(
        of refund: StatementRefund, _ merchantID: String, _ sql: any SQLReading
    ) throws -> OurMovement? {
        guard let number = refund.refundNumber else { return nil }
        return try sql.row(
            """
            SELECT id, payment_id
            FROM   movement
            WHERE  refund_number = $1
            AND    merchant_id = $2
            """, [.text(number), .text(merchantID)]
        ).map { row in
            OurMovement(id: try row.text("id"), paymentID: try row.text("payment_id"))
        }
    }

    /// The one payment that a refund names, by the channel's number, the order or the sale's reference number.
    static func payment(
        of refund: StatementRefund, _ merchantID: String, _ sql: any SQLReading
    ) throws -> RefundedPayment? {
        let found: [RefundedPayment]
        if let number = refund.channelTransactionNumber {
            found = try byKey("\(refund.channel.rawValue):\(number)", merchantID, sql)
        } else if let order = refund.merchantOrderNumber {
            found = try byOrder(order, refund.channel, merchantID, sql)
        } else if let reference = refund.slip.reference {
            found = try byReference(reference, refund.channel, merchantID, sql)
        } else {
            found = []
        }
        let fitting = found.filter { payment in
            payment.amountMinor >= refund.amount.minor
                && (payment.cardLast4 == nil || refund.card.last4 == nil || payment.cardLast4 == refund.card.last4)
        }
        return fitting.count == 1 ? fitting.first : nil
    }

    private static func byKey(
        _ key: String, _ merchantID: String, _ sql: any SQLReading
    ) throws -> [RefundedPayment] {
        try sql.rows(
            """
            SELECT   id, currency, amount_minor, card_last4
            FROM     payment
            WHERE    merchant_id = $1
            AND      payment_key = $2
            ORDER BY id
            LIMIT    2
            """, [.text(merchantID), .text(key)]
        ).map(refunded)
    }

    private static func byOrder(
        _ order: String, _ channel: Channel, _ merchantID: String, _ sql: any SQLReading
    ) throws -> [RefundedPayment] {
        try sql.rows(
            """
            SELECT   id, currency, amount_minor, card_last4
            FROM     payment
            WHERE    merchant_order_no = $1
            AND      merchant_id = $2
            AND      channel = $3
            ORDER BY id
            LIMIT    20
            """, [.text(order), .text(merchantID), .text(channel.rawValue)]
        ).map(refunded)
    }

    private static func byReference(
        _ reference: String, _ channel: Channel, _ merchantID: String, _ sql: any SQLReading
    ) throws -> [RefundedPayment] {
        try sql.rows(
            """
            SELECT   id, currency, amount_minor, card_last4
            FROM     payment
            WHERE    reference_no = $1
            AND      merchant_id = $2
            AND      channel = $3
            ORDER BY id
            LIMIT    20
            """, [.text(reference), .text(merchantID), .text(channel.rawValue)]
        ).map(refunded)
    }

    private static func refunded(_ row: SQLRow) throws -> RefundedPayment {
        RefundedPayment(
            id: try row.text("id"), currency: try row.currency(), amountMinor: try row.int("amount_minor"),
            cardLast4: try row.textOrNil("card_last4"))
    }

    static func find(
        refundKey: String, _ channel: Channel, of merchantID: String, _ sql: any SQLReading
    ) throws -> KnownRefund? {
        try sql.row(
            """
            SELECT id, amount_minor, currency, payment_id
            FROM   statement_refund
            WHERE  merchant_id = $1
            AND    channel = $2
            AND    refund_key = $3
            """, [.text(merchantID), .text(channel.rawValue), .text(refundKey)]
        ).map { row in
            KnownRefund(
                id: try row.text("id"), amountMinor: try row.int("amount_minor"), currency: try row.currency(),
                isUnmatched: try row.textOrNil("payment_id") == nil)
        }
    }

    static func insert(_ refund: StatementRefund, _ row: NewRefund, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO statement_refund (id, merchant_id, channel, refund_key, payment_id, movement_id, amount_minor,
                                          currency, status, import_id, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .text(row.id), .text(row.merchantID), .text(refund.channel.rawValue), .text(refund.key),
                .text(row.paymentID), .text(row.movementID), .int(refund.amount.minor),
                .text(refund.amount.currency.code), .text(refund.status.rawValue), .text(row.importID),
                .int(row.createdAt.milliseconds),
            ])
    }

    /// Names the payment of a refund that had none; false when it has one by now.
    static func match(_ id: String, to paymentID: String, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE statement_refund
            SET    payment_id = $2
            WHERE  id = $1
            AND    payment_id IS NULL
            """, [.text(id), .text(paymentID)]) == 1
    }

    /// Takes so much off what is left of a payment; false when less is left.
    static func addElsewhere(
        _ amount: Money, voidedAt: Moment?, to paymentID: String, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE payment
            SET    refunded_elsewhere_minor = refunded_elsewhere_minor + $2,
                   refunded_elsewhere_count = refunded_elsewhere_count + 1,
                   voided_ms = COALESCE(voided_ms, CAST($3 AS BIGINT))
            WHERE  id = $1
            AND    refunded_elsewhere_minor + open_minor + refunded_minor + disputed_minor + $2 <= amount_minor
            """, [.text(paymentID), .int(amount.minor), .int(voidedAt?.milliseconds)]) == 1
    }
}
