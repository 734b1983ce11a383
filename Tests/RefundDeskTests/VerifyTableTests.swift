import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Every table of the schema, and whether `verify` notices when somebody with the database in hand changes it.
@Suite struct VerifyTableTests {
    /// How a row is changed. Statements go on with the row's key.
    enum Tampering: Sendable, Hashable {
        /// `SET …`, on rows where a condition holds.
        case set(String, rows: String = "1 = 1")
        case delete(rows: String = "1 = 1")
        /// A whole statement that adds a row.
        case add(String)
    }

    struct Table: Sendable, CustomTestStringConvertible {
        let name: String
        var key = ["id"]
        let tamperings: [Tampering]
        var testDescription: String { name }
    }

    static let checked = [
        Table(
            name: "merchant",
            tamperings: [.set("name = 'x'"), .set("zone = 'UTC'"), .set("currency = 'USD'"), .delete()]),
        Table(name: "terminal", tamperings: [.set("refunds = 'none'"), .set("terminal_no = '1'"), .delete()]),
        Table(
            name: "channel_account",
            tamperings: [
                .set("merchant_number = '1'"), .set("channel = 'alipay'"), .set("settings_sealed = $bytes"), .delete(),
            ]),
        Table(
            name: "staff",
            tamperings: [
                .set("role = 'finance', merchant_id = NULL", rows: "role <> 'finance'"), .set("password_hash = 'x'"),
                .delete(),
            ]),
        Table(name: "data_key", tamperings: [.set("wrapped = $bytes"), .set("tenant = 'x'"), .delete()]),
        Table(
            name: "statement_import",
            tamperings: [.set("new_count = new_count + 1"), .set("format = 'x'"), .delete()]),
        Table(
            name: "payment",
            tamperings: [
                .set("amount_minor = amount_minor + 1"), .set("open_minor = open_minor + 1"),
                .set("refunded_minor = refunded_minor + 1"), .set("currency = 'USD'"), .set("paid_on = '2020-01-01'"),
                .delete(),
            ]),
        Table(
            name: "statement_refund",
            tamperings: [
                .set("amount_minor = amount_minor + 1"), .set("status = 'failed'"), .delete(),
                .add(
                    """
                    INSERT INTO statement_refund (id, merchant_id, channel, refund_key, payment_id, movement_id,
                                                  amount_minor, currency, status, import_id, created_ms)
                    SELECT 'forged', merchant_id, channel, 'forged', payment_id, movement_id, amount_minor, currency,
                           status, import_id, created_ms
                    FROM   statement_refund
                    """),
            ]),
        Table(
            name: "refund_case",
            tamperings: [
                .set("state = 'in_review'", rows: "state NOT IN ('draft', 'in_review')"),
                .set("asked_minor = asked_minor + 1", rows: "state <> 'draft'"),
                .set("approved_minor = approved_minor - 1", rows: "state = 'approved'"),
                .set("decided_ms = decided_ms + 1", rows: "decided_by IS NOT NULL"),
                .set("policy_version = 'x'", rows: "state <> 'draft'"), .delete(),
            ]),
        Table(
            name: "hold", key: ["case_id"],
            tamperings: [.set("cost_minor = cost_minor + 1, held_minor = held_minor + 1"), .delete()]),
        Table(
            name: "movement",
            tamperings: [
                .set("gross_minor = gross_minor - 1"), .set("refund_number = id"), .set("attempts = attempts + 1"),
                .set("state = 'cancelled'"), .delete(),
            ]),
        Table(
            name: "attempt", key: ["movement_id", "number"],
            tamperings: [.set("started_ms = started_ms + 1"), .set("number = number + 1"), .delete()]),
        Table(
            name: "posting",
            tamperings: [
                .set("merchant_id = (SELECT id FROM merchant WHERE code = 'harbour')"),
                .set("import_id = NULL", rows: "import_id IS NOT NULL"), .delete(),
            ]),
        Table(
            name: "posting_line", key: ["posting_id", "line"],
            tamperings: [
                .set("amount_minor = amount_minor + 1"), .set("credit_account = 'x'"), .set("currency = 'USD'"),
                .delete(),
                .add(
                    """
                    INSERT INTO posting_line (posting_id, line, debit_account, credit_account, currency, amount_minor)
                    SELECT posting_id, line + 10, debit_account, credit_account, currency, 1
                    FROM   posting_line
                    WHERE  line = 1
                    """),
            ]),
        Table(
            name: "balance", key: ["merchant_id", "account", "currency"],
            tamperings: [
                .set("balance_minor = balance_minor + 1"), .delete(rows: "balance_minor <> 0"),
            ]),
        Table(
            name: "event", key: ["stream", "number"],
            tamperings: [
                .set("facts = 'asked_minor=1'"), .set("at_ms = at_ms - 1"), .set("object_id = 'x'"), .delete(),
                .add(
                    """
                    INSERT INTO event (stream, number, at_ms, actor, what, object, object_id, facts, visibility,
                                       previous_hash, hash)
                    SELECT stream, number + 1, 1, 'system', 'case.approved', 'case', 'x', '', 'public', hash, hash
                    FROM   stream_head
                    """),
            ]),
        Table(
            name: "stream_head", key: ["stream"],
            tamperings: [.set("number = number + 1"), .set("mac = hash"), .set("hash = mac"), .delete()]),
        Table(
            name: "question",
            tamperings: [
                .set("items = 'x'"), .set("due_on = '2020-01-01'"), .set("asked_ms = asked_ms - 1"),
                .set("answered_ms = answered_ms + 1", rows: "answered_ms IS NOT NULL"), .delete(),
            ]),
        Table(
            name: "proof",
            tamperings: [
                .set("sha256 = $bytes"), .set("stored_name = 'x'"), .set("kind = 'receipt'"), .delete(),
                .add(
                    """
                    INSERT INTO proof (id, case_id, kind, media_type, bytes, sha256, stored_name, key_sealed,
                                       uploaded_by, created_ms)
                    SELECT 'forged', case_id, kind, media_type, bytes, sha256, 'forged', key_sealed, uploaded_by,
                           created_ms
                    FROM   proof
                    """),
            ]),
        Table(
            name: "note",
            tamperings: [
                .set("visibility = CASE WHEN visibility = 'internal' THEN 'public' ELSE 'internal' END"),
                .set("created_ms = created_ms + 1"), .delete(),
            ]),
        Table(
            name: "policy",
            tamperings: [
                .set("rules = 'x'"), .set("from_on = '2020-01-01'"), .set("state = 'refused'"),
                .set("decided_ms = decided_ms + 1", rows: "decided_ms IS NOT NULL"), .delete(),
            ]),
        Table(
            name: "payee_destination", tamperings: [.set("account_last4 = '0000'"), .delete()]),
        Table(
            name: "enquiry",
            tamperings: [
                .set("expected_minor = 1"), .set("opened_ms = opened_ms - 1"),
                .set("answered_by = NULL", rows: "answered_by IS NOT NULL"), .delete(),
            ]),
        Table(
            name: "working_year", key: ["region", "year"],
            tamperings: [.set("holidays = '2026-11-24'"), .set("loaded_ms = loaded_ms + 1"), .delete()]),
        Table(name: "message", tamperings: [.delete()]),
    ]

