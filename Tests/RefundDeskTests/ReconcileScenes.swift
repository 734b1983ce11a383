import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// A channel's file as a test wants it.
struct ChannelFile {
    var items: [ImportItem] = []
    var format = "wechat-bill"
    var tellsOfRefunds = true

    init(_ rows: StatementRow...) {
        items = rows.map { .row($0) }
    }

    var source: ImportSource {
        let items = items
        return ImportSource(format: format, tellsOfRefunds: tellsOfRefunds) {
            var rest = items[...]
            return { rest.popFirst() }
        }
    }
}

extension DeskWorld {
    /// What the channel's file has of our refund.
    func line(
        _ filed: Filed, _ status: StatementRefund.Status = .succeeded, minor: Int64? = nil, daysAgo: Int64 = 0
    ) async throws -> StatementRefund {
        let movement = try await movement(filed)
        let number = try await text("SELECT refund_number AS value FROM movement WHERE id = $1", [.text(movement)])
        let gross = try await int("SELECT gross_minor AS value FROM movement WHERE id = $1", [.text(movement)])
        return try line(number, minor ?? gross, status, daysAgo: daysAgo)
    }

    /// What the channel's file has of a refund.
    func line(
        _ number: String, _ minor: Int64, _ status: StatementRefund.Status = .succeeded, daysAgo: Int64 = 0
    ) throws -> StatementRefund {
        let local = LocalTime(clock.now, secondsAheadOfUTC: 28_800)
        let at = LocalTime(day: local.day.adding(days: -daysAgo), hour: local.hour, minute: local.minute, second: 0)
        return StatementRefund(
            line: 2, kind: .refund, status: status, merchantNumber: DeskWorld.merchantNumber, channel: .wechatPay,
            refundedAt: try #require(at), refundNumber: number, channelRefundNumber: "503\(number)",
            channelTransactionNumber: "4200", amount: .fen(minor))
    }

    /// A payment of some day, so that the file covers it.
    func payment(daysAgo: Int64) throws -> StatementRow {
        .payment(try statementPayment(DeskWorld.transaction(9_000_000), .fen(100), daysAgo: daysAgo))
    }

    @discardableResult
    func reconcile(_ file: ChannelFile) async throws -> ReconcileResult {
        try await desk.reconcile(file.source, merchantCode: DeskWorld.merchantCode)
    }

    /// Kinds and outcomes of all differences, in the order of their opening.
    func differences() async throws -> [String] {
        try await store.read { sql in
            try sql.rows("SELECT kind, outcome FROM difference ORDER BY opened_ms, id LIMIT 100").map { row in
                [try row.text("kind"), try row.textOrNil("outcome")].compactMap(\.self).joined(separator: " ")
            }
        }
    }

    /// Counts what a second reading of a file must not add to.
    func written() async throws -> [Int64] {
        try await store.read { sql in
            try [
                "SELECT COUNT(*) AS found FROM event", "SELECT COUNT(*) AS found FROM reconciliation",
                "SELECT COUNT(*) AS found FROM reconciliation_line", "SELECT COUNT(*) AS found FROM difference",
                "SELECT COUNT(*) AS found FROM difference WHERE closed_ms IS NULL",
                "SELECT COALESCE(SUM(version), 0) AS found FROM refund_case",
            ].map { try sql.row($0)?.int("found") ?? -1 }
        }
    }

    /// Makes the only account one of another channel, with all its movements.
    func becomeUnionPay() async throws {
        try await store.write { sql in _ = try sql.run("UPDATE channel_account SET channel = 'unionpay'") }
    }
}

extension StatementRefund {
    func with(_ change: (inout StatementRefund) -> Void) -> StatementRefund {
        var copy = self
        change(&copy)
        return copy
    }
}
