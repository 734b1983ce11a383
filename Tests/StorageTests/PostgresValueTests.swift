import Storage
import StoragePostgres
import TestSupport
import Testing

/// What only PostgreSQL has: types that SQLite does not know, and which must not pass for what they are not.
@Suite struct PostgresValueTests {
    @Test(arguments: [
        ("0", 0), ("1", 1), ("-1", -1), ("10000", 10_000), ("-120000000", -120_000_000), ("100010001", 100_010_001),
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
    ])
    func aWholeNumericIsANumber(_ text: String, _ number: Int64) async throws {
        try await withPostgresStore { store, _ in
            let found = try await store.read { sql in
                try sql.row("SELECT CAST('\(text)' AS NUMERIC) AS n")?.int("n")
            }
            #expect(found == number)
        }
    }

    @Test(arguments: ["0.5", "-1.0001", "9223372036854775808", "-9223372036854775809", "1e30", "NaN"])
    func aNumericThatIsNoWholeNumberIsRefused(_ text: String) async throws {
        try await withPostgresStore { store, _ in
            await #expect(throws: StoreFault.wrongKind("n")) {
                try await store.read { sql in try sql.row("SELECT CAST('\(text)' AS NUMERIC) AS n")?.int("n") }
            }
        }
    }

    @Test func aSumOfNumbersIsANumber() async throws {
        try await withPostgresStore { store, _ in
            let sum = try await store.read { sql in
                try sql.row("SELECT SUM(n) AS total FROM (VALUES (CAST(5 AS BIGINT)), (7)) AS kept (n)")?.int("total")
            }
            #expect(sum == 12)
        }
    }

    @Test(arguments: ["SELECT now() AS x", "SELECT 1.5::float8 AS x", "SELECT ARRAY[1] AS x"])
    func otherTypesAreRefusedByTheirColumn(_ statement: String) async throws {
        try await withPostgresStore { store, _ in
            await #expect(throws: StoreFault.wrongKind("x")) {
                try await store.read { sql in try sql.row(statement) }
            }
        }
    }

    @Test func aWalkOverManyRowsMeetsEachOnce() async throws {
        try await withPostgresStore { store, _ in
            let seen = try await store.read { sql in
                var seen: [Int64] = []
                try sql.each("SELECT n FROM generate_series(1, $1) AS n ORDER BY n", [.int(1_700)]) {
                    seen.append(try $0.int("n"))
                }
                return seen
            }
            #expect(seen == Array(1...1_700))
        }
    }

    @Test func faultsNeverRepeatAValue() async throws {
        try await withPostgresStore { store, _ in
            do {
                _ = try await store.read { sql in
                    try sql.row("SELECT CAST(CAST($1 AS TEXT) AS BIGINT) AS n", [.text("13800138000x")])
                }
                Issue.record("text passed for a number")
            } catch let fault as StoreFault {
                #expect(!"\(fault)".contains("13800138000"))
            }
        }
    }
}
