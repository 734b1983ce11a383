import RefundDomain
import Storage

/// A payment as the rules need it.
struct PaymentRow {
    let id: String
    let merchantID: String
    let channel: Channel?
    let accountID: String?
    let currency: Currency
    let amount: Money
    let fee: Money
    let refundedElsewhere: Money
    let open: Money
    let refunded: Money
    let committed: Money
    let feeGivenBack: Money
    let paidOn: Day
    let isVoided: Bool
    let refundCount: Int64
    let terminal: TerminalRefunds
    let family: TerminalFamily?
    /// The merchant's number that it was made under, else the account's own.
    let merchantNumber: String?
    let paidAt: Moment
    let accountIsReady: Bool
    let channelTransactionNumber: String?
    let merchantOrderNumber: String?
    let lastSent: Moment?
    /// What the merchant was settled with, where that is another currency than was paid.
    let settlement: Money?
    let disputed: Money
    let block: Block?

    /// Where it was made; nil without a channel.
    var origin: PaymentOrigin? {
        channel.map {
            PaymentOrigin(channel: $0, merchantNumber: merchantNumber, family: family, terminal: terminal)
        }
    }

    /// What the rules decide by.
    ///
    /// - Parameter able: as ``Desk/abilities(of:_:)`` says.
    func standing(_ able: RefundAbilities?) -> PaymentStanding {
        PaymentStanding(
            captured: amount, refundedElsewhere: refundedElsewhere, refunded: refunded, open: open, paidOn: paidOn,
            able: able, accountIsReady: accountIsReady, isVoided: isVoided, refundCount: refundCount,
            disputed: disputed, block: block)
    }

    /// What nobody has asked for, got or disputes.
    var left: Money { standing(nil).left }
}

/// SQL on payments that verbs share.
enum PaymentTable {
    static func find(_ id: String, _ sql: any SQLReading) throws -> PaymentRow? {
        try sql.row(
            """
            SELECT payment.id, payment.merchant_id, payment.channel, payment.account_id, payment.currency,
                   payment.amount_minor, payment.fee_minor, payment.refunded_elsewhere_minor,
                   payment.refunded_elsewhere_count, payment.open_minor, payment.refunded_minor,
                   payment.committed_minor, payment.fee_given_back_minor, payment.movement_count, payment.paid_on,
                   payment.voided_ms, payment.channel_transaction_no, payment.merchant_order_no,
                   payment.last_sent_ms, payment.settlement_currency, payment.settlement_minor,
                   payment.disputed_minor, payment.paid_at_ms, terminal.refunds, terminal.family,
                   COALESCE(payment.merchant_no, channel_account.merchant_number) AS merchant_number,
                   channel_account.stopped_reason, channel_account.id AS found_account_id,
                   (SELECT   block.kind
                    FROM     block
                    WHERE    block.payment_id = payment.id
                    AND      block.closed_ms IS NULL
                    ORDER BY block.closed_ms, block.id
                    LIMIT    1)
                   AS block_kind
            FROM   payment
            LEFT JOIN terminal
            ON     terminal.merchant_id = payment.merchant_id
            AND    terminal.terminal_no = payment.terminal_no
            LEFT JOIN channel_account
            ON     channel_account.id = payment.account_id
            WHERE  payment.id = $1
            """, [.text(id)]
        ).map(read)
    }

