import Storage
import TestSupport
import Testing

/// The hub alone, without a database.
@Suite struct AnnouncementTests {
    @Test func onlyTheTopicIsTold() async {
        let hub = Announcements()
        let (one, other) = (hub.listen(to: "case/1"), hub.listen(to: "case/2"))
        hub.spread(["case/1", "case/3"])
        #expect(await hints(one) == 1)
        #expect(await hints(other) == 0)
    }

    @Test func everyListenerOfATopicIsTold() async {
        let hub = Announcements()
        let streams = (1...3).map { _ in hub.listen(to: "case/1") }
        hub.spread(["case/1"])
        for stream in streams { #expect(await hints(stream) == 1) }
    }

    @Test func hintsThatNobodyTookBecomeOne() async {
        let hub = Announcements()
        let stream = hub.listen(to: "case/1")
        for _ in 1...5 { hub.spread(["case/1"]) }
        #expect(await hints(stream) == 1)
    }

    @Test func afterALostConnectionEverybodyIsTold() async {
        let hub = Announcements()
        let (one, other) = (hub.listen(to: "case/1"), hub.listen(to: "case/2"))
        hub.spreadToAll()
        #expect(await hints(one) == 1)
        #expect(await hints(other) == 1)
    }

    @Test func whoeverLeavesIsForgotten() async {
        let hub = Announcements()
        do {
            let stays = hub.listen(to: "case/1")
            _ = hub.listen(to: "case/1")
            #expect(hub.listenerCount == 1, "a stream that nobody keeps is no listener")
            hub.spread(["case/1"])
            #expect(await hints(stays) == 1)
        }
        #expect(hub.listenerCount == 0, "a cancelled reader is no listener")
    }
}

/// What every engine promises about announcements.
@Suite struct AnnouncementContractTests {
    @Test(arguments: EngineUnderTest.allCases)
    func aCommitIsAnnouncedBeforeTheWriterLearnsOfIt(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            let (one, other) = (store.announcements.listen(to: "case/1"), store.announcements.listen(to: "case/2"))
            try await store.write { sql in
                sql.announce("case/1")
                sql.announce("case/1")
            }
            #expect(await hints(one) == 1)
            #expect(await hints(other) == 0)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsAnnouncedCanBeRead(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            try await store.write { sql in try sql.run("CREATE TABLE kept (id INTEGER NOT NULL PRIMARY KEY)") }
            var changes = store.announcements.listen(to: "kept").makeAsyncIterator()
            async let count = {
                await changes.next()
                return try await store.read { sql in try sql.rows("SELECT id FROM kept ORDER BY id LIMIT 9").count }
            }()
            try await store.write { sql in
                sql.announce("kept")
                try sql.run("INSERT INTO kept (id) VALUES (1)")
            }
            #expect(try await count == 1)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsUndoneIsNeverAnnounced(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            try await store.write { sql in try sql.run("CREATE TABLE kept (n INTEGER NOT NULL)") }
            let stream = store.announcements.listen(to: "case/1")
            await #expect(throws: StoreFault.other("refused")) {
                try await store.write { sql in
                    sql.announce("case/1")
                    throw StoreFault.other("refused")
                }
            }
            await #expect(throws: StoreFault.constraint(.notNull)) {
                try await store.write { sql in
                    sql.announce("case/1")
                    try sql.run("INSERT INTO kept (n) VALUES ($1)", [.int(nil)])
                }
            }
            #expect(await hints(stream) == 0)
        }
    }
}