    /// Tables that decide nothing and pay nothing, with the reason.
    static let passing = [
        "visitor_session": "who is looking now; ends by itself",
        "visitor_case": "which cases a session may see; ends with it",
        "staff_session": "who is signed in now; ends by itself",
        "contact_code": "codes of some minutes; that an address was proved is in the case's own row and record",
        "look_up_miss": "counts guesses of an hour",
        "channel_notice": "keeps a repeated notice from being read twice; reading it twice moves nothing",
        "outbox": "work to do; what was done is in the record, and a message's job is looked for from the message",
        "schema_migration": "the program compares its checksums at every start",
    ]

    @Test(arguments: EngineUnderTest.allCases)
    func everyTableIsCheckedOrSaysWhyNot(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            let tables = try await Self.catalogue(of: world.store)
            let known = Set(Self.checked.map(\.name)).union(Self.passing.keys).union(Self.notYet.keys)
            #expect(tables == known)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func everyTamperedRowIsFound(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            try await furnish(world)
            try #require(try await desk.verify() == [])
            let rowsMax = engine == .sqlite ? 100 : 2
            for table in Self.checked {
                for tampering in table.tamperings {
                    let ends = try await tamper(table, tampering, rowsMax: rowsMax, desk)
                    #expect(!ends.isEmpty, "\(table.name) has no row for \(tampering)")
                    #expect(!ends.contains(.unnoticed), "\(table.name): \(tampering): \(ends)")
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    enum End: Sendable, Hashable {
        case found
        /// The database itself did not let the row be changed.
        case refused
        case unnoticed
    }

    private struct Undone: Error {
        let end: End
    }

    /// Changes each row alone, inside a transaction that is taken back.
    private func tamper(
        _ table: Table, _ tampering: Tampering, rowsMax: Int, _ desk: Desk
    ) async throws -> [End] {
        let condition =
            switch tampering {
            case .set(_, let rows), .delete(let rows): rows
            case .add: "1 = 1"
            }
        let key = table.key.joined(separator: ", ")
        let rows = try await desk.store.read { sql in
            try sql.rows(
                "SELECT \(key) FROM \(table.name) WHERE \(condition) ORDER BY \(key) LIMIT \(rowsMax)"
            ).map(\.values)
        }
        var ends: [End] = []
        for values in rows {
            let statement = tampering.statement(table, at: values.count)
            do {
                try await desk.store.write { sql in
                    do {
                        _ = try sql.run(statement.text, statement.isOfRow ? values + statement.extra : [])
                    } catch is StoreFault {
                        throw Undone(end: .refused)
                    }
                    throw Undone(end: try desk.verify(sql).isEmpty ? .unnoticed : .found)
                }
            } catch let undone as Undone {
                ends.append(undone.end)
            }
        }
        return ends
    }

    private static func catalogue(of store: any Store) async throws -> Set<String> {
        let statement =
            switch store.dialect {
            case .sqlite:
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
            case .postgres:
                "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
            }
        return try await store.read { sql in Set(try sql.rows(statement).map { try $0.text("name") }) }
    }
}

extension VerifyTableTests.Tampering {
    /// A statement, whether it goes on with the row's key, and the values behind the key.
    struct Statement: Sendable {
        let text: String
        var isOfRow = true
        var extra: [SQLValue] = []
    }

    /// `$bytes` stands for a value that no row has.
    func statement(_ table: VerifyTableTests.Table, at keys: Int) -> Statement {
        let place = table.key.enumerated().map { "\($1) = $\($0 + 1)" }.joined(separator: " AND ")
        switch self {
        case .set(let change, _):
            let text = "UPDATE \(table.name) SET \(change) WHERE \(place)"
            guard change.contains("$bytes") else { return Statement(text: text) }
            return Statement(
                text: text.replacing("$bytes", with: "$\(keys + 1)"),
                extra: [.bytes([UInt8](repeating: 9, count: 60))])
        case .delete: return Statement(text: "DELETE FROM \(table.name) WHERE \(place)")
        case .add(let text): return Statement(text: text + " ORDER BY 1 LIMIT 1", isOfRow: false)
        }
    }
}
