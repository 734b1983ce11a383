import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// People who keep policies, and a policy of the merchant's own.
struct PolicyHouse {
    let world: DeskWorld
    let admin: StaffMember
    let otherAdmin: StaffMember
    let finance: StaffMember

    init(_ world: DeskWorld) async throws {
        self.world = world
        admin = try await DeskWorld.add(.merchantAdmin, to: world.desk, email: "admin@lanting.example")
        otherAdmin = try await DeskWorld.add(.merchantAdmin, to: world.desk, email: "admin2@lanting.example")
        finance = try await DeskWorld.add(.finance, to: world.desk)
    }

    var today: Day { LocalTime(world.clock.now, secondsAheadOfUTC: 28_800).day }

    func propose(_ policy: Policy, after newest: Int64 = 0, by staff: StaffMember? = nil) async throws -> String {
        try await world.desk.proposePolicy(
            policy, for: world.merchantID, from: today.adding(days: 1), after: newest, by: staff ?? admin)
    }

    /// Proposes and confirms it, and lets its day come.
    func enact(_ policy: Policy, after newest: Int64 = 0) async throws {
        try await world.desk.confirmPolicy(try await propose(policy, after: newest), by: otherAdmin)
        world.clock.advance(seconds: 86_400)
    }

    func policyOf(_ filed: DeskWorld.Filed) async throws -> Policy {
        let id = try await world.text(
            "SELECT id AS value FROM refund_case WHERE number = $1", [.text(filed.number.text)])
        let desk = world.desk
        return try await desk.store.read { sql in try desk.policy(ofCase: id, sql) }
    }

    func inForce(_ day: Day) async throws -> Policy {
        let desk = world.desk
        let merchantID = world.merchantID
        return try await desk.store.read { sql in try desk.policy(of: merchantID, on: day, sql) }
    }
}

