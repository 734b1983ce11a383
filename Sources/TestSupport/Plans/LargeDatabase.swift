import Foundation
import RefundDesk
public import Storage
import StoragePostgres
import StorageSQLite

/// One database an engine that has grown for years, made once for all tests of a process and only read by them.
public enum LargeDatabase {
    /// Every one has sold about as much; half of them have cases.
    public static let merchants: Int64 = 20
    /// Numbered from 1 on; a payment's number is part of each of its numbers.
    public static let payments: Int64 = 1_000_000
    /// One of ten payments has a case, with one of everything that belongs to a case that went well.
    public static let cases: Int64 = 100_000
    /// Tables that are filled; the others are empty.
    public static let filledTables: Set<String> = [
        "payment", "refund_case", "event", "movement", "attempt", "posting", "posting_line", "outbox",
    ]

    /// The database of an engine; whoever comes first waits until it is made.
    public static func shared(_ engine: EngineUnderTest) async throws -> any Store {
        switch engine {
        case .sqlite: try await sqlite.value
        case .postgres: try await postgres.value
        }
    }

    private static let sqlite = Task<any Store, any Error> {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rp-large-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try PostgresServer.removeWithProcess(folder.path)
        guard case .taken(let lock) = try WriterLock.take(databasePath: folder.path + "/large.sqlite") else {
            throw StoreFault.busy
        }
        let store = try SQLiteStore.open(writing: lock)
        try await fill(store)
        return store
    }

    private static let postgres = Task<any Store, any Error> {
        let store = try await PostgresStore.open(try await PostgresServer.shared().newSchema(), .maintenance)
        try await fill(store)
        return store
    }

    private static func fill(_ store: any Store) async throws {
        _ = try await Migrator(deskMigrations).migrate(store, now: 0)
        for (statement, count) in [
            (merchantRows, merchants), (accountRows, merchants), (paymentRows, payments), (caseRows, cases),
            (movementRows, cases), (attemptRows, cases), (postingRows, cases), (lineRows, cases), (eventRows, cases),
            (jobRows, cases),
        ] + LargeProofs.statements.map({ ($0, cases) }) {
            let text = SQLText.replacingWords(in: counter + statement) { word in
                word == "BYTES" ? (store.dialect == .sqlite ? "BLOB" : "BYTEA") : nil
            }
            try await store.write(.eachStatement) { sql in _ = try sql.run(text, [.int(count)]) }
        }
        // PostgreSQL does this by itself from time to time; SQLite never does, but somebody may.
        try await store.write(.eachStatement) { sql in _ = try sql.run("ANALYZE") }
    }

    /// Numbers from 1 to $1, which every statement below selects from.
    private static let counter = """
        WITH RECURSIVE counter (n) AS (
            SELECT CAST(1 AS BIGINT)
            UNION ALL
            SELECT n + 1
            FROM   counter
            WHERE  n < $1
        )

        """

    private static let merchantRows = """
        INSERT INTO merchant (id, code, name, zone, currency, created_ms)
        SELECT 'merchant-' || CAST(n AS TEXT), 'code-' || CAST(n AS TEXT), 'Shop', 'Asia/Shanghai', 'CNY', 0
        FROM   counter
        """

    private static let accountRows = """
        INSERT INTO channel_account (id, merchant_id, channel, name, merchant_number, callback_name, settings_sealed,
                                     created_ms)
        SELECT 'account-' || CAST(n AS TEXT), 'merchant-' || CAST(n AS TEXT), 'wechatpay', 'WeChat Pay', '1900000001',
               'callback-' || CAST(n AS TEXT), CAST('' AS BYTES), 0
        FROM   counter
        """

    /// About 3,000 a day, five terminals a merchant, 9,000 different cards' last digits.
    private static let paymentRows = """
        INSERT INTO payment (id, merchant_id, payment_key, channel, account_id, terminal_no, trace_no, reference_no,
                             channel_transaction_no, merchant_order_no, paid_at_ms, paid_on, card_last4, currency,
                             amount_minor, fee_minor, refunded_elsewhere_minor, refunded_elsewhere_count, open_minor,
                             refunded_minor, committed_minor, fee_given_back_minor, movement_count, created_ms)
        SELECT 'payment-' || CAST(1000000 + n AS TEXT), 'merchant-' || CAST(n % 20 + 1 AS TEXT),
               'key-' || CAST(1000000 + n AS TEXT), 'wechatpay', 'account-' || CAST(n % 20 + 1 AS TEXT),
               CAST(10000000 + n % 100 AS TEXT), CAST(100000 + n / 100 AS TEXT), CAST(600000000000 + n AS TEXT),
               CAST(4200000000000000000 + n AS TEXT), 'order-' || CAST(1000000 + n AS TEXT),
               1760000000000 + n * 28800,
               '2026-' || SUBSTR(CAST(101 + n / 84000 AS TEXT), 2, 2) || '-'
                   || SUBSTR(CAST(101 + n / 3000 % 28 AS TEXT), 2, 2),
               CAST(1000 + n * 7919 % 9000 AS TEXT), 'CNY', 10000, 60, 0, 0, 0, 0, 0, 0, 1, 0
        FROM   counter
        """

