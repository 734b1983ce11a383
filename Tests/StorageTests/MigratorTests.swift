import Storage
import TestSupport
import Testing

@Suite struct MigratorTests {
    private static let first = Migration(
        number: 1, name: "payments",
        statements: [
            "CREATE TABLE payment (id TEXT NOT NULL PRIMARY KEY, minor INT64 NOT NULL, sealed BYTES) STRICT"
        ])
    private static let second = Migration(
        number: 2, name: "notes", statements: ["CREATE TABLE note (id INT64 NOT NULL PRIMARY KEY) STRICT"])

    @Test(arguments: EngineUnderTest.allCases)
    func migrationsApplyInOrderAndOnce(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            let migrator = Migrator([Self.second, Self.first])
            #expect(try await migrator.status(of: store).pending == [Self.first, Self.second])
            #expect(try await migrator.migrate(store, now: 1_000) == [Self.first, Self.second])
            #expect(try await migrator.migrate(store, now: 2_000) == [])
            try await migrator.requireCurrent(store)
            let rows = try await store.read { sql in
                try sql.rows("SELECT number, name, applied_ms FROM schema_migration ORDER BY number")
            }
            #expect(try rows.map { try $0.int("number") } == [1, 2])
            #expect(try rows.map { try $0.text("name") } == ["payments", "notes"])
            #expect(try rows.map { try $0.int("applied_ms") } == [1_000, 1_000])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func askingForTheStatusChangesNothing(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            let status = try await Migrator([Self.first]).status(of: store)
            #expect(status.found == 0)
            #expect(status.known == 1)
            await #expect(throws: StoreFault.self) {
                try await store.read { sql in try sql.rows("SELECT number FROM schema_migration") }
            }
            await #expect(throws: StoreFault.schemaOlder(found: 0, known: 1)) {
                try await Migrator([Self.first]).requireCurrent(store)
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func manyMigratingAtOnceApplyEachOnce(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await Migrator([Self.first, Self.second]).migrate(store, now: 1).count }
                }
                return try await group.reduce(0, +)
            }
            #expect(applied == 2)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aChangedMigrationIsRefused(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            try await Migrator([Self.first]).migrate(store, now: 1)
            let changed = Migration(number: 1, name: "payments", statements: Self.first.statements + ["SELECT 1"])
            await #expect(throws: StoreFault.migrationChanged(number: 1, name: "payments")) {
                try await Migrator([changed, Self.second]).migrate(store, now: 2)
            }
            #expect(try await Migrator([Self.first]).status(of: store).found == 1)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aDatabaseOfANewerProgramIsRefused(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            try await Migrator([Self.first, Self.second]).migrate(store, now: 1)
            await #expect(throws: StoreFault.schemaNewer(found: 2, known: 1)) {
                try await Migrator([Self.first]).migrate(store, now: 2)
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aMigrationThatFailsHalfwayLeavesNothing(_ engine: EngineUnderTest) async throws {
        let broken = Migration(
            number: 2, name: "broken",
            statements: ["CREATE TABLE half (id INT64)", "INSERT INTO no_such_table (id) VALUES (1)"])
        try await withStore(engine) { store in
            await #expect(throws: StoreFault.self) {
                try await Migrator([Self.first, broken]).migrate(store, now: 1)
            }
            let pending = try await Migrator([Self.first, broken]).status(of: store).pending
            #expect(pending == [broken])
            await #expect(throws: StoreFault.self) {
                try await store.read { sql in try sql.rows("SELECT id FROM half") }
            }
        }
    }

    @Test func theChecksumSeesEveryChangeAndIsStable() {
        #expect(Self.second.checksum == Migration(number: 9, name: "x", statements: Self.second.statements).checksum)
        let one = Migration(number: 1, name: "a", statements: ["ab", "c"])
        let other = Migration(number: 1, name: "a", statements: ["a", "bc"])
        #expect(one.checksum != other.checksum)
        // FNV-1a of "a" and a zero byte: a value that may never change, or every database refuses to open.
        #expect(Migration(number: 1, name: "a", statements: ["a"]).checksum == "089be207b544f1e4")
    }

    @Test func typeWordsAreTranslatedOutsideQuotesOnly() {
        let statement = "CREATE TABLE t (a INT64, INT64X BYTES DEFAULT 'INT64 BYTES', \"BYTES\" INT64) STRICT -- INT64"
        #expect(
            SQLText.replacingWords(in: statement) { $0 == "INT64" ? "BIGINT" : nil }
                == "CREATE TABLE t (a BIGINT, INT64X BYTES DEFAULT 'INT64 BYTES', \"BYTES\" BIGINT) STRICT -- INT64")
    }
}
