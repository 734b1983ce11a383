import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// When refunded money should be there, written down when the channel takes the refund on.
@Suite struct ArrivalTests {
    private static let windows = ArrivalWindows(
        rows: [
            .init(channel: .wechatPay, issuers: [], paidBy: .wallet, isCrossBorder: false, days: 0...1),
            .init(channel: .wechatPay, issuers: ["CMB"], paidBy: .credit, isCrossBorder: false, days: 2...4),
        ], outer: 15...30)

    /// The same desk with windows; the test's clock begins on Friday, 20 November 2026.
    private func desk(of world: DeskWorld) -> Desk {
        Desk(
            store: world.store, keys: world.keys, clock: world.desk.clock, chance: world.desk.chance,
            workingDays: world.desk.workingDays, arrivalWindows: Self.windows, leaseClock: .desk)
    }

    private func dates(_ movementID: String, _ world: DeskWorld) async throws -> ArrivalDates? {
        try await world.store.read { sql in
            try sql.row(
                "SELECT expected_from, expected_on, expected_exact FROM movement WHERE id = $1", [.text(movementID)]
            )?.expectedArrival()
        }
    }

    private func expected(_ from: String, _ until: String, isExact: Bool = true) throws -> ArrivalDates {
        ArrivalDates(
            earliest: try #require(Day(iso: from)),
            latest: WorkingDays.Counted(day: try #require(Day(iso: until)), isExact: isExact))
    }

    /// A refund that is being sent, of a payment made as a statement's words say.
    private func sending(_ world: DeskWorld, issuer: String? = nil, kind: String? = nil) async throws -> Sending {
        let card = StatementCard(kind: kind.flatMap(CardKind.init(rawValue:)), issuer: issuer)
        let paid = try await world.pay(card: card)
        return try await world.sent(try await world.approved(paid, asking: 1_000))
    }

    @Test(
        arguments: [
            ("CFT", nil, "2026-11-20", "2026-11-23"), ("CMB", "credit", "2026-11-24", "2026-11-26"),
            ("CMB", "debit", "2026-12-11", "2027-01-01"), (nil, nil, "2026-12-11", "2027-01-01"),
        ] as [(String?, String?, String, String)], EngineUnderTest.allCases)
    func theRouteDecides(
        _ route: (issuer: String?, kind: String?, from: String, until: String), _ engine: EngineUnderTest
    ) async throws {
        try await withDesk(engine) { _, world in
            let sending = try await sending(world, issuer: route.issuer, kind: route.kind)
            #expect(try await dates(sending.movementID, world) == nil)
            try await desk(of: world).recordOutcome(
                world.answer(.accepted, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            let wanted = try expected(route.from, route.until)
            #expect(try await dates(sending.movementID, world) == wanted)
            let facts = eventFacts(
                try await world.text("SELECT facts AS value FROM event WHERE what = 'movement.accepted'"))
            #expect(facts["expected_from"] == route.from && facts["expected_on"] == route.until)
            #expect(facts["expected_about"] == nil)
            #expect(try await world.desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aPaymentInAnotherCurrencyThanTheMerchantsHasTheOuterWindow(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            let sending = try await sending(world, issuer: "CFT")
            try await world.store.write { sql in _ = try sql.run("UPDATE merchant SET currency = 'USD'") }
            try await desk(of: world).recordOutcome(
                world.answer(.accepted, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            let wanted = try expected("2026-12-11", "2027-01-01")
            #expect(try await dates(sending.movementID, world) == wanted)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func successAtOnceHasADateAndSuccessLaterKeepsTheOneOfTheTakingOn(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            let desk = desk(of: world)
            let atOnce = try await sending(world, issuer: "CFT")
            try await desk.recordOutcome(
                world.answer(.succeeded, 1_000), of: atOnce.movementID, from: .call(attempt: atOnce.attempt))
            let friday = try expected("2026-11-20", "2026-11-23")
            #expect(try await dates(atOnce.movementID, world) == friday)
            let later = try await sending(world, issuer: "CFT")
            try await desk.recordOutcome(
                world.answer(.accepted, 1_000), of: later.movementID, from: .call(attempt: later.attempt))
            world.clock.advance(seconds: 86_400 * 5)
            try await desk.recordOutcome(
                world.answer(.succeeded, 1_000), of: later.movementID, from: .notice(id: "n1"))
            #expect(try await dates(later.movementID, world) == friday)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(
        arguments: [
            "UPDATE movement SET expected_on = '2026-11-24'", "UPDATE movement SET expected_from = '2026-11-19'",
            "UPDATE movement SET expected_exact = 0", "UPDATE movement SET expected_on = NULL",
        ], EngineUnderTest.allCases)
    func aChangedDateIsFound(_ statement: String, _ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            let desk = desk(of: world)
            for _ in 0..<2 {
                let sending = try await sending(world, issuer: "CFT")
                try await desk.recordOutcome(
                    world.answer(.accepted, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            }
            #expect(try await desk.verify() == [])
            try await world.store.write { sql in _ = try sql.run(statement) }
            let found = try await desk.verify()
            #expect(found.filter { $0.check == "expected" }.count == 2)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatThePayeeHadToMendIsCountedAnew(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            let desk = desk(of: world)
            let sending = try await sending(world, issuer: "CFT")
            try await desk.recordOutcome(
                world.answer(.accepted, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            world.clock.advance(seconds: 86_400 * 3)
            try await desk.recordOutcome(
                world.answer(.needsPayeeAction, 1_000), of: sending.movementID, from: .notice(id: "n1"))
            world.clock.advance(seconds: 86_400)
            try await desk.recordOutcome(
                world.answer(.accepted, 1_000), of: sending.movementID, from: .notice(id: "n2"))
            let wanted = try expected("2026-11-24", "2026-11-25")
            #expect(try await dates(sending.movementID, world) == wanted)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aDateBeyondTheDataIsKeptAsInexactWhateverIsLoadedLater(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            let desk = desk(of: world)
            // Thursday, 30 December 2027: the harness knows 2026 and 2027.
            world.clock.advance(seconds: 86_400 * 405)
            let sending = try await sending(world, issuer: "CMB", kind: "credit")
            try await desk.recordOutcome(
                world.answer(.accepted, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            let wanted = try expected("2028-01-03", "2028-01-05", isExact: false)
            #expect(try await dates(sending.movementID, world) == wanted)
            let facts = eventFacts(
                try await world.text("SELECT facts AS value FROM event WHERE what = 'movement.accepted'"))
            #expect(facts["expected_about"] == "yes")
            let holiday = try #require(Day(iso: "2028-01-03"))
            try await desk.loadCalendar([
                try WorkingYear(region: "CN", year: 2028, source: "notice", holidays: [holiday], makeUpDays: [])
            ])
            #expect(try await dates(sending.movementID, world) == wanted)
        }
    }
}
