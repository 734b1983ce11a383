import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Taking a decision back before it leaves the house.
@Suite struct UndoTests {
    /// A desk whose decisions can be taken back for ten seconds.
    private func withUndo(
        _ engine: EngineUnderTest, _ body: (Desk, DeskWorld) async throws -> Void
    ) async throws {
        try await withDesk(engine) { desk, world in
            let patient = desk.at(desk.clock, chance: desk.chance, policy: .standard)
            try await body(patient, world.at(patient))
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aYesIsTakenBackAsIfItHadNotBeenSaid(_ engine: EngineUnderTest) async throws {
        try await withUndo(engine) { desk, world in
            let filed = try await world.taken(try await world.pay(), asking: 6_000)
            let books = try await world.books()
            _ = try await world.say(.approve, 5_000, filed, by: world.approver)
            await #expect(throws: Refusal.notFound) { _ = try await world.job(.sendMovement, of: filed.number) }
            await #expect(throws: Refusal.notYours) { try await world.undo(filed, by: world.reviewer) }
            try await world.undo(filed, by: world.approver)
            #expect(try await world.state(filed.number) == .inReview)
            #expect(try await world.movementState(filed.number) == .cancelled)
            #expect(try await world.books() == books)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 6_000)
            world.clock.advance(seconds: 60)
            await #expect(throws: Refusal.notFound) { _ = try await world.job(.sendMovement, of: filed.number) }
            #expect(
                try await world.int(
                    "SELECT COUNT(*) AS value FROM message WHERE kind = 'approved' AND sent_ms IS NOT NULL") == 0)
            _ = try await world.say(.approve, 6_000, filed, by: world.approver)
            #expect(try await world.state(filed.number) == .approved)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aNoIsTakenBackUnlessTheAmountIsGone(_ engine: EngineUnderTest) async throws {
        try await withUndo(engine) { desk, world in
            let paid = try await world.pay()
            let filed = try await world.taken(paid, asking: 6_000)
            let books = try await world.books()
            try await world.decline(filed, by: world.reviewer)
            try await world.undo(filed, by: world.reviewer)
            #expect(try await world.books() == books)
            try await world.decline(filed, by: world.reviewer)
            _ = try await world.filed(paid, asking: 5_000)
            await #expect(throws: Refusal.aboveMost(.fen(5_000))) { try await world.undo(filed, by: world.reviewer) }
            #expect(try await world.state(filed.number) == .declined)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func afterTenSecondsADecisionStands(_ engine: EngineUnderTest) async throws {
        try await withUndo(engine) { desk, world in
            let paid = try await world.pay()
            let approved = try await world.filed(paid, asking: 100)
            _ = try await world.say(.approve, 100, approved, by: world.approver)
            let declined = try await world.filed(paid, asking: 100)
            try await world.decline(declined, by: world.approver)
            world.clock.advance(seconds: 11)
            for filed in [approved, declined] {
                await #expect(throws: Refusal.undoOver) { try await world.undo(filed, by: world.approver) }
            }
            _ = try await world.sent(approved)
            #expect(try await world.movementState(approved.number) == .sending)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSecondYesIsTakenBackByWhoSaidIt(_ engine: EngineUnderTest) async throws {
        try await withUndo(engine) { desk, world in
            let finance = try await world.another(.finance)
            let filed = try await world.filed(try await world.pay(400_000, fee: 0), asking: 150_000)
            _ = try await world.say(.approve, 150_000, filed, by: world.reviewer)
            _ = try await world.say(second: .approve, filed, by: finance)
            await #expect(throws: Refusal.notYours) { try await world.undo(filed, by: world.reviewer) }
            try await world.undo(filed, by: finance)
            #expect(try await world.state(filed.number) == .inReview)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    /// Workers' clocks may run ahead: a message that one has in its hands cannot be taken back.
    @Test(arguments: EngineUnderTest.allCases)
    func whatAWorkerHasInItsHandsIsNotTakenBack(_ engine: EngineUnderTest) async throws {
        try await withUndo(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            while let job = try await desk.claimJob() { try await desk.messageSent(job) }
            _ = try await world.say(.approve, 6_000, filed, by: world.approver)
            let ahead = desk.at(
                { desk.clock().adding(seconds: 11) }, chance: desk.chance, policy: desk.policy)
            var claimed = try await ahead.claimJob()
            while let job = claimed, job.kind != .sendMessage { claimed = try await ahead.claimJob() }
            let job = try #require(claimed)
            await #expect(throws: Refusal.undoOver) { try await world.undo(filed, by: world.approver) }
            #expect(try await world.state(filed.number) == .approved)
            try await desk.postpone(job, seconds: 1)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func moneyIsSentOrTakenBackAndNeverBoth(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let patient = desk.at(desk.clock, chance: desk.chance, policy: .standard)
            let ahead = other.at({ desk.clock().adding(seconds: 11) }, chance: desk.chance, policy: .standard)
            let world = world.at(patient)
            for _ in 0..<5 {
                let filed = try await world.filed(try await world.pay(), asking: 1_000)
                while let job = try await patient.claimJob() { try await patient.messageSent(job) }
                _ = try await world.say(.approve, 1_000, filed, by: world.approver)
                let version = try await world.version(filed.number)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        do {
                            try await patient.undo(filed.number, version: version, by: world.approver)
                        } catch Refusal.undoOver {
                        } catch Refusal.stale {
                        }
                    }
                    group.addTask {
                        while let job = try await ahead.claimJob() {
                            if job.kind == .sendMovement {
                                _ = try await ahead.beginSend(job, noticeAddress: { _, _ in nil })
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let state = try await world.state(filed.number)
                let movement = try await world.movementState(filed.number)
                #expect(
                    (state == .inReview && movement == .cancelled) || (state == .approved && movement == .sending))
            }
            #expect(try await patient.verify() == [])
        }
    }
}
