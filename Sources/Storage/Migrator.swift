/// Brings a database to the program's version, one transaction a migration.
public struct Migrator: Sendable {
    private let migrations: [Migration]

    /// Takes the program's migrations in any order; numbers must differ.
    public init(_ migrations: [Migration]) {
        self.migrations = migrations.sorted { $0.number < $1.number }
    }

    /// What stands in a database beside what the program knows.
    public struct Status: Sendable, Hashable {
        /// Applied before, in order.
        public let applied: [Migration]
        /// Still to come, in order; empty when the database is up to date.
        public let pending: [Migration]
        /// The highest number in the database, 0 when it is new.
        public let found: Int64
        /// The highest number that the program knows.
        public let known: Int64
    }

    /// Compares without changing anything.
    ///
    /// - Throws: ``StoreFault/migrationChanged(number:name:)`` and ``StoreFault/schemaNewer(found:known:)`` when
    ///   this program must not touch the database; any other ``StoreFault``.
    public func status(of store: any Store) async throws -> Status {
        let dialect = store.dialect
        let checksums = try await store.read { sql in
            try Self.tableExists(sql, dialect) ? try Self.checksums(sql) : [:]
        }
        return try compare(with: checksums)
    }

    /// Applies what is missing. Running it again, or at the same time elsewhere, changes nothing more.
    ///
    /// - Parameter now: milliseconds since 1970, noted beside each migration.
    /// - Returns: what this call applied, in order.
    /// - Throws: as ``status(of:)``; a migration that fails leaves nothing of itself.
    @discardableResult
    public func migrate(_ store: any Store, now: Int64) async throws -> [Migration] {
        guard try await !status(of: store).pending.isEmpty else { return [] }
        let dialect = store.dialect
        try await store.write(.eachStatement) { sql in
            try Self.takeTurn(sql, dialect)
            try Self.createTable(sql, dialect)
        }
        var applied: [Migration] = []
        for migration in migrations {
            let isNew = try await store.write(.schema) { sql in
                try Self.takeTurn(sql, dialect)
                // Asked again inside the transaction: another process may have come first.
                guard try compare(with: Self.checksums(sql)).pending.contains(migration) else { return false }
                for statement in migration.statements(for: dialect) {
                    try sql.run(Migration.translated(statement, for: dialect))
                }
                try Self.record(migration, at: now, sql)
                return true
            }
            if isNew { applied.append(migration) }
        }
        return applied
    }

    /// Refuses a database that this program must not serve.
    ///
    /// - Throws: as ``status(of:)``, and ``StoreFault/schemaOlder(found:known:)`` when migrations are missing.
    public func requireCurrent(_ store: any Store) async throws {
        let status = try await status(of: store)
        guard status.pending.isEmpty else {
            throw StoreFault.schemaOlder(found: status.found, known: status.known)
        }
    }

    private func compare(with checksums: [Int64: String]) throws(StoreFault) -> Status {
        let known = migrations.last?.number ?? 0
        let found = checksums.keys.max() ?? 0
        guard found <= known else { throw .schemaNewer(found: found, known: known) }
        for migration in migrations {
            guard let checksum = checksums[migration.number] else { continue }
            guard checksum == migration.checksum else {
                throw .migrationChanged(number: migration.number, name: migration.name)
            }
        }
        return Status(
            applied: migrations.filter { checksums[$0.number] != nil },
            pending: migrations.filter { checksums[$0.number] == nil },
            found: found, known: known)
    }

    private static func tableExists(_ sql: any SQLReading, _ dialect: SQLDialect) throws -> Bool {
        // The two engines share no catalogue.
        switch dialect {
        case .sqlite:
            try sql.row(
                """
                SELECT name
                FROM   sqlite_schema
                WHERE  type = 'table'
                AND    name = 'schema_migration'
                """) != nil
        case .postgres:
            try sql.row(
                """
                SELECT table_name
                FROM   information_schema.tables
                WHERE  table_schema = current_schema()
                AND    table_name = 'schema_migration'
                """) != nil
        }
    }

    /// Any number that no other program takes on the same database.
    private static let turn: Int64 = 7_238_901

    /// Waits until nobody else migrates. SQLite has one writer; PostgreSQL lets two make the same table and fails one,
    /// and only a statement that begins after the wait sees what the other has done.
    private static func takeTurn(_ sql: any SQLTransaction, _ dialect: SQLDialect) throws {
        switch dialect {
        case .sqlite: break
        case .postgres:
            // Of this schema only: others in the database are other portals, or other tests.
            try sql.run(
                "SELECT pg_advisory_xact_lock(CAST($1 AS BIGINT) + hashtext(current_schema()))", [.int(turn)])
        }
    }

    private static func createTable(_ sql: any SQLTransaction, _ dialect: SQLDialect) throws {
        try sql.run(
            Migration.translated(
                """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    number     INT64 NOT NULL PRIMARY KEY,
                    name       TEXT  NOT NULL,
                    checksum   TEXT  NOT NULL,
                    applied_ms INT64 NOT NULL
                ) STRICT
                """, for: dialect))
    }

    private static func checksums(_ sql: any SQLReading) throws -> [Int64: String] {
        var checksums: [Int64: String] = [:]
        try sql.each(
            """
            SELECT   number, checksum
            FROM     schema_migration
            ORDER BY number
            """
        ) { row in
            checksums[try row.int("number")] = try row.text("checksum")
        }
        return checksums
    }

    private static func record(_ migration: Migration, at now: Int64, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO schema_migration (number, name, checksum, applied_ms)
            VALUES ($1, $2, $3, $4)
            """,
            [.int(migration.number), .text(migration.name), .text(migration.checksum), .int(now)])
    }
}
