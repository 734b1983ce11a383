import Storage
import StoragePostgres
import TestSupport
import Testing

/// Announcements between two servers on one database.
@Suite struct PostgresNewsTests {
    @Test func whatOneServerChangesTheOtherHears() async throws {
        try await withTwoServers { one, other in
            let stream = other.announcements.listen(to: "case/1")
            try await heard(stream) { try await announce("case/1", one) }
            let elsewhere = one.announcements.listen(to: "case/2")
            try await heard(elsewhere) { try await announce("case/2", other) }
        }
    }

    @Test func manyTopicsAtOnceAreAllHeard() async throws {
        try await withTwoServers { one, other in
            let topics = (0..<1_500).map { "case/0123456789abcdef\($0)" }
            let streams = topics.map { other.announcements.listen(to: $0) }
            try await one.write { sql in topics.forEach { sql.announce($0) } }
            for stream in streams { try await heard(stream) {} }
        }
    }

    @Test func afterALostConnectionEverybodyIsToldToLook() async throws {
        try await withTwoServers { one, other in
            let stream = other.announcements.listen(to: "case/1")
            try await heard(stream) {
                try await one.write { sql in
                    _ = try sql.run(
                        """
                        SELECT pg_terminate_backend(pid)
                        FROM   pg_stat_activity
                        WHERE  application_name = 'refund-portal'
                        AND    query LIKE 'LISTEN%'
                        """)
                }
            }
            try await heard(stream) { try await announce("case/1", one) }
        }
    }

    @Test func nothingIsAnnouncedThatDidNotHappen() async throws {
        struct Refusal: Error {}
        try await withTwoServers { one, other in
            let (refused, done) = (other.announcements.listen(to: "refused"), other.announcements.listen(to: "done"))
            await #expect(throws: Refusal.self) {
                try await one.write { sql in
                    sql.announce("refused")
                    throw Refusal()
                }
            }
            try await heard(done) { try await announce("done", one) }
            let isSilent = await isSilent(refused)
            #expect(isSilent)
        }
    }

    /// Two stores of one database whose listeners are at work: each has heard the other once.
    private func withTwoServers(_ body: (PostgresStore, PostgresStore) async throws -> Void) async throws {
        // A server of its own: ending another test's connections is not for a shared one.
        let server = try PostgresServer.start(settings: ["fsync=off"])
        let one = try await PostgresStore.open(server.address(), .maintenance)
        let other = try await PostgresStore.open(server.address(), .maintenance)
        let carrying = Task {
            async let first: Void = one.news.run()
            async let second: Void = other.news.run()
            _ = await (first, second)
        }
        for (from, to) in [(one, other), (other, one)] {
            let stream = to.announcements.listen(to: "ready")
            try await heard(stream) { try await announce("ready", from) }
        }
        try await body(one, other)
        carrying.cancel()
        await carrying.value
        one.close()
        other.close()
        try server.stop()
    }

    private func announce(_ topic: String, _ store: PostgresStore) async throws {
        try await store.write { sql in sql.announce(topic) }
    }

    /// Does something until the stream says that there is news; a hint may be lost while a listener begins.
    private func heard(_ stream: AsyncStream<Void>, _ work: @escaping @Sendable () async throws -> Void) async throws {
        let again = Task {
            while !Task.isCancelled {
                try await work()
                try await Task.sleep(for: .seconds(2))
            }
        }
        for await _ in stream { break }
        again.cancel()
    }

    /// Whether a stream has nothing; what was announced before another hint that was heard would be there.
    private func isSilent(_ stream: AsyncStream<Void>) async -> Bool {
        let reading = Task { () -> Bool in
            for await _ in stream { return false }
            return true
        }
        await Task.yield()
        reading.cancel()
        return await reading.value
    }
}
