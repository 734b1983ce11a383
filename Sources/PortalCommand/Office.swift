import Foundation
import RefundDesk
import RefundDomain
import Storage
import StoragePostgres
import StorageSQLite
import Vault
import Web

/// What commands work with once the database is open.
struct Office: Sendable {
    let desk: Desk
    let passwords: PasswordWorkshop
    let passwordRules: PasswordRules
    private let settings: Settings

    /// - Throws: ``CommandFailure`` when the keys or the working days cannot be read, ``StoreFault`` when the
    ///   database has another version than this program.
    init(_ store: any Store, _ settings: Settings, hurry: Int64 = 1) async throws {
        try await Migrator(deskMigrations).requireCurrent(store)
        let keys = try Self.keys(settings.keysFile)
        self.settings = settings
        passwords = PasswordWorkshop(Password(pepper: keys.pepper))
        passwordRules = try PasswordRules.read(ResourceFolder.find().path("reference/passwords/common.txt"))
        desk = try Self.desk(store, keys, hurry: hurry)
    }

    /// A desk on a database that may not be of this version yet.
    ///
    /// - Throws: ``CommandFailure`` when the keys or the working days cannot be read.
    static func desk(_ store: any Store, _ settings: Settings) throws -> Desk {
        try desk(store, try keys(settings.keysFile), hurry: 1)
    }

    /// The years of working days that the program brings.
    ///
    /// - Throws: ``CommandFailure``, ``WorkingDaysFile/Fault``.
    static func ownYears() throws -> [WorkingYear] {
        try WorkingDaysFile.years(folder: try ResourceFolder.find().path("reference/working-days"))
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

    /// Runs a command where it may write: here, or in the process that has taken an SQLite file for itself.
    static func run(_ command: WriteCommand, from source: CommandSource, _ settings: Settings) async throws {
        let report = Terminal().report
        let code: ExitCode
        switch settings.database {
        case .sqlite(let path):
            let handOver = HandOver<WriteCommand>(databasePath: path) { command, lock, input, report in
                let database = OpenDatabase.sqlite(try SQLiteStore.open(writing: lock), path: path)
                return try await database.use { try await Office($0, settings).perform(command, input, report) }
            }
            code = try await handOver.run(command, from: source, report: report)
        case .postgres(let address):
            let input = try await source.taken(folder: FileManager.default.temporaryDirectory.path)
            let database = OpenDatabase.postgres(try await PostgresStore.open(address, .maintenance))
            code = try await database.use { try await Office($0, settings).perform(command, input, report) }
        }
        guard code == .done else { throw code }
    }

    /// Runs a query on a database that others may be writing.
    static func reading<T>(_ settings: Settings, _ query: (Office) async throws -> T) async throws -> T {
        try await OpenDatabase.reading(settings.database).use { try await query(Office($0, settings)) }
    }

    private static func desk(_ store: any Store, _ keys: Keys, hurry: Int64) throws -> Desk {
        let folder = try ResourceFolder.find()
        return Desk(
            store: store, keys: keys, clock: systemClock,
            workingDays: WorkingDays(try ownYears()),
            arrivalWindows: try ArrivalWindowsFile.read(folder.path("reference/arrival-windows.json")),
            cardIssuers: try CardIssuersFile.read(folder.path("reference/issuers/cn-cards.json")),
            capabilities: try CapabilitiesFile.read(folder.path("reference/capabilities.tsv")), hurry: hurry)
    }

    /// The keys of the key file, for what needs no database.
    static func keys(_ path: String) throws(CommandFailure) -> Keys {
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
