import ArgumentParser
import RefundDesk
import RefundDomain
import Storage

/// `refund-portal migrate`.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database to this version.",
        discussion: """
            On SQLite it refuses while a server has the file open. On PostgreSQL servers may run: one of the version \
            before says in /readyz that the database is newer. MIGRATE_DATABASE_URL names a role that may change tables.
            """)

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Only tell what stands and what is missing.")
    var status = false

    func run() async throws {
        let settings = try await options.load()
        do {
            Terminal().report(.output(try await status ? Self.status(settings) : Self.migrate(settings)))
        } catch let fault as StoreFault {
            throw CommandFailure(fault, of: settings.migrateDatabase == nil ? .databaseURL : .migrateDatabaseURL)
        }
    }

    private static func migrate(_ settings: Settings) async throws -> String {
        let database = try await OpenDatabase.migrating(settings.migrateDatabase ?? settings.database)
        let applied = try await database.use { store in
            try await Migrator(deskMigrations).migrate(store, now: systemClock().milliseconds)
        }
        return applied.isEmpty ? "The database is up to date.\n" : applied.map(line).joined()
    }

    private static func status(_ settings: Settings) async throws -> String {
        let database = try await OpenDatabase.reading(settings.migrateDatabase ?? settings.database)
        let status = try await database.use { try await Migrator(deskMigrations).status(of: $0) }
        return "Version \(status.found) of \(status.known).\n"
            + status.pending.map { "missing \($0.number) \($0.name)\n" }.joined()
    }

    private static func line(_ migration: Migration) -> String {
        "applied \(migration.number) \(migration.name)\n"
    }
}
