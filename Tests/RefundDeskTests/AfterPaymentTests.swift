import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// What a cardholder says once the money is on its way: it came, it did not, it is wrong, send it elsewhere.
@Suite struct AfterPaymentTests {
    private static let card = "6222021234567894"

    /// A case whose money the bank has confirmed, or said something else of.
    private func paid(_ world: DeskWorld, _ verdict: ChannelVerdict = .succeeded) async throws -> DeskWorld.Filed {
        let filed = try await world.approved(try await world.pay(), asking: 6_000)
        let sending = try await world.sent(filed)
        try await world.desk.recordOutcome(
            world.answer(verdict, 6_000), of: sending.movementID, from: .call(attempt: sending.attempt))
        return filed
    }

    private func arrive(_ filed: DeskWorld.Filed, _ world: DeskWorld, on day: Day? = nil) async throws {
        try await world.desk.confirmArrival(
            filed.number, on: day, version: try await world.version(filed.number), visitor: filed.visitor)
    }

    private func name(
        _ filed: DeskWorld.Filed, _ world: DeskWorld, account: String = card, holder: String = "Zhang Wei"
    ) async throws {
        try await world.desk.nameDestination(
            filed.number, account: account, bank: "招商银行", holder: holder, proofs: [.sample()],
            version: try await world.version(filed.number), visitor: filed.visitor)
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anArrivalClosesTheCaseAtOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await paid(world)
            try await arrive(filed, world)
            #expect(try await world.movementState(filed.number) == .arrived)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
            await #expect(throws: Refusal.notNow(state: .closed)) { try await arrive(filed, world) }
            #expect(try await desk.verify() == [])
        }
    }

    /// Notices come late and twice: the success of money that came back since is no contradiction, that of money that
    /// failed is.
    @Test func theLateNewsOfASuccessContradictsAFailureAlone() async throws {
        try await withDesk(.sqlite) { desk, world in
            for (verdict, contradictions) in [(ChannelVerdict.returned, Int64(0)), (.failed, 1)] {
                let filed = try await world.approved(try await world.pay(), asking: 6_000)
                let sending = try await world.sent(filed)
                let first: ChannelVerdict = verdict == .returned ? .succeeded : .accepted
                try await desk.recordOutcome(
                    world.answer(first, 6_000), of: sending.movementID, from: .call(attempt: sending.attempt))
                for (notice, said) in [("a", verdict), ("b", .succeeded)] {
                    try await desk.recordOutcome(
                        world.answer(said, 6_000), of: sending.movementID,
                        from: .notice(id: "\(verdict)-\(notice)"))
                }
                let written = try await world.int(
                    "SELECT COUNT(*) AS value FROM event WHERE what = 'movement.contradicted'")
                #expect(written == contradictions, "\(verdict)")
            }
        }
    }

    @Test func nothingIsSettledLaterThanItWasHeard() async throws {
        try await withDesk(.sqlite) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 6_000)
            let sending = try await world.sent(filed)
            let ahead = ChannelAnswer(
                verdict: .succeeded, code: "SUCCESS", settledAt: world.clock.now.adding(seconds: 86_400), verified: true
            )
            try await desk.recordOutcome(ahead, of: sending.movementID, from: .call(attempt: sending.attempt))
            let settled = try await world.int("SELECT settled_ms AS value FROM movement")
            // The desk counts up by itself within a second.
            #expect(settled > 0 && settled <= world.clock.now.adding(seconds: 1).milliseconds)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anArrivalLiesBetweenTheSendingAndToday(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await paid(world)
            let today = LocalTime(world.clock.now, secondsAheadOfUTC: 28_800).day
            world.clock.advance(seconds: 15 * 3600)
            for wrong in [-1, 2, 400] {
                await #expect(throws: Refusal.field("date", .notOffered)) {
                    try await arrive(filed, world, on: today.adding(days: Int64(wrong)))
                }
            }
            try await arrive(filed, world, on: today)
            let written = try await world.int("SELECT arrived_ms AS value FROM movement")
            #expect(LocalTime(Moment(milliseconds: written), secondsAheadOfUTC: 28_800).day == today)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func nothingIsComplainedOfBeforeTheBankHasTheMoney(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 6_000)
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.notNow(state: .approved)) { try await arrive(filed, world) }
            await #expect(throws: Refusal.notNow(state: .approved)) {
                try await desk.reportNotArrived(filed.number, version: version, visitor: filed.visitor)
            }
            await #expect(throws: Refusal.notNow(state: .approved)) {
                try await desk.reportWrongAmount(
                    filed.number, expected: .fen(7_000), details: "", version: version, visitor: filed.visitor)
            }
            await #expect(throws: Refusal.notNow(state: .approved)) { try await name(filed, world) }
            #expect(try await world.version(filed.number) == version)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aComplaintIsMadeOnceAndKeepsTheCaseOpenUntilItIsAnswered(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await paid(world)
            func complain(expecting minor: Int64) async throws {
                try await desk.reportWrongAmount(
                    filed.number, expected: .fen(minor), details: "少了", version: try await world.version(filed.number),
                    visitor: filed.visitor)
            }
            await #expect(throws: Refusal.field("expected", .unreadable)) { try await complain(expecting: 0) }
            try await complain(expecting: 8_000)
            await #expect(throws: Refusal.notNow(state: .approved)) { try await complain(expecting: 8_000) }
            try await arrive(filed, world)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .approved)
            let id = try await world.text("SELECT id AS value FROM enquiry")
            func answer(_ text: String, by staff: StaffMember) async throws {
                try await desk.answerEnquiry(
                    id, of: filed.number, text: text, version: try await world.version(filed.number), by: staff)
            }
            await #expect(throws: Refusal.field("answer", .missing)) { try await answer(" ", by: world.support) }
            await #expect(throws: Refusal.notAllowed) { try await answer("We looked.", by: world.clerk) }
            try await answer("The agreed amount has arrived in full.", by: world.support)
            await #expect(throws: Refusal.notFound) { try await answer("Again.", by: world.support) }
            world.clock.advance(seconds: 60 * 86_400)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func moneyThatIsSaidToBeMissingAndThenArrivesNeedsNoAnswer(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await paid(world)
            try await desk.reportNotArrived(
                filed.number, version: try await world.version(filed.number), visitor: filed.visitor)
            try await arrive(filed, world)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM enquiry WHERE answered_ms IS NULL") == 0)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAccountIsNamedSealedAndOnlyWhileMoneyWaitsForOne(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await paid(world, .needsPayeeAction)
            try await name(filed, world)
            #expect(try await world.text("SELECT account_last4 AS value FROM payee_destination") == "7894")
            let facts = try await world.text("SELECT facts AS value FROM event WHERE what = 'destination.named'")
            #expect(eventFacts(facts)["files"] == "1")
            let merchant = world.merchantID
            let found = try await desk.store.read { sql in
                let id = try sql.row("SELECT id FROM refund_case")?.text("id") ?? ""
                return try DestinationTable.newest(ofCase: id, tenant: merchant, desk.seals, sql)?.destination
            }
            #expect(found == PayeeDestination(account: AfterPaymentTests.card, bank: "招商银行", holder: "Zhang Wei"))
            for wrong in ["6222021234567895", "12 34", "62220212345678941234567894123456789", "六二二二", "-"] {
                await #expect(throws: Refusal.field("account", .unreadable)) {
                    try await name(filed, world, account: wrong)
                }
            }
            await #expect(throws: Refusal.field("account", .missing)) { try await name(filed, world, account: " ") }
            await #expect(throws: Refusal.field("holder", .tooLong)) {
                try await name(filed, world, holder: String(repeating: "张", count: 81))
            }
            await #expect(throws: Refusal.proofNeeded) {
                try await desk.nameDestination(
                    filed.number, account: AfterPaymentTests.card, bank: "招商银行", holder: "Zhang Wei", proofs: [],
                    version: try await world.version(filed.number), visitor: filed.visitor)
            }
            #expect(try await world.int("SELECT COUNT(*) AS value FROM proof") == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test func aStalePageAndALinkAloneChangeNothing() async throws {
        try await withDesk { desk, world in
            let filed = try await paid(world)
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.stale(version: version)) {
                try await desk.confirmArrival(filed.number, on: nil, version: version - 1, visitor: filed.visitor)
            }
            let link = try #require(try await desk.filedCase(of: filed.visitor)?.linkToken)
            let visitor = try #require(try await desk.openLink(link, visitor: nil)?.visitor)
            await #expect(throws: Refusal.contactUnproved) {
                try await desk.confirmArrival(filed.number, on: nil, version: version, visitor: visitor)
            }
            await #expect(throws: Refusal.contactUnproved) {
                try await desk.reportNotArrived(filed.number, version: version, visitor: visitor)
            }
            await #expect(throws: Refusal.contactUnproved) {
                try await desk.nameDestination(
                    filed.number, account: AfterPaymentTests.card, bank: "招商银行", holder: "Zhang", proofs: [.sample()],
                    version: version, visitor: visitor)
            }
            #expect(try await world.version(filed.number) == version)
        }
    }
}

@Suite struct PayeeDestinationTests {
    @Test func cardNumbersEndInTheirCheckDigit() {
        let named = { PayeeDestination(account: $0, bank: "招商银行", holder: "张伟") }
        #expect(named("6222021234567894")?.last4 == "7894")
        #expect(named("4111111111111111") != nil)
        #expect(named("4111111111111112") == nil)
        #expect(named("1202026219004567890") != nil, "a passbook's account number has no check digit")
        #expect(named("GB29NWBK60161331926819") != nil)
        for wrong in ["", "12345", "ABCDEF", "6222 0212", "１２３４５６７", "gb29nwbk60161331926819", "1234567\u{0}"] {
            #expect(named(wrong) == nil, "\(wrong)")
        }
    }
}