    /// Two of a hundred wait for a decision; half have no telephone number.
    private static let caseRows = """
        INSERT INTO refund_case (id, number, merchant_id, payment_id, state, version, intake, look_up, language, reason,
                                 currency, asked_minor, name_index, email_index, phone_index, policy_version,
                                 submission, due_on, contact_proved_ms, submitted_ms, created_ms, changed_ms)
        SELECT 'case-' || CAST(1000000 + n AS TEXT), 'number-' || CAST(1000000 + n AS TEXT),
               'merchant-' || CAST((n * 10 - n % 10) % 20 + 1 AS TEXT),
               'payment-' || CAST(1000000 + n * 10 - n % 10 AS TEXT),
               CASE n / 10 % 100 WHEN 0 THEN 'submitted' WHEN 1 THEN 'in_review' ELSE 'closed' END, 1, 'portal',
               'order', 'zh-Hans', 'cancelled', 'CNY', 5000, CAST('name-' || CAST(n % 20000 AS TEXT) AS BYTES),
               CAST('email-' || CAST(n % 80000 AS TEXT) AS BYTES),
               CASE n % 2 WHEN 0 THEN CAST('phone-' || CAST(n AS TEXT) AS BYTES) ELSE NULL END, '1',
               'submission-' || CAST(n AS TEXT),
               '2026-' || SUBSTR(CAST(101 + n / 8400 AS TEXT), 2, 2) || '-'
                   || SUBSTR(CAST(101 + n / 300 % 28 AS TEXT), 2, 2), 1, n, n, n
        FROM   counter
        """

    private static let movementRows = """
        INSERT INTO movement (id, case_id, payment_id, merchant_id, account_id, sequence, currency, gross_minor,
                              fee_given_back_minor, refund_number, state, attempts, replays, queries, sent_ms,
                              settled_ms, created_ms, changed_ms, taken_minor, cost_currency, cost_minor)
        SELECT 'movement-' || CAST(1000000 + n AS TEXT), 'case-' || CAST(1000000 + n AS TEXT),
               'payment-' || CAST(1000000 + n * 10 - n % 10 AS TEXT),
               'merchant-' || CAST((n * 10 - n % 10) % 20 + 1 AS TEXT),
               'account-' || CAST((n * 10 - n % 10) % 20 + 1 AS TEXT), 1, 'CNY', 5000, 0,
               'RP' || CAST(1000000 + n AS TEXT),
               'succeeded', 1, 0, 1, n, n, n, n, 5000, 'CNY', 5000
        FROM   counter
        """

    private static let attemptRows = """
        INSERT INTO attempt (movement_id, number, request_hash, started_ms, ended_ms, verdict)
        SELECT 'movement-' || CAST(1000000 + n AS TEXT), 1, CAST('' AS BYTES), n, n, 'succeeded'
        FROM   counter
        """

    private static let postingRows = """
        INSERT INTO posting (id, kind, merchant_id, case_id, movement_id, created_ms)
        SELECT 'posting-' || CAST(1000000 + n AS TEXT), 'P3', 'merchant-' || CAST((n * 10 - n % 10) % 20 + 1 AS TEXT),
               'case-' || CAST(1000000 + n AS TEXT), 'movement-' || CAST(1000000 + n AS TEXT), n
        FROM   counter
        """

    private static let lineRows = """
        INSERT INTO posting_line (posting_id, line, debit_account, credit_account, currency, amount_minor)
        SELECT 'posting-' || CAST(1000000 + n AS TEXT), 1, 'refund.in-flight', 'channel.settlement', 'CNY', 5000
        FROM   counter
        """

    private static let eventRows = """
        INSERT INTO event (stream, number, at_ms, actor, what, object, object_id, case_id, facts, visibility,
                           previous_hash, hash)
        SELECT 'merchant-' || CAST((n * 10 - n % 10) % 20 + 1 AS TEXT), n, n, 'cardholder', 'case.submitted', 'case',
               'case-' || CAST(1000000 + n AS TEXT), 'case-' || CAST(1000000 + n AS TEXT), '{}', 'public',
               CAST('' AS BYTES), CAST('' AS BYTES)
        FROM   counter
        """

    /// Nine of ten are done.
    private static let jobRows = """
        INSERT INTO outbox (id, kind, case_id, message_id, not_before_ms, attempts, lease, lease_until_ms, done_ms,
                            created_ms)
        SELECT 'job-' || CAST(1000000 + n AS TEXT), 'send-message', 'case-' || CAST(1000000 + n AS TEXT), 'none', n, 1,
               1, 0, CASE WHEN n % 10 = 0 THEN NULL ELSE n END, n
        FROM   counter
        """
}
