import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// What a loaded row changes for requests, decisions and sending.
@Suite struct CapabilityVerbTests {
    private func load(
        _ world: DeskWorld, numbers: [String]? = nil, _ change: (inout CapabilityValues) -> Void
    ) async throws -> CapabilityScope {
        var values = CapabilityValues()
        change(&values)
        let acquirer = numbers.map { Acquirer(name: "Lakala", numbers: $0) }
        let scope = CapabilityScope(channel: .wechatPay, acquirer: acquirer)
        let row = CapabilityRow(scope: scope, values: values, source: "a letter", isVerified: true)
        try await world.desk.loadCapabilities(Capabilities(rows: [row]))
        return scope
    }

    @Test(arguments: EngineUnderTest.allCases)
    func rowsAreLoadedOnceAndStandInTheRecord(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let rows = try CapabilitiesFileTests.parse(
                "wechatpay\t\t\t\twhole\t\t\t\t\t\t\t\tyes\ta",
                "unionpay\tLakala\t822\tsmart\t\t3\t\t\t\t\t\t1-2\tno\tb")
            #expect(try await desk.loadCapabilities(rows))
            #expect(try await !desk.loadCapabilities(rows))
            #expect(Set(try await desk.loadedCapabilities()) == Set(rows.rows))
            #expect(try await desk.verify() == [])
            let facts = eventFacts(
                try await world.text("SELECT facts AS value FROM event WHERE what = 'capabilities.loaded'"))
            #expect(facts["channels"] == "unionpay wechatpay" && facts["rows"] == "2")
            _ = try await load(world) { $0.windowDays = 10 }
            #expect(try await desk.loadedCapabilities().count == 1)
            #expect(try await desk.verify() == [])
            try await world.store.write { sql in _ = try sql.run("UPDATE capability SET window_days = 11") }
            #expect(try await desk.verify().map(\.check) == ["capability"])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aRowOfThePaymentsAcquirerDecidesWhatCanBeAskedFor(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay(daysAgo: 20))
            let mine = try await load(world, numbers: [DeskWorld.merchantNumber]) { $0.windowDays = 10 }
            guard case .refused(.windowPassed(_, let scope)) = try await desk.draft(of: visitor)?.eligibility else {
                Issue.record("still askable")
                return
            }
            #expect(scope == mine)
            _ = try await load(world, numbers: ["999"]) { $0.windowDays = 10 }
            guard case .askable = try await desk.draft(of: visitor)?.eligibility else {
                Issue.record("another acquirer's row applies")
                return
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func lessThanTheLeastIsNeitherAskedForNorPromised(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            let scope = try await load(world) { $0.leastMinor = 1_000 }
            let why = Refusal.ineligible(.belowLeast(.fen(1_000), by: scope))
            let visitor = try await world.find(try await world.pay())
            try await desk.chooseReason(.notReceived, details: "never came", visitor: visitor)
            await #expect(throws: why) { try await desk.chooseAmount(.fen(999), visitor: visitor) }
            try await desk.chooseAmount(.fen(1_000), visitor: visitor)
            await #expect(throws: why) { try await world.approve(filed.number, 999) }
            let version = try await world.version(filed.number)
            await #expect(throws: why) {
                try await desk.offer(
                    filed.number, amount: .fen(999), reason: .goodsUsed, explanation: "Part of it was used already.",
                    version: version, by: world.reviewer)
            }
            try await world.approve(filed.number, 1_000)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func allOrNothingIsAllOrNothingForReviewersToo(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let scope = try await load(world) { $0.refunds = .whole }
            let visitor = try await world.find(try await world.pay())
            try await desk.chooseReason(.notReceived, details: "never came", visitor: visitor)
            await #expect(throws: Refusal.onlyWhole(.fen(10_000))) {
                try await desk.chooseAmount(.fen(5_000), visitor: visitor)
            }
            let filed = try await world.filed(try await world.pay(), asking: nil)
            await #expect(throws: Refusal.ineligible(.terminalCannot(by: scope))) {
                try await world.approve(filed.number, 9_999)
            }
            try await world.approve(filed.number, 10_000)
            let facts = eventFacts(
                try await world.text("SELECT facts AS value FROM event WHERE what = 'movement.planned'"))
            #expect(facts["capability"] == "wechatpay")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func refundsOfOnePaymentAreAsFarApartAsTheRowSays(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await load(world) { $0.gapSeconds = 600 }
            let paid = try await world.pay()
            let first = try await world.approved(paid, asking: 1_000)
            let second = try await world.approved(paid, asking: 2_000)
            try await world.answered(first, .succeeded)
            world.clock.advance(seconds: 590)
            let early = try await world.job(.sendMovement, of: second.number)
            #expect(try await desk.beginSend(early, noticeAddress: { _, _ in nil }) == nil)
            world.clock.advance(seconds: 601)
            let due = try await world.job(.sendMovement, of: second.number)
            #expect(try await desk.beginSend(due, noticeAddress: { _, _ in nil }) != nil)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aChannelThatKeepsTheFeeGivesNoneBack(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await load(world) {
                $0.feeReturn = FeeReturn.none
                $0.arrival = 2...3
            }
            let filed = try await world.approved(try await world.pay(10_000, fee: 60), asking: 5_000)
            #expect(try await world.books() == [4_940, 5_000, 0, 10_000, 60])
            try await world.answered(filed, .succeeded)
            #expect(try await world.books() == [4_940, 0, 0, 5_000, 60])
            #expect(try await world.text("SELECT expected_on AS value FROM movement") == "2026-11-25")
            #expect(try await desk.verify() == [])
        }
    }
}
