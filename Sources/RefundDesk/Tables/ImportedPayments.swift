import RefundDomain
import Storage

extension StatementPayment {
    /// What makes the payment the same in every file: the channel's own number, else the slip's numbers and its day.
    var key: String {
        if let number = channelTransactionNumber { return "\(channel.rawValue):\(number)" }
        return slipKey(merchantNumber, slip, paidAt.day)
    }
}

/// The key of what stands on a slip.
func slipKey(_ merchantNumber: String, _ slip: SlipNumbers, _ day: Day) -> String {
    "slip:\(merchantNumber):\(slip.terminal ?? ""):\(slip.batch ?? ""):\(slip.trace ?? ""):\(day.iso)"
}

extension ImportTable {
    /// What a new payment has besides its line.
    struct NewPayment {
        let id: String
        let merchantID: String
        let accountID: String?
        let paidAt: Moment
        let importID: String
        let createdAt: Moment
        /// Whether the payments of its order have still to be looked at.
        var mayJoin = true
    }

    /// A payment that is there already.
    struct Known {
        let id: String
        let currency: Currency
        let amountMinor: Int64
        let feeMinor: Int64
        /// Nil where the merchant is settled in the currency that was paid.
        let settlementCurrency: Currency?
        let transaction: String?
        let order: String?
        let slip: SlipNumbers
        let paidOn: String

        private var hasSlip: Bool { slip.trace != nil }

        /// Whether the line is the very payment: by the channel's number, or by the slip.
        func isSame(as payment: StatementPayment) -> Bool {
            if let transaction, transaction == payment.channelTransactionNumber { return true }
            return hasSlip && isSameSlip(payment.slip) && paidOn == payment.paidAt.day.iso
        }

        /// Whether the payment of an order is told from the other side only: by the channel, or by a slip.
        func lacksWhatIsNew(in payment: StatementPayment) -> Bool {
            let bringsNumber = transaction == nil && payment.channelTransactionNumber != nil
            let bringsSlip = !hasSlip && payment.slip.trace != nil
            let clashes = transaction != nil && payment.channelTransactionNumber != nil
            return (bringsNumber && payment.slip.trace == nil) || (bringsSlip && !clashes)
        }

        /// Whether there is something on the line that is not stored yet.
        func lacksSomething(of payment: StatementPayment) -> Bool {
            (slip.terminal == nil && payment.slip.terminal != nil)
                || (slip.trace == nil && payment.slip.trace != nil)
                || (transaction == nil && payment.channelTransactionNumber != nil)
                || (order == nil && payment.merchantOrderNumber != nil)
        }

        /// The figure that differs, in words; nil when the line says the same.
        func difference(from payment: StatementPayment) -> String? {
            if currency != payment.amount.currency { return "currency" }
            if amountMinor != payment.amount.minor { return "amount" }
            if payment.settlement != nil, payment.settlement?.currency != settlementCurrency { return "settlement" }
            if hasSlip, payment.slip.trace != nil, !isSameSlip(payment.slip) { return "slip" }
            // Two files of one wallet payment are of two sources, which round and charge differently.
            if transaction == nil, feeMinor != 0, payment.fee.minor != feeMinor,
                payment.channelTransactionNumber == nil
            {
                return "fee"
            }
            return nil
        }

        private func isSameSlip(_ other: SlipNumbers) -> Bool {
            slip.terminal == other.terminal && slip.batch == other.batch && slip.trace == other.trace
        }
    }

