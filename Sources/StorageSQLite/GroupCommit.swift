import GRDB
import Storage
import Synchronization

/// Lets writers that wait at the same time share one commit, the part of a write that waits for the disk.
///
/// Each writer runs in a savepoint of its own, and every one is told its outcome after the one `COMMIT`. A writer
/// that throws undoes its own savepoint only. When the shared transaction is lost for a reason that one writer may
/// have caused, everybody runs again alone: that is why a `write` closure may run more than once.
final class GroupCommit: Sendable {
    /// More would make the first writer of a group wait long for the last.
    private static let groupMax = 64

    /// One waiting writer.
    struct Writer: Sendable {
        /// Does its work and returns what tells the caller its value once the commit has succeeded.
        let work: @Sendable (any SQLTransaction) throws -> @Sendable () -> Void
        /// Tells the caller that nothing has changed, and why.
        let fail: @Sendable (any Error) -> Void
    }

    private let pool: DatabasePool
    private let texts: StatementTexts
    private let announcements: Announcements
    private let waiting = Mutex<[Writer]>([])

    init(pool: DatabasePool, texts: StatementTexts, _ announcements: Announcements) {
        self.pool = pool
        self.texts = texts
        self.announcements = announcements
    }

    /// Puts a writer in line; `work` runs on the one connection that writes.
    func add(_ writer: Writer) {
        waiting.withLock { $0.append(writer) }
        // One turn for each writer; a turn that finds the line empty was served by an earlier one.
        pool.asyncWriteWithoutTransaction { database in self.serve(database) }
    }

    private func serve(_ database: Database) {
        let group = waiting.withLock { waiting in
            let group = waiting.prefix(Self.groupMax)
            waiting.removeFirst(group.count)
            return group
        }
        guard group.count > 1 else {
            if let writer = group.first { alone(writer, database) }
            return
        }
        together(Array(group), database)
    }

    private func alone(_ writer: Writer, _ database: Database) {
        do {
            try StoreFault.translating { try database.beginTransaction(.immediate) }
            let succeed = try work(of: writer, database)
            try Self.commit(database)
            succeed()
        } catch {
            Self.undo(database)
            writer.fail(error)
        }
    }

    private func together(_ group: [Writer], _ database: Database) {
        var outcomes: [@Sendable () -> Void] = []
        do {
            try StoreFault.translating { try database.beginTransaction(.immediate) }
            for writer in group {
                outcomes.append(try inSavepoint(writer, database))
            }
            try Self.commit(database)
        } catch StoreFault.constraint, is SharedTransactionLost {
            // A deferred constraint at the commit, or an error that ended the transaction: find out whose it was.
            Self.undo(database)
            for writer in group { alone(writer, database) }
            return
        } catch {
            Self.undo(database)
            for writer in group { writer.fail(error) }
            return
        }
        for tell in outcomes { tell() }
    }

    private func inSavepoint(_ writer: Writer, _ database: Database) throws -> @Sendable () -> Void {
        try StoreFault.translating { try database.execute(sql: "SAVEPOINT writer") }
        do {
            let succeed = try work(of: writer, database)
            try StoreFault.translating { try database.execute(sql: "RELEASE writer") }
            return succeed
        } catch {
            guard database.isInsideTransaction else { throw SharedTransactionLost() }
            try StoreFault.translating {
                try database.execute(sql: "ROLLBACK TO writer")
                try database.execute(sql: "RELEASE writer")
            }
            return { writer.fail(error) }
        }
    }

    /// Runs a writer's work; the answer, for after the commit, gives out its announcements and tells the caller.
    private func work(of writer: Writer, _ database: Database) throws -> @Sendable () -> Void {
        let transaction = SQLiteTransaction(database: database, texts: texts)
        let succeed = try writer.work(transaction)
        let topics = transaction.announced
        return { [announcements] in
            announcements.spread(topics)
            succeed()
        }
    }

    private static func commit(_ database: Database) throws {
        do {
            try StoreFault.translating { try database.commit() }
        } catch StoreFault.inputOutput {
            // The commit record may have reached the disk although the sync failed.
            throw StoreFault.commitUnknown
        }
    }

    private static func undo(_ database: Database) {
        guard database.isInsideTransaction else { return }
        do {
            try database.rollback()
        } catch {
            // SQLite cannot refuse to end a transaction; if it did, the next BEGIN would report it.
        }
    }
}

/// SQLite ended the shared transaction by itself: out of memory, disk full, input or output error.
private struct SharedTransactionLost: Error {}
