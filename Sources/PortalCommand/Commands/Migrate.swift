import ArgumentParser
import RefundDesk
import RefundDomain
import Storage
import StorageSQLite

/// `refund-portal migrate`.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database to this version.",
        discussion: "Refuses while a server has the database open.")

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Only tell what stands and what is missing.")
    var status = false

    func run() async throws {
        let settings = try await options.load()
        let terminal = Terminal()
        if status {
            terminal.report(.output(try await tellStatus(settings.databasePath)))
            return
        }
        let applied = try await Self.migrate(settings.databasePath)
        terminal.report(
            .output(applied.isEmpty ? "The database is up to date.\n" : applied.map(Self.line).joined()))
    }

    /// Brings the file to this version.
    ///
    /// - Throws: ``CommandFailure`` (unreachable) while another process writes the file; ``StoreFault``.
    static func migrate(_ path: String) async throws -> [Migration] {
        guard case .taken(let lock) = try WriterLock.take(databasePath: path) else {
            throw CommandFailure(.unreachable, "A server has the database open. Stop it, then run migrate again.")
        }
        let store = try SQLiteStore.open(writing: lock)
        let applied = try await Migrator(deskMigrations).migrate(store, now: systemClock().milliseconds)
        try store.close()
        return applied
    }

    private func tellStatus(_ path: String) async throws -> String {
        let store = try SQLiteStore.open(reading: path)
        let status = try await Migrator(deskMigrations).status(of: store)
        try store.close()
        return "Version \(status.found) of \(status.known).\n"
            + status.pending.map { "missing \($0.number) \($0.name)\n" }.joined()
    }

    private static func line(_ migration: Migration) -> String {
        "applied \(migration.number) \(migration.name)\n"
    }
}
