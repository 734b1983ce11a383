import Foundation
import GRDB
public import Storage

/// One SQLite file behind ``Store``: the embedded default, for one writing process.
///
/// The file is in WAL mode, so that reads never wait for the writer, and every commit is on disk before `write`
/// returns (`synchronous=FULL`).
public struct SQLiteStore: Store {
    public let dialect = SQLDialect.sqlite
    /// Complete, as no other process writes the file; a store that only reads hears nothing.
    public let announcements = Announcements()

    /// Pages that the one writing connection keeps in memory, at most 64 MiB. With SQLite's own 2 MiB a large import
    /// writes the pages of its indexes out and reads them again all the time.
    private static let writerCache = "PRAGMA cache_size = -65536"

    private let pool: DatabasePool
    private let texts = StatementTexts()
    let writers: GroupCommit?
    /// Held as long as the file may be written; nil for a store that only reads.
    private let lock: WriterLock?

    private init(pool: DatabasePool, lock: WriterLock?) {
        self.pool = pool
        self.lock = lock
        self.writers = lock == nil ? nil : GroupCommit(pool: pool, texts: texts, announcements)
    }

    /// Opens the file that `lock` stands for, making it (mode 0600) when missing.
    ///
    /// - Parameter busyTimeout: how long a write waits for another connection before ``StoreFault/busy``.
    /// - Throws: ``StoreFault``; also when the engine does not confirm the settings that keep commits safe.
    public static func open(
        writing lock: WriterLock, busyTimeout: Duration = .seconds(5)
    ) throws -> SQLiteStore {
        try makePrivate(lock.databasePath)
        let pool = try openPool(lock.databasePath, readOnly: false, busyTimeout)
        try StoreFault.translating {
            try pool.writeWithoutTransaction { database in
                // GRDB sets NORMAL while it opens, which may lose the last commits when the power goes.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: writerCache)
                try requireSafeSettings(database)
            }
        }
        return SQLiteStore(pool: pool, lock: lock)
    }

    /// Opens an existing file for reading only; any number of processes may, beside the one that writes.
    ///
    /// - Throws: ``StoreFault``; ``StoreFault/cannotOpen(_:)`` when there is no such file.
    public static func open(reading path: String, busyTimeout: Duration = .seconds(5)) throws -> SQLiteStore {
        guard FileManager.default.fileExists(atPath: path) else { throw StoreFault.cannotOpen(path) }
        return SQLiteStore(pool: try openPool(path, readOnly: true, busyTimeout), lock: nil)
    }

    /// The version of the SQLite library that is linked, such as 3.40.1 as 3040001.
    public static var libraryVersion: Int { Int(Database.sqliteLibVersionNumber) }

    /// Whether the linked library may damage a file that two processes write (fixed in 3.51.3, 3.50.7 and 3.44.6).
    public static var hasWALResetBug: Bool {
        switch libraryVersion {
        case 3_051_003...: false
        case 3_050_007..<3_051_000: false
        case 3_044_006..<3_045_000: false
        default: libraryVersion >= 3_007_000
        }
    }

    /// Reads on one of the read-only connections.
    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> T
    ) async throws -> T {
        do {
            return try await pool.read { database in
                try body(SQLiteTransaction(database: database, texts: texts))
            }
        } catch let error as DatabaseError {
            throw StoreFault(error)
        }
    }

    /// As ``Store/write(_:_:)``, always as if alone. A task that is cancelled before its turn is put in line throws
    /// `CancellationError`; later it learns its outcome like any other.
    @discardableResult
    public func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        guard let writers else { throw StoreFault.readOnly }
        try Task.checkCancellation()
        if isolation == .schema { return try await writeSchema(body) }
        return try await withCheckedThrowingContinuation { continuation in
            writers.add(
                GroupCommit.Writer(
                    work: { sql in
                        let value = try body(sql)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// The procedure of sqlite.org/lang_altertable.html, section 7: no other way changes a table's checks.
    private func writeSchema<T: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        do {
            return try await pool.writeWithoutTransaction { [texts] database in
                // Without effect inside a transaction, so it stands outside.
                try database.execute(sql: "PRAGMA foreign_keys = OFF")
                defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
                try database.beginTransaction(.immediate)
                do {
                    let value = try body(SQLiteTransaction(database: database, texts: texts))
                    try database.checkForeignKeys()
                    try database.commit()
                    return value
                } catch {
                    try? database.rollback()
                    throw error
                }
            }
        } catch let error as DatabaseError {
            throw StoreFault(error)
        }
    }

    /// Closes all connections; reads and writes fail from then on.
    ///
    /// What is committed is then in the one file, where the disk has room for it, so that whoever copies that alone
    /// has all of it.
    public func close() throws {
        if lock != nil { checkpoint() }
        try StoreFault.translating { try pool.close() }
    }

    private func checkpoint() {
        do {
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") }
        } catch {
            // Nothing is lost: what could not be moved stays in the write-ahead log.
        }
    }

    private static func openPool(
        _ path: String, readOnly: Bool, _ busyTimeout: Duration
    ) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.foreignKeysEnabled = true
        let (seconds, attoseconds) = busyTimeout.components
        configuration.busyMode = .timeout(TimeInterval(seconds) + TimeInterval(attoseconds) / 1e18)
        return try StoreFault.translating {
            do {
                return try DatabasePool(path: path, configuration: configuration)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
                throw StoreFault.cannotOpen(path)
            }
        }
    }

    /// Makes the file before SQLite does, whose own would be readable for others; `-wal` and `-shm` take its mode.
    private static func makePrivate(_ path: String) throws(StoreFault) {
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Foundation.close(descriptor)
            return
        }
        let reason = errno
        guard reason == EEXIST else { throw openingFault(reason, path) }
        // By path: closing a descriptor of the file would drop the locks of every connection in this process.
        guard chmod(path, 0o600) == 0 else { throw .cannotOpen(path) }
    }

    private static func requireSafeSettings(_ database: Database) throws {
        let expected: [(pragma: String, value: Int)] = [
            ("PRAGMA synchronous", 2), ("PRAGMA mmap_size", 0), ("PRAGMA foreign_keys", 1),
        ]
        for (pragma, value) in expected {
            let found = try Int.fetchOne(database, sql: pragma) ?? 0
            guard found == value else {
                throw StoreFault.other("SQLite answers \(found) to \(pragma), \(value) is needed")
            }
        }
    }
}
