import RefundDesk
import Storage
import TestSupport
import Testing

/// A database of the first schema, with something in every table that the second one changes, comes to the second
/// with nothing lost.
@Suite struct UpgradeTests {
    private static let rows: [(String, [SQLValue])] = [
        (
            """
            INSERT INTO merchant (id, code, name, zone, currency, created_ms)
            VALUES ('m', 'shop', 'Shop', 'Asia/Shanghai', 'CNY', 1)
            """, []
        ),
        (
            """
            INSERT INTO channel_account (id, merchant_id, channel, name, merchant_number, callback_name,
                                         settings_sealed, created_ms)
            VALUES ('a', 'm', 'wechatpay', 'WeChat Pay', '1900000001', 'callback', $1, 1)
            """, [.bytes([1])]
        ),
        (
            """
            INSERT INTO staff (id, email_index, email_sealed, role, merchant_id, password_hash, code_sealed,
                               last_code_step, created_ms)
            VALUES ('s', $1, $1, 'reviewer', 'm', 'x', $1, 0, 1)
            """, [.bytes([1])]
        ),
        (
            """
            INSERT INTO payment (id, merchant_id, payment_key, account_id, paid_at_ms, paid_on, currency, amount_minor,
                                 fee_minor, refunded_elsewhere_minor, refunded_elsewhere_count, open_minor,
                                 refunded_minor, committed_minor, fee_given_back_minor, movement_count, created_ms)
            VALUES ('p', 'm', 'key', 'a', 1, '2026-11-01', 'CNY', 10000, 60, 0, 0, 0, 5000, 5000, 30, 1, 1)
            """, []
        ),
        (
            """
            INSERT INTO refund_case (id, number, merchant_id, payment_id, state, version, intake, look_up, language,
                                     reason, currency, asked_minor, approved_minor, contact_proved_ms, policy_version,
                                     submission, due_on, decided_by, decided_ms, submitted_ms, created_ms, changed_ms)
            VALUES ('c', 'RF-1', 'm', 'p', 'approved', 3, 'portal', 'order', 'en', 'other', 'CNY', 6000, 5000, 1,
                    'standard-1', 'sub', '2026-11-10', 's', 2, 1, 1, 2)
            """, []
        ),
        (
            """
            INSERT INTO proof (id, case_id, kind, media_type, bytes, sha256, stored_name, key_sealed, uploaded_by,
                               created_ms)
            VALUES ('f', 'c', 'receipt', 'image/png', 9, $1, 'name', $1, 'cardholder', 1)
            """, [.bytes([1])]
        ),
        (
            """
            INSERT INTO movement (id, case_id, payment_id, merchant_id, account_id, sequence, currency, gross_minor,
                                  fee_given_back_minor, refund_number, state, attempts, replays, queries, sent_ms,
                                  created_ms, changed_ms)
            VALUES ('v', 'c', 'p', 'm', 'a', 1, 'CNY', 5000, 30, 'RP1', 'succeeded', 1, 0, 1, 2, 2, 3)
            """, []
        ),
        (
            """
            INSERT INTO balance (merchant_id, account, currency, balance_minor)
            VALUES ('m', 'merchant.available', 'CNY', 4970)
            """, []
        ),
    ]

