import Dispatch
import Storage
import Synchronization
import TestSupport
import Testing

@testable import StorageSQLite

/// Writers that share a commit. They get in line while another holds the connection, so each group forms for certain.
@Suite struct GroupCommitTests {
    private enum Outcome: Sendable, Equatable {
        case done
        case failed(StoreFault)
    }

    @Test func oneThatFailsUndoesOnlyItself() async throws {
        try await withSQLiteStore { store, _ in
            try await prepare(store)
            let outcomes = try await outcomes(
                of: store,
                (1...5).map { id in
                    { sql in
                        try sql.run("INSERT INTO t (id) VALUES ($1)", [.int(id)])
                        if id == 3 { throw StoreFault.other("refused") }
                    }
                })
            #expect(outcomes == [.done, .done, .failed(.other("refused")), .done, .done])
            #expect(try await ids(store) == [1, 2, 4, 5])
        }
    }

    @Test func oneThatEndsTheTransactionHurtsNobodyElse() async throws {
        try await withSQLiteStore { store, _ in
            try await prepare(store)
            let outcomes = try await outcomes(
                of: store,
                (1...4).map { id in
                    { sql in
                        try sql.run("INSERT INTO t (id) VALUES ($1)", [.int(id)])
                        // What SQLite does by itself when memory or disk run out.
                        if id == 2 { try sql.run("ROLLBACK") }
                        if id == 2 { throw StoreFault.full }
                    }
                })
            #expect(outcomes == [.done, .failed(.full), .done, .done])
            #expect(try await ids(store) == [1, 3, 4])
        }
    }

    @Test func aRuleCheckedAtTheCommitFailsOnlyWhoBrokeIt() async throws {
        try await withSQLiteStore { store, _ in
            try await prepare(store)
            let outcomes = try await outcomes(
                of: store,
                (1...3).map { id in
                    { sql in
                        try sql.run(
                            "INSERT INTO t (id, parent_id) VALUES ($1, $2)", [.int(id), .int(id == 2 ? 99 : id)])
                    }
                })
            #expect(outcomes == [.done, .failed(.constraint(.foreignKey)), .done])
            #expect(try await ids(store) == [1, 3])
        }
    }

    @Test func eachAnnouncesWhatItCommittedAndNothingElse() async throws {
        try await withSQLiteStore { store, _ in
            let streams = (1...3).map { store.announcements.listen(to: "case/\($0)") }
            _ = try await outcomes(
                of: store,
                (1...3).map { id in
                    { sql in
                        sql.announce("case/\(id)")
                        if id == 2 { throw StoreFault.other("refused") }
                    }
                })
            #expect(await hints(streams[0]) == 1)
            #expect(await hints(streams[1]) == 0)
            #expect(await hints(streams[2]) == 1)
        }
    }

    @Test func workThatRanTwiceAnnouncesItsLastRun() async throws {
        try await withSQLiteStore { store, _ in
            try await prepare(store)
            let runs = Mutex(0)
            let (first, second) = (store.announcements.listen(to: "run/1"), store.announcements.listen(to: "run/2"))
            let broken = store.announcements.listen(to: "broken")
            _ = try await outcomes(
                of: store,
                [
                    { sql in sql.announce("run/\(runs.withLock { runs in runs += 1; return runs })") },
                    { sql in
                        sql.announce("broken")
                        try sql.run("INSERT INTO t (id, parent_id) VALUES (1, 99)")
                    },
                ])
            #expect(runs.withLock { $0 } == 2)
            #expect(await hints(first) == 0)
            #expect(await hints(second) == 1)
            #expect(await hints(broken) == 0)
        }
    }

    /// Runs the works as one group: they get in line while an earlier writer holds the connection.
    private func outcomes(
        of store: SQLiteStore, _ works: [@Sendable (any SQLTransaction) throws -> Void]
    ) async throws -> [Outcome] {
        let writers = try #require(store.writers)
        let inLine = DispatchSemaphore(value: 0)
        let (told, tell) = AsyncStream.makeStream(of: (Int, Outcome).self)
        let (began, begin) = AsyncStream.makeStream(of: Void.self)
        writers.add(
            .init(
                work: { _ in
                    begin.yield(); inLine.wait(); return {}
                }, fail: { _ in }))
        for await _ in began { break }
        for (index, work) in works.enumerated() {
            writers.add(
                .init(
                    work: { sql in
                        try work(sql); return { tell.yield((index, .done)) }
                    },
                    fail: { tell.yield((index, .failed($0 as? StoreFault ?? .other("\($0)")))) }))
        }
        inLine.signal()
        var outcomes: [Int: Outcome] = [:]
        for await (index, outcome) in told {
            #expect(outcomes[index] == nil, "each writer is told once")
            outcomes[index] = outcome
            if outcomes.count == works.count { break }
        }
        return outcomes.sorted { $0.key < $1.key }.map(\.value)
    }

    private func prepare(_ store: SQLiteStore) async throws {
        try await store.write { sql in
            try sql.run(
                """
                CREATE TABLE t (
                    id        INTEGER PRIMARY KEY,
                    parent_id INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED
                )
                """)
        }
    }

    private func ids(_ store: SQLiteStore) async throws -> [Int64] {
        try await store.read { sql in try sql.rows("SELECT id FROM t ORDER BY id").map { try $0.int("id") } }
    }
}
