import RefundDomain
import Storage
import TestSupport
import Testing

@testable import RefundDesk

/// Money that waits with the channel for its payee, who says nothing.
struct PayeeSilenceTests {
    @Test(arguments: EngineUnderTest.allCases)
    func afterTwoRemindersTheMoneyCountsAsSentBack(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await waiting(world)
            var days: [Int64] = []
            for _ in 0..<3 {
                #expect(try await world.movementState(filed.number) == .needsPayeeAction)
                days.append(try await look(filed, world, desk))
            }
            #expect(try await world.movementState(filed.number) == .returned)
            // From Friday, 20 November 2026: on the third, the seventh and after the tenth working day.
            #expect(days == [5, 11, 17], "\(days)")
            #expect(try await told(.payeeAction, world) == 3)
            #expect(try await told(.moneyReturned, world) == 1)
            #expect(try await world.balance(.payeeReturned) == 4_000)
            #expect(try await world.balance(.refundInFlight) == 0)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            let pair = try await FinancePair(world)
            try await world.jointly(.giveBack, filed, by: pair)
            #expect(try await world.books() == [9_940, 0, 0, 10_000, 60])
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    /// The order is over with such a channel, so that the cost is held again and another refund can take its place.
    @Test(arguments: EngineUnderTest.allCases)
    func whereTheChannelGivesItUpItHasFailed(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await waiting(world)
            for _ in 0..<2 { _ = try await look(filed, world, desk) }
            world.clock.advance(seconds: 6 * 86_400)
            try await desk.followPayee(try await world.job(.followPayee, of: filed.number), endsUnpaid: true)
            #expect(try await world.movementState(filed.number) == .failed)
            #expect(try await told(.moneyFailed, world) == 1)
            #expect(try await world.balance(.refundInFlight) == 0)
            #expect(try await world.balance(.merchantHeld) == 3_976)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test func onceAnAccountIsNamedNothingEndsByItself() async throws {
        try await withDesk { desk, world in
            let filed = try await waiting(world)
            world.clock.advance(seconds: 60)
            _ = try await world.destination(filed)
            for _ in 0..<4 { _ = try await look(filed, world, desk) }
            #expect(try await world.movementState(filed.number) == .needsPayeeAction)
            #expect(try await told(.payeeAction, world) == 1)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test func theChannelsWordComesFirst() async throws {
        try await withDesk { desk, world in
            let filed = try await waiting(world)
            try await desk.recordOutcome(
                world.answer(.succeeded, 4_000), of: try await world.movement(filed), from: .notice(id: "fixed"))
            world.clock.advance(seconds: 6 * 86_400)
            try await desk.keepTime(try await world.job(.followPayee, of: filed.number))
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(try await told(.payeeAction, world) == 1)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    private func waiting(_ world: DeskWorld) async throws -> DeskWorld.Filed {
        let filed = try await world.approved(try await world.pay(), asking: 4_000)
        try await world.answered(filed, .needsPayeeAction)
        return filed
    }

    /// Moves the clock to the next look and does it; the day of it, counted from 20 November 2026.
    private func look(_ filed: DeskWorld.Filed, _ world: DeskWorld, _ desk: Desk) async throws -> Int64 {
        let due = try await world.int(
            "SELECT not_before_ms AS value FROM outbox WHERE kind = 'follow-payee' AND done_ms IS NULL")
        world.clock.advance(seconds: max(due / 1000 - world.clock.now.seconds, 0) + 1)
        try await desk.keepTime(try await world.job(.followPayee, of: filed.number))
        return (due / 1000 + 8 * 3600) / 86_400 - 20_777
    }

    private func told(_ kind: MessageKind, _ world: DeskWorld) async throws -> Int64 {
        try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = $1", [.text(kind.rawValue)])
    }
}
