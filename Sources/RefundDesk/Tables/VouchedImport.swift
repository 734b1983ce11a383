import RefundDomain
import Storage
import Vault

/// What an import's event says of the payments and refunds that the import brought, of those of earlier imports that it
/// completed, and of what it counted as refunded elsewhere.
///
/// Rows are counted by sums of keyed digests, so that a million of them cost one fact, and a later import can say what
/// it changed in the sum of an earlier one.
struct VouchedImport: Sendable {
    private let secret: [UInt8]
    private var payments = RowDigest()
    private var refunds = RowDigest()
    /// By the earlier import that brought the row.
    private var changedPayments: [String: RowDigest] = [:]
    private var changedRefunds: [String: RowDigest] = [:]
    private var elsewhere = Sum()
    private var voided = Sum()

    /// A count and what it adds up to.
    struct Sum: Sendable, Hashable {
        var count: Int64 = 0
        var total: Int64 = 0

        var text: String { "\(count):\(total)" }

        init() {}

        init?(_ text: String?) {
            let parts = (text ?? "").split(separator: ":").map { Int64($0) }
            guard parts.count == 2, let count = parts[0], let total = parts[1] else { return nil }
            (self.count, self.total) = (count, total)
        }

        mutating func add(_ other: Sum) {
            count += other.count
            total &+= other.total
        }

        mutating func add(_ value: Int64) {
            count += 1
            total &+= value
        }
    }

    init(of merchantID: String, _ keys: Keys) {
        secret = Self.secret(of: merchantID, keys)
    }

    // MARK: Rows

    mutating func add(_ payment: StatementPayment, _ row: ImportTable.NewPayment) {
        Self.add(
            [
                .text(row.id), .text(row.merchantID), .text(payment.key), .text(payment.channel.rawValue),
                .text(payment.merchantNumber), .text(payment.slip.terminal), .text(payment.slip.batch),
                .text(payment.slip.trace), .text(payment.slip.reference), .text(payment.slip.authCode),
                .text(payment.channelTransactionNumber), .text(payment.merchantOrderNumber),
                .int(row.paidAt.milliseconds), .text(payment.paidAt.day.iso), .text(payment.card.first6),
                .text(payment.card.last4), .text(payment.card.kind?.rawValue), .text(payment.card.issuer),
                .text(payment.amount.currency.code), .int(payment.amount.minor), .int(payment.fee.minor),
                .text(payment.settledOn?.iso), .text(payment.settlement?.currency.code),
                .int(payment.settlement?.minor), .int(row.createdAt.milliseconds), .text(row.accountID),
            ], to: &payments, secret)
    }

    mutating func add(_ refund: StatementRefund, _ row: ImportTable.NewRefund) {
        Self.add(
            [
                .text(row.id), .text(row.merchantID), .text(refund.channel.rawValue), .text(refund.key),
                .text(row.paymentID), .text(row.movementID), .int(refund.amount.minor),
                .text(refund.amount.currency.code), .text(refund.status.rawValue), .int(row.createdAt.milliseconds),
            ], to: &refunds, secret)
    }

    /// Takes note of what changes in a payment that is there.
    mutating func changing(
        payment id: String, _ sql: any SQLTransaction, _ change: () throws -> Void
    ) throws {
        try Self.changing(id, Self.statementOfPayment, &changedPayments, secret, sql, change)
    }

    /// Takes note of what changes in a statement's refund that is there.
    mutating func changing(refund id: String, _ sql: any SQLTransaction, _ change: () throws -> Void) throws {
        try Self.changing(id, Self.statementOfRefund, &changedRefunds, secret, sql, change)
    }

    mutating func countElsewhere(_ amount: Money, voidedAt: Moment?) {
        elsewhere.add(amount.minor)
        if let voidedAt { voided.add(voidedAt.milliseconds) }
    }

    private static func changing(
        _ id: String, _ statement: String, _ changed: inout [String: RowDigest], _ secret: [UInt8],
        _ sql: any SQLTransaction, _ change: () throws -> Void
    ) throws {
        let before = try sql.row(statement, [.text(id)])
        try change()
        let after = try sql.row(statement, [.text(id)])
        guard let before, let after, let importID = try after.textOrNil("import_id") else { return }
        var (old, new) = (RowDigest(), RowDigest())
        add(Array(before.values.dropLast()), to: &old, secret)
        add(Array(after.values.dropLast()), to: &new, secret)
        changed[importID, default: RowDigest()].sum &+= new.sum &- old.sum
    }

    // MARK: Facts

    var facts: [String: String] {
        [
            "payments": Self.text(payments), "refunds": Self.text(refunds),
            "payments_changed": Self.text(changedPayments), "refunds_changed": Self.text(changedRefunds),
            "elsewhere": elsewhere.text, "voided": voided.text,
        ].filter { !$0.value.isEmpty }
    }

    static func text(_ digest: RowDigest) -> String {
        "\(digest.rows):\(String(UInt64(bitPattern: digest.sum), radix: 16))"
    }

    private static func text(_ changed: [String: RowDigest]) -> String {
        changed.sorted { $0.key < $1.key }.map { "\($0.key):\(text($0.value))" }.joined(separator: ",")
    }

    /// Reads a digest back.
    static func digest(_ text: some StringProtocol) -> RowDigest? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let rows = Int64(parts[0]), let sum = UInt64(parts[1], radix: 16) else { return nil }
        return RowDigest(rows: rows, sum: Int64(bitPattern: sum))
    }

    /// Reads what an import changed in others.
    static func changes(_ text: String?) -> [(importID: String, digest: RowDigest)] {
        (text ?? "").split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let digest = digest(parts[1]) else { return nil }
            return (String(parts[0]), digest)
        }
    }

    // MARK: Reading

    static func secret(of merchantID: String, _ keys: Keys) -> [UInt8] {
        keys.textDigest(merchantID, salt: "imported rows")
    }

    static func add(_ values: [SQLValue], to digest: inout RowDigest, _ secret: [UInt8]) {
        digest.add([.bytes(secret)] + values)
    }

    // The import is the last column and no part of the digest.

    static let statementOfPayments = """
        SELECT id, merchant_id, payment_key, channel, merchant_no, terminal_no, batch_no, trace_no, reference_no,
               auth_code, channel_transaction_no, merchant_order_no, paid_at_ms, paid_on, card_first6, card_last4,
               card_kind, issuer, currency, amount_minor, fee_minor, settled_on, settlement_currency,
               settlement_minor, created_ms, account_id, import_id
        FROM   payment
        """

    static let statementOfRefunds = """
        SELECT id, merchant_id, channel, refund_key, payment_id, movement_id, amount_minor, currency, status,
               created_ms, import_id
        FROM   statement_refund
        """

    private static let statementOfPayment = statementOfPayments + " WHERE id = $1"
    private static let statementOfRefund = statementOfRefunds + " WHERE id = $1"
}
