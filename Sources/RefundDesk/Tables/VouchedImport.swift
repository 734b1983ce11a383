import RefundDomain
import Storage

/// What an import's event says of the payments and refunds that the import brought: how many, and a digest of what
/// never changes in them again.
struct VouchedImport: Sendable {
    private(set) var payments = RowDigest()
    private(set) var refunds = RowDigest()

    mutating func add(_ payment: StatementPayment, _ row: ImportTable.NewPayment) {
        payments.add([
            .text(row.id), .text(row.merchantID), .text(payment.channel.rawValue), .int(row.paidAt.milliseconds),
            .text(payment.paidAt.day.iso), .text(payment.amount.currency.code), .int(payment.amount.minor),
            .int(row.createdAt.milliseconds),
        ])
    }

    mutating func add(_ refund: StatementRefund, _ row: ImportTable.NewRefund) {
        refunds.add([
            .text(row.id), .text(row.merchantID), .text(refund.channel.rawValue), .text(refund.key),
            .text(row.movementID), .int(refund.amount.minor), .text(refund.amount.currency.code),
            .text(refund.status.rawValue), .int(row.createdAt.milliseconds),
        ])
    }

    var facts: [String: String] {
        ["payments": Self.text(payments), "refunds": Self.text(refunds)]
    }

    static func text(_ digest: RowDigest) -> String {
        "\(digest.rows):\(String(UInt64(bitPattern: digest.sum), radix: 16))"
    }
}
