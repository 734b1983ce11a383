import Foundation
import Storage
import TestSupport
import Testing

@testable import StoragePostgres

/// Servers that refuse, go away, stand still or lose an answer.
@Suite struct PostgresTroubleTests {
    @Test func whatTheServerRefusesIsToldInItsWords() async throws {
        let server = try await PostgresServer.shared()
        let refused = [
            (try server.address(user: "portal:wrong"), "password authentication failed"),
            (try server.address(user: "nobody:portal"), "password authentication failed"),
            (try server.address().database("nowhere"), "does not exist"),
            (try server.address("sslmode=require"), "does not support SSL"),
            (try PostgresAddress("postgres://portal:portal@127.0.0.1:1/portal"), "refused"),
        ]
        for (address, words) in refused {
            do {
                try await PostgresStore.open(address).close()
                Issue.record("\(address) was opened")
            } catch StoreFault.unreachable(let reason) {
                #expect(reason.contains(words), "\(reason)")
            }
        }
    }

    @Test func aCommitWhoseAnswerIsLostIsReportedAsUnknownAndNotRepeated() async throws {
        try await withCounter { store, proxy in
            proxy.cutNext(.after, at: "COMMIT")
            await #expect(throws: StoreFault.commitUnknown) { try await add(1, store) }
            let counted = try await counter(store)
            #expect(counted == 1)
        }
    }

    @Test func aWriteThatIsCutBeforeItsCommitIsDoneAgainOnce() async throws {
        try await withCounter { store, proxy in
            proxy.cutNext(.before, at: "UPDATE counter")
            try await add(1, store)
            let counted = try await counter(store)
            #expect(counted == 1)
            proxy.cutNext(.after, at: "UPDATE counter")
            try await add(1, store)
            let after = try await counter(store)
            #expect(after == 2)
        }
    }

    @Test func aCommitThatNeverArrivedIsUnknownToo() async throws {
        try await withCounter { store, proxy in
            proxy.cutNext(.before, at: "COMMIT")
            await #expect(throws: StoreFault.commitUnknown) { try await add(1, store) }
            let counted = try await counter(store)
            #expect(counted == 0)
        }
    }

    @Test func aReadThatIsCutIsReadAgain() async throws {
        try await withCounter { store, proxy in
            proxy.cutNext(.after, at: "SELECT n")
            let counted = try await counter(store)
            #expect(counted == 0)
        }
    }

    @Test func aServerThatWasRestartedLosesAndRepeatsNothing() async throws {
        let server = try PostgresServer.start()
        let store = try await PostgresStore.open(server.address("pool_max_conns=4"), .maintenance)
        defer { store.close() }
        try await makeCounter(store)
        let tellers = Task {
            try await withThrowingTaskGroup(of: (done: Int64, unknown: Int64).self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var (done, unknown): (Int64, Int64) = (0, 0)
                        for _ in 0..<150 {
                            do {
                                try await add(1, store)
                                done += 1
                            } catch StoreFault.commitUnknown {
                                unknown += 1
                            }
                        }
                        return (done, unknown)
                    }
                }
                return try await group.reduce((Int64(0), Int64(0))) { ($0.0 + $1.done, $0.1 + $1.unknown) }
            }
        }
        for mode in ["immediate", "fast", "immediate"] {
            let before = try await counter(store)
            while try await counter(store) < before + 20 { await Task.yield() }
            try server.stop(mode)
            try server.start()
        }
        let (done, unknown) = try await tellers.value
        let counted = try await counter(store)
        #expect(done + unknown == 600)
        #expect((done...(done + unknown)).contains(counted), "\(counted) counted, \(done) done, \(unknown) unknown")
        try server.stop()
    }

    @Test func aStoppedServerIsGivenUpInTime() async throws {
        let server = try PostgresServer.start()
        let store = try await PostgresStore.open(server.address(), Self.brief)
        defer { store.close() }
        try await makeCounter(store)
        try server.signal(SIGSTOP)
        await #expect(throws: StoreFault.self) { try await add(1, store) }
        try server.signal(SIGCONT)
        try await add(1, store)
        let counted = try await counter(store)
        #expect((1...2).contains(counted))
        try server.stop()
    }

    @Test func connectionsThatTheServerDoesNotHaveAreWaitedForAndNamed() async throws {
        let server = try PostgresServer.start(settings: ["max_connections=5", "superuser_reserved_connections=0"])
        let hogs = try await PostgresStore.open(server.address("pool_max_conns=5"), .maintenance)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask { try await hogs.read { sql in _ = try sql.row("SELECT 1 AS held FROM pg_sleep(0.2)") } }
            }
            try await group.waitForAll()
        }
        do {
            try await PostgresStore.open(server.address(), Self.brief).close()
            Issue.record("a sixth connection was made")
        } catch StoreFault.unreachable(let reason) {
            #expect(reason.contains("too many clients"), "\(reason)")
        }
        hogs.close()
        try await PostgresStore.open(server.address()).close()
        try server.stop()
    }

    @Test func aCopyThatCanOnlyBeReadSaysSo() async throws {
        let address = try await PostgresServer.shared().address("options=-cdefault_transaction_read_only%3Don")
        let store = try await PostgresStore.open(address, .maintenance)
        defer { store.close() }
        await #expect(throws: StoreFault.readOnly) { try await store.check(now: Self.now) }
    }

    @Test func aClockThatIsMinutesOffSaysSo() async throws {
        try await withPostgresStore { store, _ in
            try await store.check(now: Self.now)
            for apart: Int64 in [-120, 120] {
                do {
                    try await store.check(now: Self.now - apart * 1_000)
                    Issue.record("\(apart) seconds were not noticed")
                } catch StoreFault.clockApart(let seconds) {
                    #expect(abs(seconds - apart) <= 2)
                }
            }
        }
    }

    private static let brief = PostgresLimits(statementSeconds: 1, patienceSeconds: 1, idleSeconds: 10)
    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    private func withCounter(_ body: (PostgresStore, CuttingProxy) async throws -> Void) async throws {
        try await withPostgresStore { _, address in
            let server = try await PostgresServer.shared()
            let proxy = try CuttingProxy(to: server.port)
            let store = try await PostgresStore.open(address.through(port: proxy.port), .maintenance)
            defer { store.close() }
            try await makeCounter(store)
            try await body(store, proxy)
        }
    }
}

private func makeCounter(_ store: PostgresStore) async throws {
    try await store.write { sql in
        try sql.run("CREATE TABLE counter (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)")
        try sql.run("INSERT INTO counter (id, n) VALUES (1, 0)")
    }
}

private func add(_ n: Int, _ store: PostgresStore) async throws {
    try await store.write { sql in try sql.run("UPDATE counter SET n = n + $1 WHERE id = 1", [.int(n)]) }
}

private func counter(_ store: PostgresStore) async throws -> Int64 {
    try await store.read { sql in try sql.row("SELECT n FROM counter WHERE id = 1")?.int("n") ?? -1 }
}