@Suite struct PolicyVerbTests {
    @Test(arguments: EngineUnderTest.allCases)
    func aPolicyIsInForceFromItsDayOnAfterTwoPeople(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PolicyHouse(world)
            let id = try await house.propose(try Policy.standard.with(.offerDays, 5))
            let tomorrow = house.today.adding(days: 1)
            #expect(try await house.inForce(tomorrow) == desk.policy)
            try await desk.confirmPolicy(id, by: house.finance)
            #expect(try await house.inForce(house.today) == desk.policy)
            let policy = try await house.inForce(tomorrow)
            #expect(policy.version == "lanting-1" && policy.offerDays == 5)
            let facts = eventFacts(
                try await world.text("SELECT facts AS value FROM event WHERE what = 'policy.confirmed'"))
            #expect(facts["before.offer-days"] == "7" && facts["after.offer-days"] == "5")
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func nobodyConfirmsTheirOwnAndOthersCannot(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PolicyHouse(world)
            try await desk.addMerchant(
                code: "harbour", name: "港湾", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
            let stranger = try await DeskWorld.add(
                .merchantAdmin, to: desk, email: "admin@harbour.example", merchantCode: "harbour")
            let policy = try Policy.standard.with(.offerDays, 5)
            for (person, refusal) in [
                (stranger, Refusal.notFound), (world.reviewer, .notAllowed), (world.approver, .notAllowed),
                (world.clerk, .notAllowed), (world.support, .notAllowed),
            ] {
                await #expect(throws: refusal) { _ = try await house.propose(policy, by: person) }
            }
            let id = try await house.propose(policy)
            for (person, refusal) in [
                (house.admin, Refusal.makerMayNotDecide), (stranger, .notFound), (world.reviewer, .notAllowed),
                (world.approver, .notAllowed),
            ] {
                await #expect(throws: refusal) { try await desk.confirmPolicy(id, by: person) }
                await #expect(throws: refusal) { try await desk.refusePolicy(id, reason: "no", by: person) }
            }
            #expect(try await house.inForce(house.today.adding(days: 1)) == desk.policy)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aPolicyIsNeverDatedBack(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PolicyHouse(world)
            let policy = try Policy.standard.with(.offerDays, 5)
            for days in [-1, 0, 367] as [Int64] {
                await #expect(throws: Refusal.field("from", .notOffered)) {
                    _ = try await desk.proposePolicy(
                        policy, for: world.merchantID, from: house.today.adding(days: days), after: 0,
                        by: house.admin)
                }
            }
            let id = try await house.propose(policy)
            world.clock.advance(seconds: 86_400)
            await #expect(throws: Refusal.field("from", .notOffered)) {
                try await desk.confirmPolicy(id, by: house.otherAdmin)
            }
            try await desk.refusePolicy(id, reason: "Its day has come.", by: house.otherAdmin)
            await #expect(throws: Refusal.stale(version: 1)) {
                try await desk.confirmPolicy(id, by: house.otherAdmin)
            }
        }
    }

    @Test func anOlderProposalCannotBeConfirmedAfterANewerOne() async throws {
        try await withDesk { desk, world in
            let house = try await PolicyHouse(world)
            let first = try await house.propose(try Policy.standard.with(.offerDays, 5))
            let unseen = try Policy.standard.with(.offerDays, 4)
            await #expect(throws: Refusal.stale(version: 1)) { _ = try await house.propose(unseen) }
            let second = try await house.propose(unseen, after: 1)
            await #expect(throws: Refusal.stale(version: 2)) {
                try await desk.confirmPolicy(first, by: house.otherAdmin)
            }
            try await desk.confirmPolicy(second, by: house.otherAdmin)
            #expect(try await house.inForce(house.today.adding(days: 1)).version == "lanting-2")
            await #expect(throws: Refusal.field("rules", .missing)) {
                _ = try await house.propose(unseen, after: 2)
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCaseKeepsTheVersionItWasSubmittedUnder(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PolicyHouse(world)
            let old = try await world.filed(try await world.pay(10_000), asking: 5_000)
            try await house.enact(
                try Policy.standard.with(.offerDays, 3).with(.reviewerMax, 1_000).with(.refundMax, 5_000))
            let new = try await world.filed(try await world.pay(10_000), asking: 5_000)
            #expect(try await house.policyOf(old).version == desk.policy.version)
            #expect(try await house.policyOf(new).version == "lanting-1")
            try await world.approve(new.number, 5_000, by: world.reviewer)
            #expect(try await world.state(new.number) == .awaitingSecond, "above the new limit")
            try await world.approve(old.number, 5_000, by: world.reviewer)
            #expect(try await world.state(old.number) == .approved)
            #expect(try await desk.verify() == [])
        }
    }

    @Test func whatIsAboveAMerchantsLimitIsRefusedByItsName() async throws {
        try await withDesk { desk, world in
            let house = try await PolicyHouse(world)
            let proved = try Policy.standard.with(.refundMax, 5_000).demandingProof(for: .notReceived, from: 4_000)
            try await house.enact(proved)
            let visitor = try await world.find(try await world.pay(10_000))
            try await desk.chooseReason(.notReceived, details: "never came", visitor: visitor)
            await #expect(throws: Refusal.limited(.fen(5_000), by: .refund)) {
                try await desk.chooseAmount(.fen(5_001), visitor: visitor)
            }
            try await desk.chooseAmount(.fen(4_000), visitor: visitor)
            #expect(try await desk.draft(of: visitor)?.nextStep == .proof)
            try await desk.chooseAmount(.fen(3_999), visitor: visitor)
            #expect(try await desk.draft(of: visitor)?.nextStep == .contact)
        }
    }
}

