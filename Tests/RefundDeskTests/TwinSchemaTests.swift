import RefundDesk
import Storage
import TestSupport
import Testing

/// The two engines hold the same tables, whatever a migration says to each of them.
@Suite struct TwinSchemaTests {
    /// What one engine could be changed to, and the table that it shows at.
    private static let changes = [
        ("CREATE TABLE extra (id TEXT NOT NULL PRIMARY KEY)", "extra"),
        ("DROP TABLE channel_notice", "channel_notice"),
        ("ALTER TABLE message ADD COLUMN extra TEXT", "message"),
        ("ALTER TABLE message DROP COLUMN language", "message"),
        ("ALTER TABLE message DROP COLUMN sent_ms, ADD COLUMN sent_ms TEXT", "message"),
        ("ALTER TABLE payment ALTER COLUMN amount_minor TYPE INTEGER", "payment"),
        ("ALTER TABLE payment ALTER COLUMN batch_no SET NOT NULL", "payment"),
        ("ALTER TABLE payment ALTER COLUMN channel DROP NOT NULL, ALTER COLUMN currency DROP NOT NULL", "payment"),
        ("ALTER TABLE payment ALTER COLUMN fee_minor SET DEFAULT 0", "payment"),
        ("ALTER TABLE payment ADD CHECK (amount_minor > 1)", "payment"),
        ("ALTER TABLE payment DROP CONSTRAINT payment_merchant_id_payment_key_key", "payment"),
        ("ALTER TABLE look_up_miss DROP CONSTRAINT look_up_miss_pkey", "look_up_miss"),
        (
            """
            ALTER TABLE look_up_miss DROP CONSTRAINT look_up_miss_pkey, ADD PRIMARY KEY (window_ms, bucket)
            """, "look_up_miss"
        ),
        ("ALTER TABLE outbox DROP CONSTRAINT outbox_case_id_fkey", "outbox"),
        (
            """
            ALTER TABLE outbox DROP CONSTRAINT outbox_case_id_fkey,
            ADD FOREIGN KEY (case_id) REFERENCES refund_case (id) ON DELETE CASCADE
            """, "outbox"
        ),
        ("DROP INDEX payment_slip", "payment"),
        ("CREATE INDEX extra ON payment (batch_no)", "payment"),
        ("CREATE UNIQUE INDEX extra ON payment (batch_no)", "payment"),
        ("DROP INDEX outbox_due; CREATE INDEX outbox_due ON outbox (not_before_ms, id)", "outbox"),
    ]

    /// Ends a transaction that is not to be kept.
    private struct Undone: Error {
        let differences: [String]
    }

    private static func sqlitePicture() async throws -> SchemaPicture {
        try await withStore(.sqlite) { store in
            _ = try await Migrator(deskMigrations).migrate(store, now: 0)
            return try await store.read { sql in try SchemaPicture(sql, .sqlite) }
        }
    }

    @Test func bothEnginesHaveTheSameTables() async throws {
        let sqlite = try await TwinSchemaTests.sqlitePicture()
        #expect(sqlite.lines.count > 300, "little of the schema was seen")
        try await withStore(.postgres) { store in
            _ = try await Migrator(deskMigrations).migrate(store, now: 0)
            let postgres = try await store.read { sql in try SchemaPicture(sql, .postgres) }
            #expect(postgres.differences(from: sqlite) == [])
        }
    }

    @Test func aChangeOfOneEngineIsNoticed() async throws {
        let sqlite = try await TwinSchemaTests.sqlitePicture()
        try await withStore(.postgres) { store in
            _ = try await Migrator(deskMigrations).migrate(store, now: 0)
            for (change, table) in TwinSchemaTests.changes {
                let undone = await #expect(throws: Undone.self, "\(change)") {
                    try await store.write { sql in
                        for statement in change.split(separator: ";") { try sql.run(String(statement)) }
                        throw Undone(
                            differences: try SchemaPicture(sql, .postgres).differences(from: sqlite))
                    }
                }
                let differences = undone?.differences ?? []
                #expect(!differences.isEmpty, "\(change)")
                #expect(differences.allSatisfy { $0.contains(": \(table): ") }, "\(change): \(differences)")
            }
        }
    }
}
