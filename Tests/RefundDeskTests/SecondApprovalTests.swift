import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// What one person may not approve alone.
@Suite struct SecondApprovalTests {
    @Test(arguments: EngineUnderTest.allCases)
    func anApprovalAboveTheOwnLimitWaitsForAnotherPerson(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(400_000, fee: 0), asking: 150_000)
            #expect(try await world.say(.approve, 150_000, filed, by: world.reviewer) == .awaitingSecond)
            #expect(try await world.movementState(filed.number) == nil)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 150_000)
            await #expect(throws: Refusal.notAllowed) {
                _ = try await world.say(second: .approve, filed, by: world.reviewer)
            }
            #expect(try await world.say(second: .approve, filed, by: world.approver) == .approved)
            #expect(try await world.movementState(filed.number) == .ready)
            await #expect(throws: Refusal.notNow(state: .approved)) {
                _ = try await world.say(second: .approve, filed, by: world.approver)
            }
            #expect(try await world.rows(filed).suffix(3) == ["R4", "R12", "R14"])
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func twoApproversSignForAnyAmountAndNobodyTwice(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let other = try await world.another(.approver)
            let filed = try await world.filed(try await world.pay(9_000_000, fee: 0), asking: 5_000_000)
            #expect(try await world.say(.approve, 5_000_000, filed, by: world.approver) == .awaitingSecond)
            for decision in SecondDecision.allCases {
                await #expect(throws: Refusal.firstApprover) {
                    _ = try await world.say(second: decision, filed, by: world.approver)
                }
            }
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.firstApprover) { try await world.decline(filed, by: world.approver) }
            await #expect(throws: Refusal.stale(version: version)) {
                _ = try await desk.second(
                    filed.number, decision: .approve, note: "", version: version - 1, by: other)
            }
            #expect(try await world.say(second: .approve, filed, by: other) == .approved)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSecondSignatureAfterAReviewersIsWithinTheOwnLimitOrTheOperators(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let finance = try await world.another(.finance)
            let filed = try await world.filed(try await world.pay(9_000_000, fee: 0), asking: 5_000_000)
            #expect(try await world.say(.approve, 5_000_000, filed, by: world.reviewer) == .awaitingSecond)
            await #expect(throws: Refusal.aboveLimit(.fen(2_000_000))) {
                _ = try await world.say(second: .approve, filed, by: world.approver)
            }
            await #expect(throws: Refusal.notAllowed) { try await world.decline(filed, by: finance) }
            #expect(try await world.say(second: .approve, filed, by: finance) == .approved)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theSecondSendsBackWithANoteOrDeclines(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(400_000, fee: 0), asking: 150_000)
            _ = try await world.say(.approve, 150_000, filed, by: world.reviewer)
            await #expect(throws: Refusal.field("note", .missing)) {
                _ = try await desk.second(
                    filed.number, decision: .sendBack, note: " ", version: try await world.version(filed.number),
                    by: world.approver)
            }
            #expect(try await world.say(second: .sendBack, filed, by: world.approver) == .inReview)
            _ = try await world.say(.approve, 120_000, filed, by: world.reviewer)
            try await world.decline(filed, by: world.approver)
            #expect(try await world.state(filed.number) == .declined)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 0)
            #expect(try await world.rows(filed).suffix(4) == ["R12", "R15", "R12", "R16"])
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aFlaggedCaseNeedsTwoWhateverItsAmount(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 100)
            try await world.store.write { sql in _ = try sql.run("UPDATE refund_case SET flag = 'risk'") }
            #expect(try await world.say(.approve, 100, filed, by: world.approver) == .awaitingSecond)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anOfferAboveTheOwnLimitNeedsASecondApprovalOnceTaken(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(9_000_000, fee: 0), asking: 5_000_000)
            try await world.offer(filed, 3_000_000, by: world.approver)
            let state = try await desk.acceptOffer(
                filed.number, version: try await world.version(filed.number), visitor: filed.visitor)
            #expect(state == .awaitingSecond)
            await #expect(throws: Refusal.firstApprover) {
                _ = try await world.say(second: .approve, filed, by: world.approver)
            }
            let other = try await world.another(.approver)
            #expect(try await world.say(second: .approve, filed, by: other) == .approved)
            #expect(try await world.int("SELECT approved_minor AS value FROM refund_case") == 3_000_000)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func ofTwoSecondsAtOnceOneCounts(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let third = try await world.another(.approver)
            for decision in SecondDecision.allCases {
                let filed = try await world.filed(try await world.pay(400_000, fee: 0), asking: 150_000)
                _ = try await world.say(.approve, 150_000, filed, by: world.reviewer)
                let version = try await world.version(filed.number)
                let done = try await withThrowingTaskGroup(of: Int.self) { group in
                    for (desk, staff, decision) in [(desk, world.approver, .approve), (other, third, decision)] {
                        group.addTask {
                            do {
                                try await desk.second(
                                    filed.number, decision: decision, note: "Look again.", version: version, by: staff)
                                return 1
                            } catch Refusal.stale {
                                return 0
                            }
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(done == 1)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func nothingIsApprovedWhileThePaymentIsBlocked(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(400_000, fee: 0), asking: 150_000)
            let offered = try await world.offered(
                DeskWorld.Paid(id: filed.paymentID, transaction: DeskWorld.transaction(1), amount: .fen(400_000)),
                asking: 100, offer: 50)
            try await world.store.write { sql in
                _ = try sql.run(
                    """
                    INSERT INTO block (id, merchant_id, payment_id, kind, reference, currency, amount_minor,
                                       counted_minor, held_minor, opened_ms)
                    VALUES ('b', $1, $2, 'dispute', 'D-1', 'CNY', 0, 0, 0, 1)
                    """, [.text(world.merchantID), .text(filed.paymentID)])
            }
            for minor in [100, 150_000] as [Int64] {
                await #expect(throws: Refusal.blocked(.dispute)) {
                    _ = try await world.say(.approve, minor, filed, by: world.reviewer)
                }
            }
            await #expect(throws: Refusal.blocked(.dispute)) {
                _ = try await desk.acceptOffer(
                    offered.number, version: try await world.version(offered.number), visitor: offered.visitor)
            }
            #expect(try await world.state(filed.number) == .submitted)
        }
    }
}
