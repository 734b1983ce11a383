public import RefundDesk
public import RefundDomain
import Storage

/// One payment as a test wants it; what is not said is an ordinary WeChat payment of ¥100.00 at a terminal.
public struct SamplePayment: Sendable {
    /// The payment's id, made of its reference number.
    public var id: String { "payment-\(reference)" }
    /// The slip's 12-digit reference number; another one for each payment of a test.
    public var reference = "614233280012"
    /// The terminal of ``Samples/terminal``.
    public var terminal = Samples.terminal
    /// The slip's trace number.
    public var trace = "000812"
    /// Nil is a plain card payment, which this portal cannot send back yet.
    public var channel: Channel? = .wechatPay
    /// The channel's own number of the payment.
    public var transaction: String? = "4200002026112000000000000001"
    /// The last four digits of a card; nil for a wallet.
    public var cardLast4: String?
    /// Minor units.
    public var amountMinor: Int64 = 10_000
    /// Minor units.
    public var feeMinor: Int64 = 60
    /// Minor units that the channel's files show as refunded already.
    public var refundedElsewhereMinor: Int64 = 0
    /// The day of the payment, `2026-11-18`; it was made at 12:30 UTC.
    public var paidOn = "2026-11-18"

    /// An ordinary payment.
    public init() {}

    /// An ordinary payment, changed.
    public init(_ change: (inout SamplePayment) -> Void) {
        change(&self)
    }
}

/// People and things that most tests need.
public enum Samples {
    /// The code of the sample merchant, 山茶书店.
    public static let merchant = "camellia"
    /// A terminal of the sample merchant.
    public static let terminal = "10000001"

    /// Adds the sample merchant with a terminal and a WeChat Pay account; a second one under another code.
    public static func addMerchant(_ desk: Desk, code: String = merchant, terminal: String = terminal) async throws {
        try await desk.addMerchant(
            code: code, name: "山茶书店", nameEnglish: "Camellia Books", zone: "Asia/Shanghai", currency: .cny)
        try await desk.addTerminal(number: terminal, merchantCode: code, family: .smart, storeName: nil)
        _ = try await desk.addChannelAccount(
            merchantCode: code, channel: .wechatPay, name: "WeChat Pay", merchantNumber: "1900000001", settings: [])
    }

    /// Writes a payment as an import would: the row, and P0 on the merchant's books.
    public static func add(
        _ payment: SamplePayment = SamplePayment(), merchantCode: String = merchant, to desk: Desk
    ) async throws {
        guard let merchant = try await desk.merchants().first(where: { $0.code == merchantCode }),
            let day = Day(iso: payment.paidOn),
            let paid = LocalTime(day: day, hour: 12, minute: 30, second: 0)?.moment(secondsAheadOfUTC: 0)
        else { throw StoreFault.missingColumn("merchant") }
        let account = try await desk.channelAccounts(merchantCode: merchantCode).first { $0.channel == payment.channel }
        try await desk.store.write { sql in
            try sql.run(
                """
                INSERT INTO payment (id, merchant_id, payment_key, channel, account_id, terminal_no, trace_no,
                                     reference_no, channel_transaction_no, paid_at_ms, paid_on, card_last4, currency,
                                     amount_minor, fee_minor, refunded_elsewhere_minor, refunded_elsewhere_count,
                                     open_minor, refunded_minor, committed_minor, fee_given_back_minor,
                                     movement_count, created_ms)
                VALUES ($1, $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'CNY', $12, $13, $14, $15, 0, 0, 0, 0, 0, $9)
                """,
                [
                    .text(payment.id), .text(merchant.id), .text(payment.channel?.rawValue), .text(account?.id),
                    .text(payment.terminal), .text(payment.trace), .text(payment.reference),
                    .text(payment.transaction), .int(paid.milliseconds), .text(payment.paidOn),
                    .text(payment.cardLast4), .int(payment.amountMinor), .int(payment.feeMinor),
                    .int(payment.refundedElsewhereMinor), .int(payment.refundedElsewhereMinor > 0 ? 1 : 0),
                ])
            try postSale(payment, merchantID: merchant.id, at: paid, sql)
        }
    }

    private static func postSale(
        _ payment: SamplePayment, merchantID: String, at paid: Moment, _ sql: any SQLTransaction
    ) throws {
        let id = "sale-\(payment.reference)"
        try sql.run(
            """
            INSERT INTO posting (id, kind, merchant_id, created_ms)
            VALUES ($1, 'P0', $2, $3)
            """, [.text(id), .text(merchantID), .int(paid.milliseconds)])
        let net = payment.amountMinor - payment.feeMinor
        let lines: [(Account, Int64)] = [(.merchantAvailable, net), (.feeIncome, payment.feeMinor)]
        for (index, line) in lines.enumerated() {
            try sql.run(
                """
                INSERT INTO posting_line (posting_id, line, debit_account, credit_account, currency, amount_minor)
                VALUES ($1, $2, 'channel.settlement', $3, 'CNY', $4)
                """, [.text(id), .int(Int64(index + 1)), .text(line.0.rawValue), .int(line.1)])
        }
        for (account, minor) in lines + [(.channelSettlement, payment.amountMinor)] {
            try sql.run(
                """
                INSERT INTO balance (merchant_id, account, currency, balance_minor)
                VALUES ($1, $2, 'CNY', $3)
                ON CONFLICT (merchant_id, account, currency)
                DO UPDATE SET balance_minor = balance.balance_minor + $3
                """, [.text(merchantID), .text(account.rawValue), .int(minor)])
        }
    }
}
