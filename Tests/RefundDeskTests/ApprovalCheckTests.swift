import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// What was approved is what is sent: a row that somebody changed behind the approval stops the sending, and `verify`
/// says why.
@Suite struct ApprovalCheckTests {
    /// A change that somebody with the database in hand makes between approval and sending.
    private static let changes = [
        "UPDATE movement SET gross_minor = gross_minor - 100, taken_minor = taken_minor - 100",
        "UPDATE movement SET refund_number = 'RP0'", "UPDATE movement SET route = 'void'",
        "UPDATE refund_case SET approved_minor = approved_minor - 1",
        "UPDATE refund_case SET decided_by = (SELECT MAX(id) FROM staff)",
        "UPDATE refund_case SET asked_minor = asked_minor + 1",
    ]

    @Test(arguments: EngineUnderTest.allCases)
    func aRowThatWasChangedBehindTheApprovalIsNotSent(_ engine: EngineUnderTest) async throws {
        for change in ApprovalCheckTests.changes {
            try await withDesk(engine) { desk, world in
                let filed = try await world.approved(try await world.pay(), asking: 6_000)
                try await world.store.write { sql in _ = try sql.run(change) }
                let job = try await world.job(.sendMovement, of: filed.number)
                let sending = try await desk.beginSend(job, noticeAddress: { _, _ in nil })
                #expect(sending == nil, "\(change)")
                #expect(try await world.movementState(filed.number) == .ready)
                #expect(try await world.events("movement.held-back") == 1)
                #expect(try await desk.verify().contains { $0.check == "approval" }, "\(change)")
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsHeldBackIsToldOnceAndGoesWhenItIsPutRight(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 6_000)
            let number = try await world.text("SELECT refund_number AS value FROM movement")
            try await world.store.write { sql in _ = try sql.run("UPDATE movement SET refund_number = 'RP0'") }
            for _ in 0..<3 {
                let job = try await world.job(.sendMovement, of: filed.number)
                #expect(try await desk.beginSend(job, noticeAddress: { _, _ in nil }) == nil)
                world.clock.advance(seconds: MovementLimits.fundsRetrySeconds + 1)
            }
            #expect(try await world.events("movement.held-back") == 1)
            try await world.store.write { sql in
                _ = try sql.run("UPDATE movement SET refund_number = $1", [.text(number)])
            }
            _ = try await world.sent(filed)
            #expect(try await world.movementState(filed.number) == .sending)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anApprovalThatNoEntryTellsOfSendsNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 6_000)
            try await world.store.write { sql in _ = try sql.run("DELETE FROM event WHERE what = 'case.approved'") }
            let job = try await world.job(.sendMovement, of: filed.number)
            #expect(try await desk.beginSend(job, noticeAddress: { _, _ in nil }) == nil)
            let facts = try await world.text("SELECT facts AS value FROM event WHERE what = 'movement.held-back'")
            #expect(facts == "fault=unapproved")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whoMadeTheCaseHasNotApprovedItWhateverTheRowsSay(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let behalf = OnBehalf(staff: world.support, consent: true)
            let visitor = try await world.draft(of: try await world.pay(), asking: 6_000)
            let number = try await desk.fileCase(
                submission: "submission-on-behalf", termsAccepted: true, visitor: visitor, onBehalf: behalf)
            try await world.approve(number, 6_000)
            // As if the guard had been passed by: the maker is the one who approved.
            try await world.store.write { sql in
                _ = try sql.run(
                    "UPDATE event SET actor_id = $1 WHERE what = 'case.approved'", [.text(world.support.id)])
            }
            let job = try await world.job(.sendMovement, of: number)
            #expect(try await desk.beginSend(job, noticeAddress: { _, _ in nil }) == nil)
            let facts = try await world.text("SELECT facts AS value FROM event WHERE what = 'movement.held-back'")
            #expect(facts == "fault=one-person")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func bothApprovalsOfOnePersonSendNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(300_000), asking: 200_000)
            #expect(try await world.say(.approve, 200_000, filed, by: world.reviewer) == .awaitingSecond)
            #expect(try await world.say(second: .approve, filed, by: world.approver) == .approved)
            try await world.store.write { sql in
                _ = try sql.run(
                    "UPDATE event SET actor_id = $1 WHERE what = 'case.first-approved'", [.text(world.approver.id)])
            }
            let job = try await world.job(.sendMovement, of: filed.number)
            #expect(try await desk.beginSend(job, noticeAddress: { _, _ in nil }) == nil)
            let facts = try await world.text("SELECT facts AS value FROM event WHERE what = 'movement.held-back'")
            #expect(facts == "fault=one-person")
        }
    }
}
