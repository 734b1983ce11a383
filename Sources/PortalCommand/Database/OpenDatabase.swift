import Storage
import StoragePostgres
import StorageSQLite

/// The database that the settings name, open: a file that one process writes, or a server that many share.
enum OpenDatabase: Sendable {
    case sqlite(SQLiteStore, path: String)
    case postgres(PostgresStore)

    /// Opens it for a server or a worker.
    ///
    /// - Throws: ``CommandFailure`` (try again) while another process writes the file; ``StoreFault``.
    static func serving(_ address: DatabaseAddress) async throws -> OpenDatabase {
        let held = CommandFailure(.tryAgain, "Another process has the database open: one server an SQLite file.")
        return try await writing(address, .serving, whereHeld: held)
    }

    /// Opens it for changing its schema; on PostgreSQL servers may be at work meanwhile.
    ///
    /// - Throws: ``CommandFailure`` (unreachable) while another process writes the file; ``StoreFault``.
    static func migrating(_ address: DatabaseAddress) async throws -> OpenDatabase {
        let held = CommandFailure(.unreachable, "A server has the database open. Stop it, then run migrate again.")
        return try await writing(address, .maintenance, whereHeld: held)
    }

    private static func writing(
        _ address: DatabaseAddress, _ limits: PostgresLimits, whereHeld held: CommandFailure
    ) async throws -> OpenDatabase {
        switch address {
        case .sqlite(let path):
            guard case .taken(let lock) = try WriterLock.take(databasePath: path) else { throw held }
            return .sqlite(try SQLiteStore.open(writing: lock), path: path)
        case .postgres(let address): return .postgres(try await PostgresStore.open(address, limits))
        }
    }

    /// Opens it for queries, while others may be writing.
    ///
    /// - Throws: ``StoreFault``.
    static func reading(_ address: DatabaseAddress) async throws -> OpenDatabase {
        switch address {
        case .sqlite(let path): .sqlite(try SQLiteStore.open(reading: path), path: path)
        case .postgres(let address): .postgres(try await PostgresStore.open(address, .maintenance))
        }
    }

    var store: any Store {
        switch self {
        case .sqlite(let store, _): store
        case .postgres(let store): store
        }
    }

    /// Works with it and closes it, however the work ends.
    func use<T>(_ work: (any Store) async throws -> T) async throws -> T {
        let result = await Result { try await work(store) }
        try close()
        return try result.get()
    }

    func close() throws {
        switch self {
        case .sqlite(let store, _): try store.close()
        case .postgres(let store): store.close()
        }
    }
}