    /// Sets so much aside when that much is left; false when it is not.
    static func reserve(_ minor: Int64, of id: String, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE payment
            SET    open_minor = open_minor + $1
            WHERE  id = $2
            AND    refunded_elsewhere_minor + open_minor + refunded_minor + disputed_minor + $1 <= amount_minor
            """, [.int(minor), .text(id)]) == 1
    }

    /// Gives back what ``reserve(_:of:_:)`` set aside.
    static func release(_ minor: Int64, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE payment
            SET    open_minor = open_minor - $1
            WHERE  id = $2
            """, [.int(minor), .text(id)])
    }

    /// Counts a movement's amount and fee part, so that the next one's fee is rounded over all of them.
    static func commit(_ gross: Money, feeGivenBack: Money, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE payment
            SET    committed_minor = committed_minor + $1,
                   fee_given_back_minor = fee_given_back_minor + $2,
                   movement_count = movement_count + 1
            WHERE  id = $3
            """, [.int(gross.minor), .int(feeGivenBack.minor), .text(id)])
    }

    /// Takes back what ``commit(_:feeGivenBack:of:_:)`` counted, when a movement was called off or failed.
    static func uncommit(_ gross: Money, feeGivenBack: Money, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE payment
            SET    committed_minor = committed_minor - $1,
                   fee_given_back_minor = fee_given_back_minor - $2,
                   movement_count = movement_count - 1
            WHERE  id = $3
            """, [.int(gross.minor), .int(feeGivenBack.minor), .text(id)])
    }

    /// Turns an open amount into a refunded one.
    static func settle(_ minor: Int64, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE payment
            SET    open_minor = open_minor - $1, refunded_minor = refunded_minor + $1
            WHERE  id = $2
            """, [.int(minor), .text(id)])
    }

    /// Turns an open amount into one that was refunded without the channel.
    static func giveOutside(_ minor: Int64, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE payment
            SET    open_minor = open_minor - $1, refunded_elsewhere_minor = refunded_elsewhere_minor + $1,
                   refunded_elsewhere_count = refunded_elsewhere_count + 1
            WHERE  id = $2
            """, [.int(minor), .text(id)])
    }

    /// Turns a refunded amount into an open one again: the bank sent it back.
    static func unsettle(_ minor: Int64, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE payment
            SET    open_minor = open_minor + $1, refunded_minor = refunded_minor - $1
            WHERE  id = $2
            """, [.int(minor), .text(id)])
    }

    /// Notes that a refund of the payment is being sent; false while another one is under way, or the channel's gap
    /// since the last one is not over.
    ///
    /// One at a time, whichever worker has it: a call that nobody hears of again ends as unknown when its query is due.
    static func beginSending(
        _ id: String, at now: Moment, gapSeconds: Int64, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE payment
            SET    last_sent_ms = $1
            WHERE  id = $2
            AND    (last_sent_ms IS NULL OR last_sent_ms <= $3)
            AND    NOT EXISTS (
                SELECT id
                FROM   movement
                WHERE  payment_id = $2
                AND    state = 'sending'
            )
            """,
            [.int(now.milliseconds), .text(id), .int(now.adding(seconds: -gapSeconds).milliseconds)]) == 1
    }

    private static func read(_ row: SQLRow) throws -> PaymentRow {
        let currency = try row.currency()
        let channel = try row.textOrNil("channel").flatMap(Channel.init(rawValue:))
        let terminal = try row.textOrNil("refunds").flatMap(TerminalRefunds.init(rawValue:))
        let hasAccount = try row.textOrNil("found_account_id") != nil
        let isStopped = try row.textOrNil("stopped_reason") != nil
        let settlement = try row.textOrNil("settlement_currency").flatMap(Currency.init(code:)).flatMap {
            try row.moneyOrNil("settlement_minor", in: $0)
        }
        return PaymentRow(
            id: try row.text("id"), merchantID: try row.text("merchant_id"), channel: channel,
            accountID: try row.textOrNil("account_id"), currency: currency,
            amount: try row.money("amount_minor", in: currency),
            fee: try row.money("fee_minor", in: settlement?.currency ?? currency),
            refundedElsewhere: try row.money("refunded_elsewhere_minor", in: currency),
            open: try row.money("open_minor", in: currency), refunded: try row.money("refunded_minor", in: currency),
            committed: try row.money("committed_minor", in: currency),
            feeGivenBack: try row.money("fee_given_back_minor", in: settlement?.currency ?? currency),
            paidOn: try row.day("paid_on"),
            isVoided: try row.intOrNil("voided_ms") != nil,
            refundCount: try row.int("movement_count") + row.int("refunded_elsewhere_count"),
            terminal: terminal ?? .partial, family: try row.wordOrNil("family"),
            merchantNumber: try row.textOrNil("merchant_number"), paidAt: try row.moment("paid_at_ms"),
            accountIsReady: hasAccount && !isStopped,
            channelTransactionNumber: try row.textOrNil("channel_transaction_no"),
            merchantOrderNumber: try row.textOrNil("merchant_order_no"),
            lastSent: try row.intOrNil("last_sent_ms").map { Moment(milliseconds: $0) }, settlement: settlement,
            disputed: try row.money("disputed_minor", in: currency), block: try row.wordOrNil("block_kind"))
    }
}