    @Test(arguments: EngineUnderTest.allCases)
    func nothingIsLostAndReferencesHoldAfterwards(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            _ = try await Migrator(Array(deskMigrations.prefix(1))).migrate(store, now: 1)
            try await store.write { sql in
                for (statement, values) in Self.rows { try sql.run(statement, values) }
            }
            _ = try await Migrator(deskMigrations).migrate(store, now: 2)
            let movement = try await store.read { sql in
                try sql.row(
                    """
                    SELECT movement.taken_minor, movement.cost_minor, movement.cost_currency, movement.source,
                           refund_case.state, payment.disputed_minor, balance.balance_minor, proof.kind
                    FROM   movement
                    JOIN   refund_case
                    ON     refund_case.id = movement.case_id
                    JOIN   payment
                    ON     payment.id = refund_case.payment_id
                    JOIN   balance
                    ON     balance.merchant_id = payment.merchant_id
                    JOIN   proof
                    ON     proof.case_id = refund_case.id
                    """)
            }
            #expect(try movement?.int("taken_minor") == 5_000)
            #expect(try movement?.int("cost_minor") == 4_970)
            #expect(try movement?.text("cost_currency") == "CNY")
            #expect(try movement?.text("source") == "hold")
            #expect(try movement?.text("state") == "approved")
            #expect(try movement?.int("disputed_minor") == 0)
            #expect(try movement?.int("balance_minor") == 4_970)
            #expect(try movement?.text("kind") == "receipt")
            for orphan in [
                "UPDATE movement SET case_id = 'none'", "UPDATE refund_case SET payment_id = 'none'",
                "UPDATE payment SET merchant_id = 'none'", "DELETE FROM refund_case", "DELETE FROM payment",
            ] {
                await #expect(throws: StoreFault.constraint(.foreignKey), "\(orphan)") {
                    try await store.write { sql in _ = try sql.run(orphan) }
                }
            }
        }
    }

    /// The third schema only adds: what the second one had is as it was, and can be held against a channel's file.
    @Test(arguments: EngineUnderTest.allCases)
    func theThirdSchemaAddsItsTablesBesideWhatIsThere(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            _ = try await Migrator(Array(deskMigrations.prefix(1))).migrate(store, now: 1)
            try await store.write { sql in
                for (statement, values) in Self.rows { try sql.run(statement, values) }
            }
            _ = try await Migrator(Array(deskMigrations.prefix(2))).migrate(store, now: 2)
            _ = try await Migrator(Array(deskMigrations.prefix(3))).migrate(store, now: 3)
            try await store.write { sql in
                for statement in Self.reconciled { try sql.run(statement) }
            }
            let found = try await store.read { sql in
                try sql.row(
                    """
                    SELECT movement.gross_minor, difference.kind
                    FROM   difference
                    JOIN   movement
                    ON     movement.id = difference.movement_id
                    """)
            }
            #expect(try found?.int("gross_minor") == 5_000)
            for refused in [
                "UPDATE difference SET outcome = 'fits'", "UPDATE difference SET closed_ms = 5",
                "UPDATE difference SET outcome = 'explained', closed_ms = 5", "UPDATE difference SET kind = 'other'",
                "UPDATE difference SET kind = 'amount', line_id = NULL", "UPDATE difference SET movement_id = NULL",
                "UPDATE difference SET outcome = 'fits', closed_ms = 5, closed_by = 's'", "DELETE FROM movement",
                "UPDATE reconciliation_line SET amount_minor = 0", "DELETE FROM reconciliation_line",
                """
                INSERT INTO difference (id, merchant_id, reconciliation_id, channel, kind, line_id, movement_id,
                                        currency, opened_ms)
                SELECT 'twice', merchant_id, reconciliation_id, channel, kind, line_id, movement_id, currency, 9
                FROM   difference
                """,
            ] {
                await #expect(throws: StoreFault.self, "\(refused)") {
                    try await store.write { sql in _ = try sql.run(refused) }
                }
            }
        }
    }

    private static let reconciled = [
        """
        INSERT INTO reconciliation (id, merchant_id, format, digest, read_count, refund_count, created_ms)
        VALUES ('r', 'm', 'wechat-bill', 'd', 1, 1, 4)
        """,
        """
        INSERT INTO reconciliation_line (id, merchant_id, reconciliation_id, channel, refund_key, line, movement_id,
                                         currency, amount_minor, status, refunded_ms)
        VALUES ('l', 'm', 'r', 'wechatpay', 'key', 2, 'v', 'CNY', 4999, 'succeeded', 3)
        """,
        """
        INSERT INTO difference (id, merchant_id, reconciliation_id, channel, kind, line_id, movement_id, currency,
                                ours_minor, theirs_minor, our_state, their_status, opened_ms)
        VALUES ('d', 'm', 'r', 'wechatpay', 'amount', 'l', 'v', 'CNY', 5000, 4999, 'succeeded', 'succeeded', 4)
        """,
    ]
}
