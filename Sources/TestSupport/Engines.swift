import Foundation
public import Storage
public import StoragePostgres
public import StorageSQLite

/// The engines that every storage and desk test runs on.
public enum EngineUnderTest: Sendable, CaseIterable {
    case sqlite
    case postgres
}

/// Runs `body` with a new, empty database, and removes the database afterwards.
///
/// The database is a file, as in production: in-memory databases behave differently under concurrency.
@discardableResult
public func withStore<T>(
    _ engine: EngineUnderTest = .sqlite, _ body: (any Store) async throws -> T
) async throws -> T {
    switch engine {
    case .sqlite: try await withSQLiteStore { store, _ in try await body(store) }
    case .postgres: try await withPostgresStore { store, _ in try await body(store) }
    }
}

/// Runs `body` with two stores of one new database, as two servers would have them.
///
/// On SQLite they are the same one: a database has one process there.
@discardableResult
public func withTwoStores<T>(
    _ engine: EngineUnderTest, _ body: (any Store, any Store) async throws -> T
) async throws -> T {
    switch engine {
    case .sqlite: try await withSQLiteStore { store, _ in try await body(store, store) }
    case .postgres:
        try await withPostgresStore { store, address in
            let other = try await PostgresStore.open(address, .maintenance)
            defer { other.close() }
            return try await body(store, other)
        }
    }
}

/// Runs `body` with a new SQLite store and the lock of its file, and removes the file afterwards.
@discardableResult
public func withSQLiteStore<T>(_ body: (SQLiteStore, WriterLock) async throws -> T) async throws -> T {
    try await withTemporaryFolder { folder in
        guard case .taken(let lock) = try WriterLock.take(databasePath: folder + "/test.sqlite") else {
            throw StoreFault.busy
        }
        let store = try SQLiteStore.open(writing: lock)
        let result: T
        do {
            result = try await body(store, lock)
        } catch {
            try store.close()
            throw error
        }
        try store.close()
        return result
    }
}

/// Runs `body` with a store in a schema of its own of the shared PostgreSQL, and the address that leads there.
@discardableResult
public func withPostgresStore<T>(_ body: (PostgresStore, PostgresAddress) async throws -> T) async throws -> T {
    let address = try await PostgresServer.shared().newSchema()
    let store = try await PostgresStore.open(address, .maintenance)
    defer { store.close() }
    return try await body(store, address)
}

/// Runs `body` with the path of a new folder, and removes it with all it holds afterwards.
@discardableResult
public func withTemporaryFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rp-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            // A test may have removed it itself.
        }
    }
    return try await body(folder.path)
}
