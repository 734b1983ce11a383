import Dispatch
import Foundation
import Storage
import TestSupport
import Testing

@testable import StorageSQLite

@Suite struct SQLiteStoreTests {
    @Test func theWriterIsSafe() async throws {
        try await withSQLiteStore { store, _ in
            let found = try await store.write { sql in
                [
                    try sql.row("PRAGMA synchronous")?.int("synchronous"),
                    try sql.row("PRAGMA mmap_size")?.int("mmap_size"),
                    try sql.row("PRAGMA foreign_keys")?.int("foreign_keys"),
                ]
            }
            #expect(found == [2, 0, 1])
        }
    }

    @Test func theWriterHasRoomForTheIndexesOfAnImport() async throws {
        try await withSQLiteStore { store, _ in
            let kibibytes = try await store.write { sql in try sql.row("PRAGMA cache_size")?.int("cache_size") }
            #expect(kibibytes == -64 * 1024)
        }
    }

    @Test func theFileIsInWALModeAndPrivate() async throws {
        try await withSQLiteStore { store, lock in
            let mode = try await store.write { sql in try sql.row("PRAGMA journal_mode")?.text("journal_mode") }
            #expect(mode == "wal")
            for path in [lock.databasePath, lock.databasePath + "-wal", lock.databasePath + ".lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
            }
        }
    }

    @Test func aNewFolderIsPrivate() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try WriterLock.take(databasePath: folder + "/new/data/portal.sqlite")
            guard case .taken = outcome else {
                Issue.record("the lock of a new file is free")
                return
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/new/data")
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func theLockHasOneHolder() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/portal.sqlite"
            var held: WriterLock? = try taken(path)
            guard case .heldByAnother = try WriterLock.take(databasePath: path) else {
                Issue.record("a second holder got the lock")
                return
            }
            #expect(held?.databasePath == path)
            held = nil
            #expect(try taken(path).databasePath == path)
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() async throws {
        try await withTemporaryFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/file"))
            #expect(throws: StoreFault.cannotOpen(folder + "/file/data")) {
                try WriterLock.take(databasePath: folder + "/file/data/portal.sqlite")
            }
        }
    }

    @Test func readingNeedsAFileAndNoLock() async throws {
        try await withSQLiteStore { store, lock in
            try await store.write { sql in try sql.run("CREATE TABLE t (id INTEGER)") }
            let reader = try SQLiteStore.open(reading: lock.databasePath)
            #expect(try await reader.read { sql in try sql.rows("SELECT id FROM t") } == [])
            await #expect(throws: StoreFault.readOnly) {
                try await reader.write { sql in try sql.run("DELETE FROM t") }
            }
            try reader.close()
            #expect(throws: StoreFault.cannotOpen("/nowhere/portal.sqlite")) {
                try SQLiteStore.open(reading: "/nowhere/portal.sqlite")
            }
        }
    }

    @Test func aFileThatWasClosedCanBeRead() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/portal.sqlite"
            let store = try SQLiteStore.open(writing: taken(path))
            try await store.write { sql in try sql.run("CREATE TABLE t (id INTEGER)") }
            try store.close()
            let reader = try SQLiteStore.open(reading: path)
            #expect(try await reader.read { sql in try sql.rows("SELECT id FROM t") } == [])
            try reader.close()
        }
    }

    @Test func aFileThatIsNoDatabaseIsCorrupt() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/portal.sqlite"
            try Data(repeating: 0x5a, count: 8192).write(to: URL(fileURLWithPath: path))
            #expect(throws: StoreFault.corrupt) { try SQLiteStore.open(writing: taken(path)) }
        }
    }

    @Test func aFileLockedByAnotherIsBusy() async throws {
        try await withSQLiteStore { store, lock in
            try await store.write { sql in try sql.run("CREATE TABLE t (id INTEGER)") }
            let other = try SQLiteStore.open(writing: lock, busyTimeout: .milliseconds(20))
            let (began, tell) = AsyncStream.makeStream(of: Void.self)
            let mayEnd = DispatchSemaphore(value: 0)
            async let holding: Void = store.write { _ in
                tell.yield()
                mayEnd.wait()
            }
            for await _ in began { break }
            await #expect(throws: StoreFault.busy) {
                try await other.write { sql in try sql.run("INSERT INTO t (id) VALUES (1)") }
            }
            mayEnd.signal()
            try await holding
            #expect(try await other.write { sql in try sql.run("INSERT INTO t (id) VALUES (1)") } == 1)
            try other.close()
        }
    }

    @Test func aFullDatabaseKeepsWhatItHad() async throws {
        try await withSQLiteStore { store, _ in
            try await store.write { sql in
                try sql.run("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)")
                try sql.run("INSERT INTO t (id, b) VALUES (1, NULL)")
                _ = try sql.rows("PRAGMA max_page_count = 20")
            }
            await #expect(throws: StoreFault.full) {
                try await store.write { sql in
                    try sql.run("INSERT INTO t (id, b) VALUES (2, NULL)")
                    try sql.run("INSERT INTO t (id, b) VALUES (3, $1)", [.bytes(Array(repeating: 1, count: 200_000))])
                }
            }
            let ids = try await store.read { sql in
                try sql.rows("SELECT id FROM t ORDER BY id").map { try $0.int("id") }
            }
            #expect(ids == [1])
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk needs root"))
    func aFullDiskIsSaidAndLosesNothing() async throws {
        try await withTemporaryFolder { folder in
            let disk = try SmallDisk(at: folder + "/disk", kilobytes: 512)
            defer { disk.unmount() }
            let store = try SQLiteStore.open(writing: taken(disk.path + "/portal.sqlite"))
            try await store.write { sql in try sql.run("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)") }
            var stored: [Int64] = []
            var fault: StoreFault?
            for id in Int64(1)...200 where fault == nil {
                do {
                    try await store.write { sql in
                        try sql.run(
                            "INSERT INTO t (id, b) VALUES ($1, $2)",
                            [.int(id), .bytes(Array(repeating: 1, count: 9_000))])
                    }
                    stored.append(id)
                } catch let error as StoreFault {
                    fault = error
                }
            }
            #expect(fault == .full)
            let ids = try await store.read { sql in
                try sql.rows("SELECT id FROM t ORDER BY id").map { try $0.int("id") }
            }
            #expect(ids == stored)
            try store.close()
        }
    }

    private func taken(_ path: String) throws -> WriterLock {
        guard case .taken(let lock) = try WriterLock.take(databasePath: path) else { throw StoreFault.busy }
        return lock
    }
}

/// A file system of a few kilobytes, for disks that are full.
private struct SmallDisk {
    static let isPossible = geteuid() == 0 && FileManager.default.fileExists(atPath: "/usr/bin/mount")
    let path: String

    init(at path: String, kilobytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k,mode=700", "tmpfs", path])
    }

    func unmount() {
        do {
            try Self.run("/usr/bin/umount", ["-l", path])
        } catch {
            Issue.record("unmounting failed: \(error)")
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw StoreFault.other("\(program) failed") }
    }
}
