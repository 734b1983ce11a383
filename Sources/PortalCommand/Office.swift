import Foundation
import RefundDesk
import RefundDomain
import Storage
import StorageSQLite
import Vault
import Web

/// What commands work with once the database is open.
struct Office: Sendable {
    let desk: Desk
    let passwords: PasswordWorkshop
    private let settings: Settings

    /// - Throws: ``CommandFailure`` when the keys or the working days cannot be read, ``StoreFault`` when the
    ///   database has another version than this program.
    init(_ store: any Store, _ settings: Settings, hurry: Int64 = 1) async throws {
        try await Migrator(deskMigrations).requireCurrent(store)
        let keys = try Self.keys(settings.keysFile)
        let folder = try ResourceFolder.find()
        self.settings = settings
        passwords = PasswordWorkshop(Password(pepper: keys.pepper))
        desk = Desk(
            store: store, keys: keys, clock: systemClock,
            workingDays: try WorkingDaysFile.read(folder: folder.path("reference/working-days")), hurry: hurry)
    }

    /// Where a channel sends its notices of an account.
    func callback(_ channel: Channel, _ name: String) -> String {
        "\(settings.origin.text)/callbacks/\(channel.rawValue)/\(name)"
    }

    /// Runs a command and tells errors as a person should read them; for the process that serves others.
    func perform(
        _ command: WriteCommand, _ input: CommandInput, _ report: @escaping CommandReport
    ) async -> ExitCode {
        do {
            return try await command.run(self, input, report)
        } catch {
            let failure = CommandFailure(error)
            report(.note("refund-portal: \(failure.sentence)"))
            return failure.code
        }
    }

    /// Runs a command where it may write: here, or in the process that serves.
    static func run(_ command: WriteCommand, from source: CommandSource, _ settings: Settings) async throws {
        let handOver = HandOver<WriteCommand>(databasePath: settings.databasePath) { command, lock, input, report in
            let store = try SQLiteStore.open(writing: lock)
            let code = await Result { try await Office(store, settings).perform(command, input, report) }
            try store.close()
            return try code.get()
        }
        let terminal = Terminal()
        let code = try await handOver.run(command, from: source, report: terminal.report)
        guard code == .done else { throw code }
    }

    /// Runs a query on a database that others may be writing.
    static func reading<T>(_ settings: Settings, _ query: (Office) async throws -> T) async throws -> T {
        let store = try SQLiteStore.open(reading: settings.databasePath)
        let result = await Result { try await query(Office(store, settings)) }
        try store.close()
        return try result.get()
    }

    private static func keys(_ path: String) throws(CommandFailure) -> Keys {
        do {
            return Keys(try KeyFile.read(at: path))
        } catch {
            throw CommandFailure(error, keysFile: path)
        }
    }
}

extension Result where Failure == any Error {
    /// What asynchronous work came to, to be looked at after cleaning up.
    init(_ work: () async throws -> Success) async {
        do {
            self = .success(try await work())
        } catch {
            self = .failure(error)
        }
    }
}
