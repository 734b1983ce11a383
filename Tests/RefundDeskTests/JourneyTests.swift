import RefundDesk
import RefundDomain
import TestSupport
import Testing

/// The journeys that everything else is a deviation from.
@Suite struct JourneyTests {
    /// Sale ¥100.00 with a fee of ¥0.60; asked ¥60.00, agreed ¥50.00 (`docs/lifecycle.md`, the example).
    @Test(arguments: EngineUnderTest.allCases)
    func theExampleComesOutToTheCentThroughTheVerbs(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            #expect(try await world.books() == [9_940, 0, 0, 10_000, 60])
            let filed = try await world.filed(paid, asking: 6_000)
            #expect(try await world.books() == [3_976, 5_964, 0, 10_000, 60])
            try await desk.offer(
                filed.number, amount: .fen(5_000), reason: .goodsUsed, explanation: "Part of it was used already.",
                version: try await world.version(filed.number), by: world.reviewer)
            #expect(try await world.books() == [3_976, 5_964, 0, 10_000, 60])
            try await desk.acceptOffer(
                filed.number, version: try await world.version(filed.number), visitor: filed.visitor)
            #expect(try await world.books() == [4_970, 4_970, 0, 10_000, 60])
            let sending = try await world.sent(filed)
            #expect(sending.order.amount == .fen(5_000) && sending.order.paymentTotal == .fen(10_000))
            #expect(try await world.books() == [4_970, 0, 5_000, 10_000, 30])
            #expect(try await desk.verify() == [])
            let state = try await desk.recordOutcome(
                world.answer(.succeeded, 5_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            #expect(state == .succeeded)
            #expect(try await world.books() == [4_970, 0, 0, 5_000, 30])
            #expect(try await desk.verify() == [])
            world.clock.advance(seconds: 60 * 86_400)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
            #expect(try await desk.verify() == [])
        }
    }
}
