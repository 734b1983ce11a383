import RefundDomain
import Storage
import Synchronization
import TestSupport
import Testing
import Vault

@testable import RefundDesk

/// Another database has everything, or nobody may use it.
@Suite struct MoveTests {
    private struct Killed: Error {}

    @Test(arguments: EngineUnderTest.allCases, EngineUnderTest.allCases)
    func everythingArrivesAndHolds(_ from: EngineUnderTest, _ to: EngineUnderTest) async throws {
        try await withMove(from, to) { world, target in
            let outcome = try await Move(from: world.store, to: target, rowsPerBatch: 10).run { _ in }
            #expect(outcome.faults == [])
            #expect(outcome.rowsBefore == 0)
            #expect(outcome.rows > 200)
            try await requireEnded(target)
            #expect(try await everyRow(world.store) == everyRow(target.store))
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func everyTableOfTheMigrationsIsMoved(_ engine: EngineUnderTest) async throws {
        let created = deskMigrations.flatMap(\.statements).compactMap { statement -> String? in
            let words = statement.split(whereSeparator: \.isWhitespace)
            return words.starts(with: ["CREATE", "TABLE"]) ? words.dropFirst(2).first.map { String($0) } : nil
        }
        try await withDesk(engine) { _, world in
            let dialect = world.store.dialect
            let tables = try await world.store.read { sql in try MovedTable.all(sql, dialect) }
            #expect(tables.map(\.name).sorted() == created.sorted())
            #expect(tables.allSatisfy { $0.columns.count > 1 && Set($0.key).isSubset(of: $0.columns) })
            #expect(tables.first { $0.name == "attempt" }?.key == ["movement_id", "number"])
            #expect(tables.first { $0.name == "event" }?.refersTo == ["refund_case"])
            let money = Set(tables.filter { !$0.moneyColumns.isEmpty }.map(\.name))
            #expect(money.isSuperset(of: ["payment", "movement", "posting_line", "balance", "hold"]))
        }
    }

    @Test func aTableWithoutAKeyCannotBeMoved() async throws {
        try await withDesk { desk, world in
            try await world.store.write { sql in _ = try sql.run("CREATE TABLE loose (word TEXT)") }
            await #expect(throws: MoveFault.cannotBeMoved("loose")) {
                try await Move(from: world.store, to: desk).run { _ in }
            }
        }
    }

    @Test(arguments: [(EngineUnderTest.sqlite, EngineUnderTest.postgres), (.postgres, .sqlite)])
    func killedAfterEachBatchItGoesOnWhereItStopped(_ from: EngineUnderTest, _ to: EngineUnderTest) async throws {
        try await withMove(from, to) { world, target in
            let move = Move(from: world.store, to: target, rowsPerBatch: 10)
            let reached = Mutex<Int64>(0)
            var kills = 0
            var outcome: Move.Outcome?
            while outcome == nil {
                do {
                    outcome = try await move.run { step in
                        guard step.phase == .copying, reached.withLock({ step.done > $0 }) else { return }
                        reached.withLock { $0 = step.done }
                        throw Killed()
                    }
                } catch is Killed {
                    kills += 1
                }
            }
            #expect(kills > 15)
            #expect(outcome?.faults == [])
            #expect(outcome?.rowsBefore == outcome?.rows)
            try await requireEnded(target)
            #expect(try await everyRow(world.store) == everyRow(target.store))
        }
    }

    @Test func aBatchWhoseAnswerWasLostDoesNotComeTwice() async throws {
        try await withMove(.sqlite, .postgres) { world, target in
            let forgetful = ForgetfulStore(base: target.store)
            let desk = target.on(forgetful)
            var outcome: Move.Outcome?
            var lost = 0
            while outcome == nil {
                do {
                    outcome = try await Move(from: world.store, to: desk, rowsPerBatch: 10).run { _ in }
                } catch MoveFault.stopped(_, .commitUnknown), StoreFault.commitUnknown {
                    lost += 1
                }
            }
            #expect(lost > 3)
            #expect(outcome?.faults == [])
            #expect(try await everyRow(world.store) == everyRow(target.store))
        }
    }

    @Test func aCancelledMoveGoesOnLater() async throws {
        try await withMove(.sqlite, .postgres) { world, target in
            let move = Move(from: world.store, to: target, rowsPerBatch: 10)
            let first = Task {
                try await move.run { step in
                    if step.done > 100 { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await first.value }
            let outcome = try await move.run { _ in }
            #expect(outcome.faults == [])
            #expect(outcome.rowsBefore > 100 && outcome.rowsBefore < outcome.rows)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aTargetThatHoldsSomethingIsRefused(_ to: EngineUnderTest) async throws {
        try await withMove(.sqlite, to) { world, target in
            let move = Move(from: world.store, to: target)
            _ = try await move.run { _ in }
            let before = try await everyRow(target.store)
            await #expect(throws: MoveFault.notEmpty(table: "data_key")) { try await move.run { _ in } }
            #expect(try await everyRow(target.store) == before)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func noProgramServesAMoveThatHasNotEnded(_ to: EngineUnderTest) async throws {
        try await withMove(.sqlite, to) { world, target in
            let move = Move(from: world.store, to: target)
            await #expect(throws: Killed.self) { try await move.run { _ in throw Killed() } }
            for _ in 0..<2 {
                await #expect(throws: StoreFault.schemaNewer(found: MoveMark.number, known: deskMigrations.newest)) {
                    try await Migrator(deskMigrations).requireCurrent(target.store)
                }
                await #expect(throws: StoreFault.schemaNewer(found: MoveMark.number, known: deskMigrations.newest)) {
                    try await Migrator(deskMigrations).migrate(target.store, now: 0)
                }
            }
            await #expect(throws: StoreFault.schemaNewer(found: MoveMark.number, known: deskMigrations.newest)) {
                try await Move(from: target.store, to: world.desk).run { _ in }
            }
        }
    }

    @Test func aMoveIsContinuedFromTheSameSourceOnly() async throws {
        try await withMove(.sqlite, .postgres) { world, target in
            await #expect(throws: Killed.self) {
                try await Move(from: world.store, to: target).run { _ in throw Killed() }
            }
            try await withDesk(seed: 9) { other, _ in
                await #expect(throws: MoveFault.otherKeys) {
                    try await Move(from: other.store, to: target).run { _ in }
                }
                await #expect(throws: MoveFault.otherSource) {
                    try await Move(from: other.store, to: other.on(target.store)).run { _ in }
                }
            }
            _ = try await world.pay()
            await #expect(throws: MoveFault.otherSource) {
                try await Move(from: world.store, to: target).run { _ in }
            }
        }
    }

    /// Each names the object that must be told.
    @Test(
        arguments: [
            ("payment", "UPDATE payment SET trace_no = '000000'"),
            ("payment.amount_minor", "UPDATE payment SET amount_minor = amount_minor + 1"),
            ("balance.balance_minor", "UPDATE balance SET balance_minor = balance_minor + 1"),
            ("stream_head", "UPDATE stream_head SET mac = hash"),
            ("contact_code", "DELETE FROM contact_code"),
        ], EngineUnderTest.allCases)
    func aTamperedBatchIsNoticed(_ tampering: (String, String), _ to: EngineUnderTest) async throws {
        try await withMove(.sqlite, to) { world, target in
            let move = Move(from: world.store, to: target)
            await #expect(throws: Killed.self) {
                try await move.run { step in if step.phase == .comparing { throw Killed() } }
            }
            try await target.store.write { sql in _ = try sql.run(tampering.1) }
            let outcome = try await move.run { _ in }
            #expect(outcome.faults.contains { $0.check == "move" && $0.object == tampering.0 }, "\(outcome.faults)")
            await #expect(throws: StoreFault.schemaNewer(found: MoveMark.number, known: deskMigrations.newest)) {
                try await Migrator(deskMigrations).requireCurrent(target.store)
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSourceThatChangedMeanwhileIsNoticed(_ from: EngineUnderTest) async throws {
        try await withMove(from, .sqlite) { world, target in
            let move = Move(from: world.store, to: target)
            await #expect(throws: Killed.self) {
                try await move.run { step in if step.phase == .comparing { throw Killed() } }
            }
            // What no audit event, count or sum tells of.
            try await world.store.write { sql in
                _ = try sql.run("UPDATE visitor_session SET last_seen_ms = last_seen_ms + 1")
            }
            let outcome = try await move.run { _ in }
            #expect(outcome.faults.map(\.object) == ["visitor_session"])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theDeskWorksOnAtTheNewPlace(_ to: EngineUnderTest) async throws {
        try await withMove(.sqlite, to) { world, target in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            #expect(try await Move(from: world.store, to: target).run { _ in }.faults == [])
            let there = world.at(target)
            let events = try await there.int("SELECT COUNT(*) AS value FROM event")
            try await there.approve(filed.number, 6_000)
            let sending = try await there.sent(filed)
            _ = try await target.recordOutcome(
                there.answer(.succeeded, 6_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            #expect(try await there.movementState(filed.number) == .succeeded)
            #expect(try await there.int("SELECT COUNT(*) AS value FROM event") > events)
            #expect(try await target.verify() == [])
            #expect(try await there.email(of: filed.number).contains("@example.com"))
        }
    }

    @Test func twoMoversAtOnceCopyNothingTwice() async throws {
        try await withMove(.sqlite, .postgres) { world, target in
            let move = Move(from: world.store, to: target, rowsPerBatch: 10)
            let ends = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 { group.addTask { (try? await move.run { _ in }) != nil } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            if !ends.contains(true) { #expect(try await move.run { _ in }.faults == []) }
            try await requireEnded(target)
            #expect(try await everyRow(world.store) == everyRow(target.store))
        }
    }

    // MARK: Helpers

    /// Runs `body` with a world in which a day was drawn, and a desk with its keys on a new, empty database.
    private func withMove(
        _ from: EngineUnderTest, _ to: EngineUnderTest, _ body: (DeskWorld, Desk) async throws -> Void
    ) async throws {
        try await withDesk(from, seed: 5) { desk, world in
            var day = DrawnDay(seed: 5, desk: desk, world: world)
            try await day.open()
            for _ in 0..<100 { try await day.step() }
            try #require(try await desk.verify() == [])
            try await withStore(to) { store in try await body(world, desk.on(store)) }
        }
    }

    private func requireEnded(_ target: Desk) async throws {
        try await Migrator(deskMigrations).requireCurrent(target.store)
        let dialect = target.store.dialect
        let names = try await target.store.read { sql in
            switch dialect {
            case .sqlite: try sql.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            case .postgres:
                try sql.rows("SELECT relname AS name FROM pg_class WHERE pg_table_is_visible(oid) AND relkind = 'r'")
            }
        }.map { try $0.text("name") }
        #expect(!names.contains("move_progress"))
        #expect(try await target.verify() == [])
    }

    private func everyRow(_ store: any Store) async throws -> [String: Set<SQLRow>] {
        let dialect = store.dialect
        return try await store.read { sql in
            var rows: [String: Set<SQLRow>] = [:]
            for table in try MovedTable.all(sql, dialect) {
                try table.each(sql) { rows[table.name, default: []].insert($0) }
            }
            return rows
        }
    }
}

extension [Migration] {
    fileprivate var newest: Int64 { map(\.number).max() ?? 0 }
}

extension Desk {
    /// The same people at another database.
    fileprivate func on(_ store: any Store) -> Desk {
        Desk(store: store, keys: keys, clock: clock, chance: chance, workingDays: workingDays, policy: policy)
    }
}

/// Keeps every write, and says of the first few batches, every third, that nobody knows.
private struct ForgetfulStore: Store {
    let base: any Store
    private let writes = Counter()
    var dialect: SQLDialect { base.dialect }
    var announcements: Announcements { base.announcements }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        var next: Int { value.add(1, ordering: .relaxed).newValue }
    }

    init(base: any Store) {
        self.base = base
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> T) async throws -> T {
        try await base.read(body)
    }

    func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        let value = try await base.write(isolation, body)
        let number = isolation == .eachStatement ? writes.next : 0
        if (1...20).contains(number), number % 3 == 0 { throw StoreFault.commitUnknown }
        return value
    }
}
