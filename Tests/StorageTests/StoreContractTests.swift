import Dispatch
import Storage
import TestSupport
import Testing

/// What every engine promises; a new engine is one more case of ``EngineUnderTest``.
@Suite struct StoreContractTests {
    @Test(arguments: EngineUnderTest.allCases)
    func valuesComeBackAsTheyWentIn(_ engine: EngineUnderTest) async throws {
        let values: [SQLValue] = [
            .int(Int64.max), .int(Int64.min), .int(Int64(0)), .null,
            .text(""), .text("退款 “quoted” 'it''s' 🧾 e\u{301} $1 ?1"), .text("\r\n\t\\"),
            .bytes([]), .bytes([0, 255, 1, 0]),
        ]
        try await withStore(engine) { store in
            try await store.write { sql in
                try create("CREATE TABLE kept (id INT64 NOT NULL PRIMARY KEY, n INT64, t TEXT, b BYTES)", sql, engine)
                for (index, value) in values.enumerated() {
                    let fitting: [SQLValue] =
                        switch value {
                        case .int, .null: [value, .null, .null]
                        case .text: [.null, value, .null]
                        case .bytes: [.null, .null, value]
                        }
                    try sql.run("INSERT INTO kept (id, n, t, b) VALUES ($1, $2, $3, $4)", [.int(index)] + fitting)
                }
            }
            let rows = try await store.read { sql in try sql.rows("SELECT id, n, t, b FROM kept ORDER BY id") }
            #expect(rows.count == values.count)
            for (row, value) in zip(rows, values) {
                switch value {
                case .int(let number): #expect(try row.int("n") == number)
                case .text(let text): #expect(try Array(row.text("t").utf8) == Array(text.utf8))
                case .bytes(let bytes): #expect(try row.bytes("b") == bytes)
                case .null: #expect(try row.intOrNil("n") == nil)
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func textWithNULIsRefused(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            await #expect(throws: StoreFault.self) {
                try await store.read { sql in try sql.rows("SELECT CAST($1 AS TEXT) AS t", [.text("a\0b")]) }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func numberedValuesMayRepeatAndPassNine(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            let row = try await store.read { sql in
                try sql.row(
                    """
                    SELECT CAST($10 AS TEXT) AS ten, CAST($2 AS TEXT) AS two, CAST($1 AS TEXT) AS one,
                           CAST($2 AS TEXT) AS again, '$1' AS quoted, -- not $3
                           CAST($3 AS TEXT) || CAST($4 AS TEXT) || CAST($5 AS TEXT) || CAST($6 AS TEXT)
                           || CAST($7 AS TEXT) || CAST($8 AS TEXT) || CAST($9 AS TEXT) AS rest /* nor $4 */
                    """, (1...10).map { .text("v\($0)") })
            }
            let found = try #require(row)
            #expect(try found.text("ten") == "v10")
            #expect(try found.text("two") == "v2")
            #expect(try found.text("again") == "v2")
            #expect(try found.text("one") == "v1")
            #expect(try found.text("quoted") == "$1")
            #expect(try found.text("rest") == "v3v4v5v6v7v8v9")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aMissingValueIsAFault(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            await #expect(throws: StoreFault.self) {
                try await store.read { sql in
                    try sql.rows("SELECT CAST($1 AS TEXT) AS t, CAST($2 AS TEXT) AS u", [.null])
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aValueTooManyIsAFault(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            await #expect(throws: StoreFault.self) {
                try await store.read { sql in try sql.rows("SELECT CAST($1 AS TEXT) AS t", [.null, .null]) }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aStatementThatRunsAgainForgetsItsValues(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            let texts: [String?] = ["first", nil, "a text that is longer than any that came before it", nil]
            try await store.write { sql in
                try create("CREATE TABLE kept (id INT64 NOT NULL PRIMARY KEY, t TEXT)", sql, engine)
                for (id, text) in texts.enumerated() {
                    try sql.run("INSERT INTO kept (id, t) VALUES ($1, $2)", [.int(id), .text(text)])
                    try sql.run("UPDATE kept SET t = t WHERE id = $1", [.int(id)])
                }
            }
            let rows = try await store.read { sql in try sql.rows("SELECT id, t FROM kept ORDER BY id") }
            #expect(try rows.map { try $0.textOrNil("t") } == texts)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aRowRefusesWrongQuestions(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            let found = try await store.read { sql in try sql.row("SELECT CAST('x' AS TEXT) AS t, NULL AS missing") }
            let row = try #require(found)
            #expect(throws: StoreFault.missingColumn("other")) { try row.text("other") }
            #expect(throws: StoreFault.wrongKind("t")) { try row.int("t") }
            #expect(throws: StoreFault.unexpectedNull("missing")) { try row.text("missing") }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsThrownComesOutAndNothingStays(_ engine: EngineUnderTest) async throws {
        struct Refusal: Error, Equatable { let reason: String }
        try await withCounter(engine, at: 7) { store in
            await #expect(throws: Refusal(reason: "no")) {
                try await store.write { sql in
                    try sql.run("UPDATE counter SET n = n + 1 WHERE id = $1", [.int(1)])
                    throw Refusal(reason: "no")
                }
            }
            let left = try await counter(store)
            #expect(left == 7)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func racingGuardedUpdatesNeverTakeMoreThanThereIs(_ engine: EngineUnderTest) async throws {
        try await withCounter(engine, at: 100) { store in
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await store.write { sql in
                            try sql.run("UPDATE counter SET n = n - $1 WHERE id = $2 AND n >= $1", [.int(3), .int(1)])
                                == 1
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 33)
            #expect(try await counter(store) == 1)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aReadSeesOnlyWhatIsCommitted(_ engine: EngineUnderTest) async throws {
        try await withCounter(engine, at: 1) { store in
            let (changed, tell) = AsyncStream.makeStream(of: Void.self)
            let mayCommit = DispatchSemaphore(value: 0)
            async let written: Void = store.write { sql in
                try sql.run("UPDATE counter SET n = $1 WHERE id = $2", [.int(2), .int(1)])
                tell.yield()
                mayCommit.wait()
            }
            for await _ in changed { break }
            let during = try await counter(store)
            mayCommit.signal()
            try await written
            #expect(during == 1)
            #expect(try await counter(store) == 2)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theRowCountIsThatOfTheStatement(_ engine: EngineUnderTest) async throws {
        try await withCounter(engine, at: 1) { store in
            let counts = try await store.write { sql in
                [
                    try sql.run("INSERT INTO counter (id, n) VALUES (2, 2), (3, 3)"),
                    try sql.run("UPDATE counter SET n = 9 WHERE id = 99"),
                    try sql.run("INSERT INTO counter (id, n) VALUES (2, 5) ON CONFLICT DO NOTHING"),
                    try sql.run("CREATE TABLE other_thing (id BIGINT)"),
                    try sql.run("DELETE FROM counter WHERE id >= 2"),
                ]
            }
            #expect(counts == [2, 0, 0, 0, 2])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aReturnedRowCanBeRead(_ engine: EngineUnderTest) async throws {
        try await withCounter(engine, at: 4) { store in
            let n = try await store.write { sql in
                try sql.row("UPDATE counter SET n = n + 1 WHERE id = $1 RETURNING n", [.int(1)])?.int("n")
            }
            #expect(n == 5)
            #expect(try await counter(store) == 5)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func walkingMayAskTheSameAgain(_ engine: EngineUnderTest) async throws {
        try await withCounter(engine, at: 1) { store in
            let seen = try await store.write { sql in
                try sql.run("INSERT INTO counter (id, n) VALUES (2, 2), (3, 3)")
                var seen = 0
                try sql.each("SELECT id FROM counter ORDER BY id") { _ in
                    try sql.each("SELECT id FROM counter ORDER BY id") { _ in seen += 1 }
                }
                return seen
            }
            #expect(seen == 9)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aReadCannotWrite(_ engine: EngineUnderTest) async throws {
        try await withCounter(engine, at: 1) { store in
            await #expect(throws: StoreFault.readOnly) {
                try await store.read { sql in try sql.rows("UPDATE counter SET n = 5 WHERE id = 1 RETURNING n") }
            }
            let left = try await counter(store)
            #expect(left == 1)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func rulesOfTheDatabaseRefuseByKind(_ engine: EngineUnderTest) async throws {
        try await withStore(engine) { store in
            try await store.write { sql in
                try create("CREATE TABLE parent (id INT64 NOT NULL PRIMARY KEY)", sql, engine)
                try create(
                    """
                    CREATE TABLE child (
                        id        INT64 NOT NULL PRIMARY KEY,
                        parent_id INT64 NOT NULL REFERENCES parent (id),
                        n         INT64 NOT NULL CHECK (n >= 0)
                    )
                    """, sql, engine)
                try sql.run("INSERT INTO parent (id) VALUES (1)")
                try sql.run("INSERT INTO child (id, parent_id, n) VALUES (1, 1, 0)")
            }
            let refused: [(String, StoreFault.Constraint)] = [
                ("INSERT INTO child (id, parent_id, n) VALUES (1, 1, 0)", .unique),
                ("INSERT INTO child (id, parent_id, n) VALUES (2, 9, 0)", .foreignKey),
                ("INSERT INTO child (id, parent_id, n) VALUES (2, 1, -1)", .check),
                ("INSERT INTO child (id, parent_id, n) VALUES (2, 1, NULL)", .notNull),
            ]
            for (statement, kind) in refused {
                await #expect(throws: StoreFault.constraint(kind)) {
                    try await store.write { sql in try sql.run(statement) }
                }
            }
        }
    }

    private func create(_ statement: String, _ sql: any SQLTransaction, _ engine: EngineUnderTest) throws {
        let (number, bytes) =
            switch engine {
            case .sqlite: ("INTEGER", "BLOB")
            case .postgres: ("BIGINT", "BYTEA")
            }
        try sql.run(
            SQLText.replacingWords(in: statement) { word in
                word == "INT64" ? number : word == "BYTES" ? bytes : nil
            })
    }

    private func withCounter(
        _ engine: EngineUnderTest, at start: Int, _ body: (any Store) async throws -> Void
    ) async throws {
        try await withStore(engine) { store in
            try await store.write { sql in
                try create("CREATE TABLE counter (id INT64 NOT NULL PRIMARY KEY, n INT64 NOT NULL)", sql, engine)
                try sql.run("INSERT INTO counter (id, n) VALUES (1, $1)", [.int(start)])
            }
            try await body(store)
        }
    }

    private func counter(_ store: any Store) async throws -> Int64? {
        try await store.read { sql in try sql.row("SELECT n FROM counter WHERE id = 1")?.int("n") }
    }
}
