import RefundDesk
import RefundDomain
import TestSupport
import Testing

/// Whole payments that are called off on their UnionPay day.
@Suite struct VoidTests {
    /// A payment by UnionPay at 15:21 of today; it is 16:00.
    private func pay(_ world: DeskWorld) async throws -> DeskWorld.Paid {
        if try await !world.desk.channelAccounts().contains(where: { $0.channel == .unionPay }) {
            _ = try await world.desk.addChannelAccount(
                merchantCode: DeskWorld.merchantCode, channel: .unionPay, name: "UnionPay",
                merchantNumber: DeskWorld.merchantNumber, settings: Array("{}".utf8))
            world.clock.advance(seconds: 6 * 3600)
        }
        return try await world.pay(channel: .unionPay, daysAgo: 0)
    }

    private func purpose(_ world: DeskWorld) async throws -> String? {
        let facts = try await world.text(
            "SELECT facts AS value FROM event WHERE what = 'movement.sending' ORDER BY number DESC LIMIT 1")
        return eventFacts(facts)["purpose"]
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aWholePaymentOfTodayIsCalledOff(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await pay(world), asking: nil)
            #expect(try await world.books() == [0, 9_940, 0, 10_000, 60])
            let sending = try await world.sent(filed)
            #expect(sending.order.purpose == .void)
            #expect(try await purpose(world) == "void")
            #expect(try await world.books() == [0, 0, 10_000, 10_000, 0])
            let asked = try await desk.orderedRefund(
                number: sending.order.refundNumber, accountID: sending.accountID)
            #expect(asked?.order.purpose == .void)
            try await desk.recordOutcome(
                world.answer(.succeeded, 10_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            #expect(try await world.books() == [0, 0, 0, 0, 0])
            #expect(try await world.int("SELECT COUNT(*) AS value FROM posting WHERE kind = 'P18'") == 1)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM posting WHERE kind = 'P7'") == 0)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aVoidThatFailedIsReplacedByARefundUnderAnotherNumber(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await pay(world), asking: nil)
            let first = try await world.answered(filed, .failed)
            #expect(try await world.books() == [0, 9_940, 0, 10_000, 60])
            #expect(try await desk.verify() == [])
            try await desk.replace(
                movement: first.movementID, of: filed.number, version: try await world.version(filed.number),
                by: world.approver)
            let second = try await world.sent(filed)
            #expect(second.order.purpose == .refund && second.order.refundNumber != first.order.refundNumber)
            try await desk.recordOutcome(
                world.answer(.succeeded, 10_000), of: second.movementID, from: .call(attempt: second.attempt))
            #expect(try await world.books() == [0, 0, 0, 0, 0])
            #expect(try await world.int("SELECT COUNT(*) AS value FROM posting WHERE kind = 'P18'") == 0)
            #expect(try await desk.verify() == [])
        }
    }

    /// Nobody knows whether the void was executed: the same order is asked for, however late, and no refund follows.
    @Test(arguments: EngineUnderTest.allCases)
    func aVoidOfWhichNobodyKnowsStaysAVoid(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await pay(world), asking: nil)
            let sending = try await world.answered(filed, .unknown)
            #expect(try await world.books() == [0, 0, 10_000, 10_000, 0])
            world.clock.advance(seconds: 12 * 3600)
            let job = try await world.job(.queryMovement, of: filed.number)
            let query = try #require(try await desk.beginQuery(job))
            #expect(query.order.purpose == .void && query.order.refundNumber == sending.order.refundNumber)
            try await desk.recordOutcome(world.answer(.succeeded, 10_000), of: sending.movementID, from: .query(job))
            #expect(try await world.books() == [0, 0, 0, 0, 0])
            #expect(try await world.int("SELECT COUNT(*) AS value FROM posting WHERE kind = 'P18'") == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsSentAfterTheDayIsARefund(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await pay(world), asking: nil)
            world.clock.advance(seconds: 7 * 3600)
            let sending = try await world.sent(filed)
            #expect(sending.order.purpose == .refund)
            try await desk.recordOutcome(
                world.answer(.succeeded, 10_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            #expect(try await world.books() == [0, 0, 0, 0, 0])
            #expect(try await world.int("SELECT COUNT(*) AS value FROM posting WHERE kind = 'P7'") == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func partsAndWhatARowForbidsAreRefunds(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let part = try await world.approved(try await pay(world), asking: 9_999)
            #expect(try await world.sent(part).order.purpose == .refund)
            try await desk.loadCapabilities(
                try CapabilitiesFileTests.parse(
                    "unionpay\tLakala\t\(DeskWorld.merchantNumber)\t\t\t\t\t\t\t\tnever\t\tyes\ta letter"))
            let whole = try await world.approved(try await pay(world), asking: nil)
            #expect(try await world.sent(whole).order.purpose == .refund)
            #expect(try await desk.verify() == [])
        }
    }
}
