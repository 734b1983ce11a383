import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// However much has been paid, no statement of the desk reads a whole table. The statements are not listed by hand:
/// they are those that whole days at the desk ask.
///
/// Left out on purpose: `verify`, which reads everything because that is what it is for.
@Suite struct PlanTests {
    private static let stepsPerDay = 60

    /// As in ``SequenceTests``, steps cost ten times as much on PostgreSQL.
    private static func days(_ engine: EngineUnderTest) -> UInt64 {
        switch engine {
        case .sqlite: 20
        case .postgres: 5
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func noStatementOfTheDeskReadsAWholeTable(_ engine: EngineUnderTest) async throws {
        let record = StatementRecord()
        try await withDesk(engine) { _, plain in
            try await PlanTests.importStatement(at: plain.recorded(in: record))
        }
        for seed in 0..<PlanTests.days(engine) {
            try await withDesk(engine, seed: seed) { _, plain in
                let world = plain.recorded(in: record)
                var day = DrawnDay(seed: seed, desk: world.desk, world: world)
                try await day.open()
                for _ in 0..<PlanTests.stepsPerDay { try await day.step() }
            }
        }
        let statements = record.statements
        #expect(statements.count > 100, "few statements were seen")
        try await withDesk(engine) { _, world in
            let faults = try await QueryPlans.faults(of: statements, on: world.store, isLarge: false)
            #expect(faults == [], "new: \(faults.joined(separator: "\n"))")
        }
        let large = try await LargeDatabase.shared(engine)
        let faults = try await QueryPlans.faults(of: statements, on: large, isLarge: true)
        #expect(faults == [], "large: \(faults.joined(separator: "\n"))")
    }

    /// What the tests above would say of statements that have no index.
    @Test(arguments: EngineUnderTest.allCases)
    func aStatementThatReadsAWholeTableIsNoticed(_ engine: EngineUnderTest) async throws {
        let large = try await LargeDatabase.shared(engine)
        for walk in [
            "SELECT id FROM payment WHERE batch_no = $1 ORDER BY id LIMIT 10",
            "SELECT COUNT(*) AS counted FROM payment",
            "SELECT COUNT(*) AS counted FROM refund_case WHERE language = $1",
            "SELECT payment.id FROM payment JOIN proof ON proof.id = payment.issuer LIMIT 10",
            "SELECT id FROM proof WHERE kind = $1 ORDER BY id LIMIT 10",
            "UPDATE event SET facts = $1 WHERE actor_id = $2", "DELETE FROM outbox WHERE kind = $1",
        ] {
            #expect(try await !QueryPlans.faults(of: [walk], on: large, isLarge: true).isEmpty, "\(walk)")
        }
        let found = ["SELECT id FROM payment WHERE id = $1", "SELECT name FROM merchant ORDER BY id LIMIT 10"]
        #expect(try await QueryPlans.faults(of: found, on: large, isLarge: true) == [])
    }

    /// Sales and refunds with every number that they are known by.
    private static func importStatement(at world: DeskWorld) async throws {
        let items: [ImportItem] = try [
            .row(.payment(.wallet())), .row(.payment(.slip(order: "LT1"))), .row(.payment(.slip(trace: "000026"))),
            .row(.refund(.wallet())), .row(.refund(.wallet(number: "R2"))),
        ]
        for _ in 0..<2 {
            let source = ImportSource(format: "test") {
                var rest = items[...]
                return { rest.popFirst() }
            }
            _ = try await world.desk.importPayments(
                source, merchantCode: DeskWorld.merchantCode, options: ImportOptions(skipsBad: true))
        }
    }
}
