import ArgumentParser
import RefundDesk
import RefundDomain
import Storage

/// `refund-portal migrate`.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database to this version, or move everything to another database.",
        discussion: """
            On SQLite it refuses while a server has the file open. On PostgreSQL servers may run: one of the version \
            before says in /readyz that the database is newer. MIGRATE_DATABASE_URL names a role that may change tables.

            With --from and --to it copies a whole database to a new or empty one and compares both. Stop all servers \
            first. Killed, it goes on where it stopped when it is run again.
            """)

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Only tell what stands and what is missing.")
    var status = false

    @Option(help: "Move everything from this database: sqlite:PATH or postgres://…")
    var from: String?

    @Option(help: "Move everything to this database, which must be new or empty.")
    var to: String?

    func validate() throws {
        guard (from == nil) == (to == nil) else { throw ValidationError("--from and --to go together.") }
        guard from == nil || !status else { throw ValidationError("--status tells of DATABASE_URL only.") }
    }

    func run() async throws {
        let settings = try await options.load()
        if let from, let to {
            return try await Moving(from: from, to: to, settings).run(report: Terminal().report)
        }
        do {
            Terminal().report(.output(try await status ? Self.status(settings) : Self.migrate(settings)))
        } catch let fault as StoreFault {
            let variable = settings.migrateDatabase == nil ? Variable.databaseURL : .migrateDatabaseURL
            throw CommandFailure(fault, of: variable.rawValue)
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