    /// Adds a payment; false when one with its key is there, or one of its order that it may have to join.
    ///
    /// One statement for all of it, because nearly every row of a file is new.
    static func insert(
        _ payment: StatementPayment, _ row: NewPayment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            INSERT INTO payment (id, merchant_id, payment_key, channel, account_id, merchant_no, terminal_no, batch_no,
                                 trace_no, reference_no, auth_code, channel_transaction_no, merchant_order_no,
                                 paid_at_ms, paid_on, card_first6, card_last4, card_kind, issuer, currency,
                                 amount_minor, fee_minor, settled_on, refunded_elsewhere_minor,
                                 refunded_elsewhere_count, open_minor, refunded_minor, committed_minor,
                                 fee_given_back_minor, movement_count, import_id, created_ms,
                                 settlement_currency, settlement_minor)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                   $23, 0, 0, 0, 0, 0, 0, 0, $24, $25, $27, $28
            WHERE  $26 = 0
            OR     NOT EXISTS (SELECT 1
                               FROM   payment
                               WHERE  merchant_order_no = $13
                               AND    merchant_id = $2
                               AND    channel = $4)
            ON CONFLICT (merchant_id, payment_key) DO NOTHING
            """,
            [
                .text(row.id), .text(row.merchantID), .text(payment.key), .text(payment.channel.rawValue),
                .text(row.accountID), .text(payment.merchantNumber), .text(payment.slip.terminal),
                .text(payment.slip.batch), .text(payment.slip.trace), .text(payment.slip.reference),
                .text(payment.slip.authCode), .text(payment.channelTransactionNumber),
                .text(payment.merchantOrderNumber), .int(row.paidAt.milliseconds), .text(payment.paidAt.day.iso),
                .text(payment.card.first6), .text(payment.card.last4), .text(payment.card.kind?.rawValue),
                .text(payment.card.issuer), .text(payment.amount.currency.code), .int(payment.amount.minor),
                .int(payment.fee.minor), .text(payment.settledOn?.iso), .text(row.importID),
                .int(row.createdAt.milliseconds), .int(row.mayJoin ? 1 : 0),
                .text(payment.settlement?.currency.code), .int(payment.settlement?.minor),
            ]) == 1
    }

    static func find(key: String, of merchantID: String, _ sql: any SQLReading) throws -> Known? {
        try sql.row(
            """
            SELECT id, currency, amount_minor, fee_minor, settlement_currency, channel_transaction_no,
                   merchant_order_no, terminal_no, batch_no, trace_no, paid_on
            FROM   payment
            WHERE  merchant_id = $1
            AND    payment_key = $2
            """, [.text(merchantID), .text(key)]
        ).map(known)
    }

    /// The payments of one order; a till that splits a bill over two cards makes several.
    static func find(
        order: String, _ channel: Channel, of merchantID: String, _ sql: any SQLReading
    ) throws -> [Known] {
        try sql.rows(
            """
            SELECT   id, currency, amount_minor, fee_minor, settlement_currency, channel_transaction_no,
                     merchant_order_no, terminal_no, batch_no, trace_no, paid_on
            FROM     payment
            WHERE    merchant_order_no = $1
            AND      merchant_id = $2
            AND      channel = $3
            ORDER BY paid_at_ms, id
            LIMIT    $4
            """, [.text(order), .text(merchantID), .text(channel.rawValue), .int(paymentsOfOrderMax)]
        ).map(known)
    }

    /// Payments of one order that are looked at.
    private static let paymentsOfOrderMax = 20

    private static func known(_ row: SQLRow) throws -> Known {
        let slip = SlipNumbers(
            terminal: try row.textOrNil("terminal_no"), batch: try row.textOrNil("batch_no"),
            trace: try row.textOrNil("trace_no"))
        return Known(
            id: try row.text("id"), currency: try row.currency(), amountMinor: try row.int("amount_minor"),
            feeMinor: try row.int("fee_minor"),
            settlementCurrency: try row.textOrNil("settlement_currency").flatMap(Currency.init(code:)),
            transaction: try row.textOrNil("channel_transaction_no"),
            order: try row.textOrNil("merchant_order_no"), slip: slip, paidOn: try row.text("paid_on"))
    }

    /// Adds what a second file says to a payment; what is there already stays. With the channel's number the payment
    /// gets the key that goes with it.
    static func complete(_ id: String, with payment: StatementPayment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE payment
            SET    payment_key = COALESCE(CAST($2 AS TEXT), payment_key),
                   terminal_no = COALESCE(terminal_no, CAST($3 AS TEXT)),
                   batch_no = COALESCE(batch_no, CAST($4 AS TEXT)),
                   trace_no = COALESCE(trace_no, CAST($5 AS TEXT)),
                   reference_no = COALESCE(reference_no, CAST($6 AS TEXT)),
                   auth_code = COALESCE(auth_code, CAST($7 AS TEXT)),
                   channel_transaction_no = COALESCE(channel_transaction_no, CAST($8 AS TEXT)),
                   merchant_order_no = COALESCE(merchant_order_no, CAST($9 AS TEXT)),
                   card_first6 = COALESCE(card_first6, CAST($10 AS TEXT)),
                   card_last4 = COALESCE(card_last4, CAST($11 AS TEXT)),
                   card_kind = COALESCE(card_kind, CAST($12 AS TEXT)),
                   issuer = COALESCE(issuer, CAST($13 AS TEXT)),
                   settled_on = COALESCE(settled_on, CAST($14 AS TEXT))
            WHERE  id = $1
            """,
            [
                .text(id), .text(payment.channelTransactionNumber == nil ? nil : payment.key),
                .text(payment.slip.terminal), .text(payment.slip.batch), .text(payment.slip.trace),
                .text(payment.slip.reference), .text(payment.slip.authCode), .text(payment.channelTransactionNumber),
                .text(payment.merchantOrderNumber), .text(payment.card.first6), .text(payment.card.last4),
                .text(payment.card.kind?.rawValue), .text(payment.card.issuer), .text(payment.settledOn?.iso),
            ])
    }

    /// Gives a payment the fee that its first file did not have; false when money of it is already on its way back.
    static func setFee(_ fee: Money, of id: String, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE payment
            SET    fee_minor = $2
            WHERE  id = $1
            AND    fee_minor = 0
            AND    open_minor = 0
            AND    committed_minor = 0
            """, [.text(id), .int(fee.minor)]) == 1
    }
}
