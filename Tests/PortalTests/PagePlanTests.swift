import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

/// However much has been paid, no page reads a whole table. The statements are those that a walk through all pages
/// asks.
@Suite(.timeLimit(.minutes(10))) struct PagePlanTests {
    @Test(arguments: EngineUnderTest.allCases)
    func noPageReadsAWholeTable(_ engine: EngineUnderTest) async throws {
        let record = StatementRecord()
        let wiring = PortalWiring.network(LiveLimits(beat: .seconds(3600)))
        try await withPortal(wiring, on: engine, record: record) { portal in
            try await PageWalk(portal).everywhere()
        }
        let statements = record.statements
        let seen = Set(statements)
        for statement in QueueStatements.everyPage + CaseSearchStatements.all {
            #expect(seen.contains(statement), "the walk did not come to \(statement)")
        }
        let large = try await LargeDatabase.shared(engine)
        let faults = try await QueryPlans.faults(of: statements, on: large, isLarge: true)
        #expect(faults == [], "\(faults.joined(separator: "\n"))")
    }
}
