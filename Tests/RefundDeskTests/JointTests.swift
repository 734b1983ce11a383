import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct JointTests {
    // MARK: Unknown

    @Test(arguments: EngineUnderTest.allCases)
    func unknownMoneyGoesAgainUnderItsNumberOnlyByTwoPeopleAfterADay(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.lost(5_000)
            let number = try await world.text("SELECT refund_number AS value FROM movement")
            await #expect(throws: Refusal.self) { _ = try await world.propose(.resend, filed, by: pair.first) }
            world.clock.advance(seconds: 25 * 3_600)
            await #expect(throws: Refusal.notAllowed) {
                _ = try await world.propose(.resend, filed, by: world.support)
            }
            let id = try await world.propose(.resend, filed, by: pair.first)
            await #expect(throws: Refusal.proposalOpen) {
                _ = try await world.propose(.giveUp, filed, by: pair.second)
            }
            await #expect(throws: Refusal.makerMayNotDecide) { try await desk.confirmProposal(id, by: pair.first) }
            await #expect(throws: Refusal.notAllowed) { try await desk.confirmProposal(id, by: world.support) }
            #expect(try await world.movementState(filed.number) == .unknown)
            try await desk.confirmProposal(id, by: pair.second)
            await #expect(throws: Refusal.notFound) { try await desk.confirmProposal(id, by: pair.second) }
            #expect(try await world.movementState(filed.number) == .ready)
            world.clock.advance(seconds: 61)
            let again = try await world.answered(filed, .succeeded)
            #expect(again.order.refundNumber == number)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsGivenUpIsPaidAnewUnderAnotherNumberOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.lost(5_000)
            let before = try await world.books()
            world.clock.advance(seconds: 25 * 3_600)
            try await world.jointly(.giveUp, filed, by: pair)
            #expect(try await world.movementState(filed.number) == .failed)
            let failed = try await world.movement(filed)
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.notAllowed) {
                try await desk.replace(movement: failed, of: filed.number, version: version, by: world.support)
            }
            await #expect(throws: Refusal.stale(version: version)) {
                try await desk.replace(movement: failed, of: filed.number, version: version - 1, by: world.approver)
            }
            try await desk.replace(movement: failed, of: filed.number, version: version, by: world.approver)
            #expect(try await world.movementState(filed.number) == .ready)
            let after = try await world.version(filed.number)
            await #expect(throws: Refusal.moneyNotNow(state: .failed)) {
                try await desk.replace(movement: failed, of: filed.number, version: after, by: world.approver)
            }
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            world.clock.advance(seconds: 61)
            _ = try await world.sent(filed)
            #expect(try await world.books() == before)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aProposalWhoseMoneyWentOnIsRefusedAndStays(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.lost(5_000)
            world.clock.advance(seconds: 25 * 3_600)
            let id = try await world.propose(.giveUp, filed, by: pair.first)
            try await desk.recordOutcome(
                world.answer(.succeeded, 5_000), of: try await world.movement(filed), from: .notice(id: "late"))
            await #expect(throws: Refusal.moneyNotNow(state: .succeeded)) {
                try await desk.confirmProposal(id, by: pair.second)
            }
            #expect(try await world.text("SELECT state AS value FROM joint_proposal") == "open")
            await #expect(throws: Refusal.field("reason", .missing)) {
                try await desk.refuseProposal(id, reason: " ", by: pair.second)
            }
            try await desk.refuseProposal(id, reason: "The channel paid it.", by: pair.second)
            #expect(try await world.text("SELECT state AS value FROM joint_proposal") == "refused")
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func ofTwoWhoConfirmAtOnceOneCounts(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let pair = try await FinancePair(world)
            let third = try await DeskWorld.add(.operatorReviewer, to: desk)
            let filed = try await world.sentBack(5_000)
            let id = try await world.propose(.giveBack, filed, by: pair.first)
            let done = await withTaskGroup(of: Bool.self) { group in
                for (desk, staff) in [(desk, pair.second), (other, third)] {
                    group.addTask {
                        do {
                            try await desk.confirmProposal(id, by: staff)
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 1)
            #expect(try await world.movementState(filed.number) == .givenBack)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test func evidenceAndTheMakerSetAreAskedFor() async throws {
        try await withDesk { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.sentBack(5_000)
            let version = try await world.version(filed.number)
            for (evidence, fault) in [("", FieldFault.missing), ("short", .tooShort)] {
                await #expect(throws: Refusal.field("evidence", fault)) {
                    _ = try await desk.propose(
                        .giveBack, on: filed.number, movement: try await world.movement(filed),
                        details: JointDetails(), evidence: evidence, version: version, by: pair.first)
                }
            }
            await #expect(throws: Refusal.stale(version: version)) {
                _ = try await desk.propose(
                    .giveBack, on: filed.number, movement: try await world.movement(filed), details: JointDetails(),
                    evidence: DeskWorld.evidence, version: version - 1, by: pair.first)
            }
            let sealed = try await world.propose(.giveBack, filed, by: pair.first)
            let text = try await desk.store.read { sql in
                try ProposalTable.find(sealed, sql)?.evidence(desk.seals, sql)
            }
            #expect(text == DeskWorld.evidence)
        }
    }

    // MARK: Returned

    /// The bounce of the worked example: sale 100.00, fee 0.60, 60.00 asked, 50.00 agreed, sent back, paid elsewhere.
    @Test(arguments: EngineUnderTest.allCases)
    func returnedMoneyGoesToTheAccountThatTheCardholderNames(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.offered(try await world.pay(), asking: 6_000, offer: 5_000)
            try await desk.acceptOffer(
                filed.number, version: try await world.version(filed.number), visitor: filed.visitor)
            try await world.answered(filed, .succeeded)
            #expect(try await world.books() == [4_970, 0, 0, 5_000, 30])
            try await desk.recordOutcome(
                world.answer(.returned, 5_000), of: try await world.movement(filed), from: .notice(id: "back"))
            #expect(try await world.books() == [4_970, 0, 0, 10_000, 30])
            #expect(try await world.balance(.payeeReturned) == 5_000)
            await #expect(throws: Refusal.field("destination", .notOffered)) {
                _ = try await world.propose(.reroute, filed, JointDetails(destinationID: "none"), by: pair.first)
            }
            let account = try await world.destination(filed)
            try await world.jointly(.reroute, filed, JointDetails(destinationID: account), by: pair)
            #expect(try await world.balance(.payeeReturned) == 0)
            #expect(try await world.books() == [4_970, 0, 5_000, 10_000, 30])
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            world.clock.advance(seconds: 61)
            try await world.answered(filed, .failed)
            #expect(try await world.balance(.payeeReturned) == 5_000)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            try await desk.replace(
                movement: try await world.movement(filed), of: filed.number,
                version: try await world.version(filed.number), by: pair.first)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            world.clock.advance(seconds: 61)
            try await world.answered(filed, .succeeded)
            #expect(try await world.books() == [4_970, 0, 0, 5_000, 30])
            #expect(try await world.balance(.payeeReturned) == 0)
            #expect(try await world.int("SELECT refunded_minor AS value FROM payment") == 5_000)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test func returnedMoneyIsNotPromisedToAnAccountThatTheChannelCannotReach() async throws {
        try await withDesk { _, world in
            let pair = try await FinancePair(world)
            let filed = try await world.sentBack(5_000)
            for (account, bank) in [("1234567890", "ICBC"), (DeskWorld.card, "华夏银行")] {
                let named = try await world.destination(filed, account: account, bank: bank)
                await #expect(throws: Refusal.channelCannot) {
                    _ = try await world.propose(.reroute, filed, JointDetails(destinationID: named), by: pair.first)
                }
            }
            try await world.jointly(.payOutside, filed, by: pair)
            #expect(try await world.movementState(filed.number) == .givenOutside)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aReturnByPaperOpensAClosedCaseAgain(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.paidBack(5_000)
            world.clock.advance(seconds: 60 * 86_400)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
            await #expect(throws: Refusal.field("return_code", .missing)) {
                _ = try await world.propose(.recordReturn, filed, by: pair.first)
            }
            let today = LocalTime(world.clock.now, secondsAheadOfUTC: 28_800).day
            await #expect(throws: Refusal.field("returned_on", .notOffered)) {
                let details = JointDetails(returnCode: "AC04", returnedOn: today.adding(days: 1))
                _ = try await world.propose(.recordReturn, filed, details, by: pair.first)
            }
            try await world.jointly(
                .recordReturn, filed, JointDetails(returnCode: "AC04", returnedOn: today), by: pair)
            #expect(try await world.state(filed.number) == .approved)
            #expect(try await world.movementState(filed.number) == .returned)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            try await world.jointly(.giveBack, filed, by: pair)
            #expect(try await world.books() == [9_940, 0, 0, 10_000, 60])
            #expect(try await world.int("SELECT open_minor + refunded_minor AS value FROM payment") == 0)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func returnedMoneyIsLeftUnclaimedOnlyAfterNinetyDays(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.sentBack(5_000)
            await #expect(throws: Refusal.self) { _ = try await world.propose(.leaveUnclaimed, filed, by: pair.first) }
            world.clock.advance(seconds: 91 * 86_400)
            try await world.jointly(.leaveUnclaimed, filed, by: pair)
            #expect(try await world.balance(.unclaimed) == 5_000)
            #expect(try await world.balance(.payeeReturned) == 0)
            #expect(try await world.int("SELECT refunded_minor AS value FROM payment") == 5_000)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    // MARK: Corrections

    /// 李女士: sale 300.00, paid back 80.00, should be 100.00.
    @Test(arguments: EngineUnderTest.allCases)
    func aCorrectionUpwardsIsAnotherMovementWithinWhatIsLeft(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let paid = try await world.pay(30_000, fee: 180)
            let filed = try await world.paidBack(8_000, of: paid)
            let first = try await world.movement(filed)
            await #expect(throws: Refusal.aboveMost(.fen(22_000))) {
                _ = try await world.propose(.correctUp, filed, JointDetails(amount: .fen(22_001)), by: pair.first)
            }
            try await world.jointly(.correctUp, filed, JointDetails(amount: .fen(2_000)), by: pair)
            let named = try await world.text(
                "SELECT corrects_id AS value FROM movement WHERE corrects_id IS NOT NULL")
            #expect(named == first)
            world.clock.advance(seconds: 61)
            try await world.answered(filed, .succeeded)
            #expect(try await world.int("SELECT refunded_minor AS value FROM payment") == 10_000)
            #expect(try await world.int("SELECT fee_given_back_minor AS value FROM payment") == 60)
            #expect(try await world.books() == [19_880, 0, 0, 20_000, 120])
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCorrectionThatBecameTooMuchMeanwhileMovesNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let paid = try await world.pay()
            let filed = try await world.paidBack(5_000, of: paid)
            let id = try await world.propose(.correctUp, filed, JointDetails(amount: .fen(4_000)), by: pair.first)
            _ = try await world.filed(paid, asking: 3_000)
            let before = try await world.books()
            await #expect(throws: Refusal.aboveMost(.fen(2_000))) {
                try await desk.confirmProposal(id, by: pair.second)
            }
            #expect(try await world.books() == before)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM movement") == 1)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatWasPaidTooMuchMakesTheMerchantWholeOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let filed = try await world.paidBack(5_000)
            let available = try await world.balance(.merchantAvailable)
            try await world.jointly(.correctDown, filed, JointDetails(amount: .fen(3_000)), by: pair)
            try await world.jointly(.correctDown, filed, JointDetails(amount: .fen(1_500), isGoodwill: true), by: pair)
            #expect(try await world.balance(.cardholderReceivable) == 3_000)
            #expect(try await world.balance(.goodwillExpense) == 1_500)
            #expect(try await world.balance(.merchantAvailable) == available + 4_500)
            await #expect(throws: Refusal.aboveMost(.fen(500))) {
                _ = try await world.propose(.correctDown, filed, JointDetails(amount: .fen(501)), by: pair.first)
            }
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    // MARK: Outside

    @Test(arguments: EngineUnderTest.allCases)
    func whatTheMerchantPaidOutsideIsNotPaidAgain(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let failed = try await world.approved(try await world.pay(), asking: 4_000)
            try await world.answered(failed, .failed)
            try await world.jointly(.payOutside, failed, by: pair)
            let returned = try await world.sentBack(3_000)
            try await world.jointly(.payOutside, returned, by: pair)
            let waiting = try await world.approved(try await world.pay(), asking: 2_000)
            try await world.answered(waiting, .noFunds)
            try await world.jointly(.payOutside, waiting, by: pair)
            await #expect(throws: Refusal.moneyNotNow(state: .givenOutside)) {
                _ = try await world.propose(.payOutside, waiting, by: pair.first)
            }
            for (filed, minor) in [(failed, Int64(4_000)), (returned, 3_000), (waiting, 2_000)] {
                #expect(try await world.movementState(filed.number) == .givenOutside)
                let elsewhere = try await world.int(
                    "SELECT refunded_elsewhere_minor AS value FROM payment WHERE id = $1", [.text(filed.paymentID)])
                #expect(elsewhere == minor)
            }
            #expect(try await world.books() == [29_820, 0, 0, 30_000, 180])
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    // MARK: All of them

    /// Goes every rare way of money once and looks which rows of the table the record names.
    @Test(arguments: EngineUnderTest.allCases)
    func everyRareRowOfTheTableIsReached(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let lost = try await world.lost(1_000)
            world.clock.advance(seconds: 25 * 3_600)
            try await world.jointly(.giveUp, lost, by: pair)
            try await desk.replace(
                movement: try await world.movement(lost), of: lost.number,
                version: try await world.version(lost.number), by: pair.first)
            let elsewhere = try await world.sentBack(2_000)
            let account = try await world.destination(elsewhere)
            try await world.jointly(.reroute, elsewhere, JointDetails(destinationID: account), by: pair)
            try await world.jointly(.giveBack, try await world.sentBack(2_000), by: pair)
            let corrected = try await world.paidBack(2_000)
            try await world.jointly(.correctUp, corrected, JointDetails(amount: .fen(500)), by: pair)
            let outside = try await world.approved(try await world.pay(), asking: 2_000)
            try await world.answered(outside, .failed)
            try await world.jointly(.payOutside, outside, by: pair)
            let asked = try await world.approved(try await world.pay(), asking: 2_000)
            try await world.answered(asked, .needsPayeeAction)
            try await desk.recordOutcome(
                world.answer(.accepted, 2_000), of: try await world.movement(asked), from: .notice(id: "fixed"))
            let arrived = try await world.paidBack(2_000)
            try await desk.confirmArrival(
                arrived.number, on: nil, version: try await world.version(arrived.number), visitor: arrived.visitor)
            let unsent = try await world.lost(1_000)
            try await desk.recordOutcome(
                world.answer(.neverSeen), of: try await world.movement(unsent),
                from: .query(try await world.queryAgain(unsent)))
            let unclaimed = try await world.sentBack(2_000)
            world.clock.advance(seconds: 91 * 86_400)
            try await world.jointly(.leaveUnclaimed, unclaimed, by: pair)
            let seen = try await desk.store.read { sql in
                try sql.rows(
                    """
                    SELECT   DISTINCT transition
                    FROM     event
                    WHERE    object = 'movement'
                    AND      transition IS NOT NULL
                    ORDER BY transition
                    LIMIT    100
                    """
                ).map { try $0.text("transition") }
            }
            for row in ["M12", "M17", "M18", "M19", "M20", "M21", "M22", "M23", "M24", "M28", "M29"] {
                #expect(seen.contains(row), "\(row)")
            }
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }
}
