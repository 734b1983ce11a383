import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// What happens to a case when nobody does anything.
@Suite struct CaseClockTests {
    private static let day: Int64 = 86_400

    @Test(arguments: EngineUnderTest.allCases)
    func aDraftThatNobodySendsExpiresAndIsNobodysToSee(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            let number = try await world.number(ofDraft: visitor)
            world.clock.advance(seconds: 23 * 3600)
            try await world.keepTime()
            #expect(try await world.state(number) == .draft)
            world.clock.advance(seconds: 3601)
            try await world.keepTime()
            #expect(try await world.state(number) == .expired)
            await #expect(throws: Refusal.notFound) { _ = try await desk.version(of: number) }
            await #expect(throws: Refusal.notFound) {
                try await desk.take(number, version: try await world.version(number), by: world.reviewer)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aQuestionRunsOutAfterTwoRemindersAndCanBeAnsweredLate(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.asked(try await world.pay(), asking: 6_000)
            let books = try await world.books()
            for (days, reminders) in [(2, 0), (1, 1), (1, 1), (3, 2), (3, 2)] as [(Int64, Int)] {
                world.clock.advance(seconds: days * CaseClockTests.day)
                try await world.keepTime()
                #expect(try await world.told(filed).filter { $0 == "reminder" }.count == reminders)
                #expect(try await world.state(filed.number) == .infoNeeded)
            }
            world.clock.advance(seconds: CaseClockTests.day + 1)
            try await world.keepTime()
            #expect(try await world.state(filed.number) == .expired)
            #expect(try await world.told(filed).last == "expired")
            #expect(try await world.books() == [9_940, 0, 0, 10_000, 60])
            world.clock.advance(seconds: 89 * CaseClockTests.day)
            let visitor = try await world.again(filed)
            try await desk.answer(
                filed.number, text: "Here it is", proofs: [], version: try await world.version(filed.number),
                visitor: visitor)
            #expect(try await world.state(filed.number) == .inReview)
            #expect(try await world.books() == books)
            #expect(try await world.rows(filed).suffix(3) == ["R6", "R8", "R7"])
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aShortQuestionStillWaitsForBothReminders(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            let due = try #require(Day(iso: "2026-11-24"))
            try await desk.ask(
                filed.number, items: [], question: DeskWorld.words, dueOn: due,
                version: try await world.version(filed.number),
                by: world.support.role == .support
                    ? world.reviewer : world.approver)
            world.clock.advance(seconds: 6 * CaseClockTests.day)
            try await world.keepTime()
            #expect(try await world.state(filed.number) == .infoNeeded)
            world.clock.advance(seconds: CaseClockTests.day + 60)
            try await world.keepTime()
            try await world.keepTime()
            #expect(try await world.state(filed.number) == .expired)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLateAnswerIsRefusedWhenTheAmountIsGoneOrTheCaseClosed(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let filed = try await world.asked(paid, asking: 6_000)
            for _ in 0..<12 {
                world.clock.advance(seconds: CaseClockTests.day)
                try await world.keepTime()
            }
            #expect(try await world.state(filed.number) == .expired)
            let answer = {
                let visitor = try await world.again(filed)
                try await desk.answer(
                    filed.number, text: "Here", proofs: [], version: try await world.version(filed.number),
                    visitor: visitor)
            }
            let other = try await world.filed(paid, asking: 5_000)
            await #expect(throws: Refusal.aboveMost(.fen(5_000))) { try await answer() }
            try await world.decline(other, by: world.reviewer)
            world.clock.advance(seconds: 91 * CaseClockTests.day)
            await #expect(throws: Refusal.notNow(state: .expired)) { try await answer() }
            try await world.keepTime()
            #expect(try await world.state(filed.number) == .closed)
            #expect(try await world.state(other.number) == .closed)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsLateIsSeenByTheOperatorAndToldOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(400_000, fee: 0), asking: 150_000)
            let escalated = {
                try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = 'case.escalated'")
            }
            world.clock.advance(seconds: 2 * CaseClockTests.day)
            try await world.keepTime()
            #expect(try await escalated() == 0)
            world.clock.advance(seconds: 6 * CaseClockTests.day)
            try await world.keepTime()
            #expect(try await escalated() == 1)
            #expect(try await world.int("SELECT COUNT(escalated_ms) AS value FROM refund_case") == 1)
            try await world.take(filed, by: world.reviewer)
            world.clock.advance(seconds: 10 * CaseClockTests.day)
            try await world.keepTime()
            #expect(try await escalated() == 2)
            _ = try await world.say(.approve, 150_000, filed, by: world.reviewer)
            world.clock.advance(seconds: 5 * CaseClockTests.day)
            try await world.keepTime()
            #expect(try await escalated() == 3)
            #expect(try await world.told(filed).filter { $0 == "escalated" }.count == 1)
            _ = try await world.say(second: .approve, filed, by: world.approver)
            #expect(try await world.int("SELECT COUNT(escalated_ms) AS value FROM refund_case") == 0)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whileTheCardholderIsAskedNothingIsLate(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.asked(try await world.pay(), asking: 6_000)
            world.clock.advance(seconds: 9 * CaseClockTests.day)
            try await world.keepTime()
            try await desk.answer(
                filed.number, text: "Here", proofs: [], version: try await world.version(filed.number),
                visitor: try await world.again(filed))
            world.clock.advance(seconds: CaseClockTests.day)
            try await world.keepTime()
            #expect(try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = 'case.escalated'") == 0)
            world.clock.advance(seconds: 7 * CaseClockTests.day)
            try await world.keepTime()
            #expect(try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = 'case.escalated'") == 1)
        }
    }
}
