import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Another look at a decision, by somebody else.
@Suite struct AppealTests {
    @Test(arguments: EngineUnderTest.allCases)
    func anAppealGoesToSomebodyWhoHasNotDecided(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            let books = try await world.books()
            try await world.decline(filed, by: world.reviewer)
            try await world.appeal(filed)
            #expect(try await world.state(filed.number) == .appealed)
            #expect(try await world.books() == books, "the cost is held again")
            let before = try await world.version(filed.number)
            await #expect(throws: Refusal.decidedBefore) { try await world.take(filed, by: world.reviewer) }
            await #expect(throws: Refusal.decidedBefore) { try await world.decline(filed, by: world.reviewer) }
            await #expect(throws: Refusal.decidedBefore) { try await world.offer(filed, 50, by: world.reviewer) }
            await #expect(throws: Refusal.decidedBefore) {
                _ = try await world.say(.approve, 100, filed, by: world.reviewer)
            }
            #expect(try await world.version(filed.number) == before)
            try await world.take(filed, by: world.approver)
            _ = try await world.say(.approve, 6_000, filed, by: world.approver)
            #expect(try await world.rows(filed) == ["R1", "R2", "R4", "R16", "R17", "R19", "R13"])
            #expect(try await world.told(filed).contains("appealed"))
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func neitherTheFirstNorTheSecondOfADecisionDecidesItsAppeal(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let operatorReviewer = try await world.another(.operatorReviewer)
            let filed = try await world.filed(try await world.pay(400_000, fee: 0), asking: 150_000)
            _ = try await world.say(.approve, 120_000, filed, by: world.reviewer)
            _ = try await world.say(second: .approve, filed, by: world.approver)
            try await world.appeal(filed)
            for staff in [world.reviewer, world.approver] {
                await #expect(throws: Refusal.decidedBefore) { try await world.take(filed, by: staff) }
            }
            try await world.take(filed, by: operatorReviewer)
            try await world.decline(filed, by: operatorReviewer)
            #expect(try await world.movementState(filed.number) == .ready, "what was granted goes its way")
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 120_000)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    /// The second approval of an appeal is a decision of it too, and so is the second person's no.
    @Test(arguments: EngineUnderTest.allCases)
    func whoDecidedBeforeDoesNotDeclineAsTheSecondPerson(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let operatorReviewer = try await world.another(.operatorReviewer)
            let filed = try await world.filed(try await world.pay(4_000_000, fee: 0), asking: 2_500_000)
            try await world.decline(filed, by: world.approver)
            try await world.appeal(filed)
            _ = try await world.say(.approve, 2_500_000, filed, by: world.reviewer)
            #expect(try await world.state(filed.number) == .awaitingSecond)
            await #expect(throws: Refusal.decidedBefore) { try await world.decline(filed, by: world.approver) }
            await #expect(throws: Refusal.decidedBefore) {
                _ = try await world.say(second: .approve, filed, by: world.approver)
            }
            try await world.decline(filed, by: operatorReviewer)
            #expect(try await world.state(filed.number) == .declined)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAppealNeedsNewGroundsTimeAndAnAmountThatIsLeft(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let filed = try await world.filed(paid, asking: 6_000)
            await #expect(throws: Refusal.notNow(state: .submitted)) { try await world.appeal(filed) }
            try await world.decline(filed, by: world.reviewer)
            let version = try await world.version(filed.number)
            for (grounds, fault) in [("", FieldFault.missing), ("short", .tooShort)] {
                await #expect(throws: Refusal.field("grounds", fault)) {
                    try await desk.appeal(
                        filed.number, grounds: grounds, proofs: [], version: version, visitor: filed.visitor)
                }
            }
            await #expect(throws: Refusal.stale(version: version)) {
                try await desk.appeal(
                    filed.number, grounds: DeskWorld.words, proofs: [], version: version - 1, visitor: filed.visitor)
            }
            let other = try await world.filed(paid, asking: 5_000)
            await #expect(throws: Refusal.aboveMost(.fen(5_000))) { try await world.appeal(filed) }
            try await desk.withdraw(
                other.number, reason: "", version: try await world.version(other.number), visitor: other.visitor)
            world.clock.advance(seconds: 31 * 86_400)
            let late = DeskWorld.Filed(
                number: filed.number, visitor: try await world.again(filed), paymentID: paid.id)
            await #expect(throws: Refusal.notNow(state: .declined)) { try await world.appeal(late) }
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aPartIsPaidWhileTheRestIsLookedAtAgain(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            _ = try await world.say(.approve, 4_000, filed, by: world.reviewer)
            try await world.appeal(filed)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 6_000)
            try await world.paid(filed, 4_000)
            await #expect(throws: Refusal.belowApproved(.fen(4_000))) {
                _ = try await world.say(.approve, 4_000, filed, by: world.approver)
            }
            await #expect(throws: Refusal.belowApproved(.fen(4_000))) {
                try await world.offer(filed, 3_000, by: world.approver)
            }
            _ = try await world.say(.approve, 5_500, filed, by: world.approver)
            world.clock.advance(seconds: 61)
            try await world.paid(filed, 1_500)
            #expect(try await world.int("SELECT refunded_minor AS value FROM payment") == 5_500)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 0)
            #expect(try await world.books() == [9_940 - 5_467, 0, 0, 4_500, 27])
            #expect(try await world.rows(filed) == ["R1", "R2", "R4", "R13", "R18", "R19", "R13"])
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theWholeIsNotAppealedAndNeitherIsAnOfferThatWasTaken(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let whole = try await world.approved(paid, asking: 1_000)
            let agreed = try await world.offered(paid, asking: 1_000, offer: 500)
            try await desk.acceptOffer(
                agreed.number, version: try await world.version(agreed.number), visitor: agreed.visitor)
            for filed in [whole, agreed] {
                await #expect(throws: Refusal.notNow(state: .approved)) { try await world.appeal(filed) }
            }
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    /// The remaining amount goes to the appeal or to another request, never to both.
    @Test(arguments: EngineUnderTest.allCases)
    func anAppealAndARequestForTheSameRestDoNotBothGetIt(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            for _ in 0..<4 {
                let paid = try await world.pay()
                let declined = try await world.filed(paid, asking: 6_000)
                try await world.decline(declined, by: world.reviewer)
                let version = try await world.version(declined.number)
                let visitor = try await world.draft(of: paid, asking: 5_000)
                let got = try await withThrowingTaskGroup(of: Int.self) { group in
                    group.addTask {
                        do {
                            try await desk.appeal(
                                declined.number, grounds: DeskWorld.words, proofs: [], version: version,
                                visitor: declined.visitor)
                            return 1
                        } catch Refusal.aboveMost {
                            return 0
                        }
                    }
                    group.addTask {
                        do {
                            _ = try await other.fileCase(
                                submission: "against-\(paid.id)", termsAccepted: true, visitor: visitor)
                            return 1
                        } catch Refusal.aboveMost {
                            return 0
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(got == 1)
            }
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCaseThatEndedWithAPartIsClosedWhenItsMoneyIsFinal(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            _ = try await world.say(.approve, 4_000, filed, by: world.reviewer)
            try await world.appeal(filed)
            try await world.decline(filed, by: world.approver)
            world.clock.advance(seconds: 31 * 86_400)
            try await world.keepTime()
            #expect(try await world.state(filed.number) == .declined, "the money is on its way")
            try await world.paid(filed, 4_000)
            world.clock.advance(seconds: 60 * 86_400)
            try await world.keepTime()
            #expect(try await world.state(filed.number) == .closed)
            #expect(try await world.rows(filed).last == "R22")
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }
}