@Suite struct DayLimitTests {
    /// Fifty people ask for ¥7 each of payments of their own; the shop gives back ¥100 a day.
    @Test(arguments: EngineUnderTest.allCases)
    func aDaysLimitHoldsUnderManyAtOnce(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let house = try await PolicyHouse(world)
            try await house.enact(try Policy.standard.with(.dayMax, 10_000))
            var visitors: [String] = []
            for _ in 0..<50 {
                visitors.append(try await world.draft(of: try await world.pay(1_000), asking: 700))
            }
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for (index, visitor) in visitors.enumerated() {
                    group.addTask {
                        do {
                            _ = try await (index % 2 == 0 ? desk : other).fileCase(
                                submission: "day-limit-of-many-\(index)", termsAccepted: true, visitor: visitor)
                            return true
                        } catch Refusal.limited(_, by: .day) {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 14)
            #expect(try await desk.verify() == [])
        }
    }

    @Test func theLimitIsAskedAgainAtApprovalAndIsNewEachDay() async throws {
        try await withDesk { desk, world in
            let house = try await PolicyHouse(world)
            try await house.enact(try Policy.standard.with(.dayMax, 10_000))
            let first = try await world.filed(try await world.pay(10_000), asking: 8_000)
            world.clock.advance(seconds: 86_400)
            let second = try await world.filed(try await world.pay(10_000), asking: 8_000)
            try await world.approve(first.number, 8_000)
            await #expect(throws: Refusal.limited(.fen(2_000), by: .day)) {
                try await world.approve(second.number, 8_000)
            }
            world.clock.advance(seconds: 86_400)
            try await world.approve(second.number, 8_000)
            #expect(try await world.state(second.number) == .approved)
            #expect(try await desk.verify() == [])
        }
    }
}

@Suite struct ApproveByRuleTests {
    private func rule() throws -> Policy {
        try Policy.standard.with(.autoMax, 5_000).approvingAlone([.notReceived])
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theRuleApprovesAtOnceAndSaysSo(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            try await PolicyHouse(world).enact(try rule())
            let filed = try await world.filed(try await world.pay(10_000), asking: 5_000)
            #expect(try await world.state(filed.number) == .approved)
            #expect(try await world.movementState(filed.number) == .ready)
            let kept = try await world.text(
                "SELECT rule AS value FROM refund_case WHERE number = $1", [.text(filed.number.text)])
            #expect(kept == "auto:lanting-1")
            let facts = eventFacts(
                try await world.text("SELECT facts AS value FROM event WHERE what = 'case.approved'"))
            #expect(facts["rule"] == "auto:lanting-1" && facts["auto_max_minor"] == "5000")
            let told = try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = 'approved'")
            #expect(told == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test func whatTheRuleDoesNotFitWaitsForAPerson() async throws {
        try await withDesk { desk, world in
            let house = try await PolicyHouse(world)
            try await house.enact(try rule())
            let tooMuch = try await world.filed(try await world.pay(10_000), asking: 5_001)
            #expect(try await world.state(tooMuch.number) == .submitted)
            let paid = try await world.pay(10_000)
            _ = try await world.filed(paid, asking: 1_000)
            let again = try await world.filed(paid, asking: 1_000)
            #expect(try await world.state(again.number) == .submitted)
            let blocked = try await world.pay(10_000)
            _ = try await desk.store.write { sql in
                try sql.run(
                    """
                    INSERT INTO block (id, merchant_id, payment_id, kind, reference, currency, amount_minor,
                                       counted_minor, held_minor, opened_ms)
                    VALUES ('b', $1, $2, 'risk-review', 'r', 'CNY', 0, 0, 0, 1)
                    """, [.text(world.merchantID), .text(blocked.id)])
            }
            let stopped = try? await world.filed(blocked, asking: 1_000)
            if let stopped { #expect(try await world.state(stopped.number) == .submitted) }
            try await house.enact(Policy.standard.approvingAlone([.notReceived]), after: 1)
            let off = try await world.filed(try await world.pay(10_000), asking: 1_000)
            #expect(try await world.state(off.number) == .submitted)
        }
    }
}
