import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct LeaseTests {
    private func send(_ job: Job, _ desk: Desk) async throws -> Sending? {
        try await desk.beginSend(job, noticeAddress: { _, _ in nil })
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aWorkerThatLostItsClaimWritesNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            let stale = try await world.job(.sendMovement, of: filed.number)
            world.clock.advance(seconds: MovementLimits.leaseSeconds + 1)
            let fresh = try await world.job(.sendMovement, of: filed.number)
            #expect(fresh.id == stale.id && fresh.lease > stale.lease)
            let before = try await world.books()
            #expect(try await send(stale, desk) == nil)
            try await desk.postpone(stale, seconds: 3600)
            #expect(try await world.books() == before)
            #expect(try await world.movementState(filed.number) == .ready)
            #expect(try await send(fresh, desk) != nil)
            #expect(try await send(fresh, desk) == nil)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM attempt") == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aClaimedJobIsNobodyElsesUntilItsLeaseEnds(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await world.filed(try await world.pay(), asking: 1_000)
            var claimed: Set<String> = []
            while let job = try await desk.claimJob() { #expect(claimed.insert(job.id).inserted) }
            #expect(claimed.count == 2)
            world.clock.advance(seconds: MovementLimits.leaseSeconds + 1)
            let again = try #require(try await desk.claimJob())
            #expect(claimed.contains(again.id) && again.attempts == 2)
            try await desk.messageSent(again)
            try await desk.freeLeases()
            #expect(try await desk.claimJob() != nil)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSendingThatNobodyHeardOfAgainIsAskedAbout(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            let sending = try await world.sent(filed)
            world.clock.advance(seconds: MovementLimits.leaseSeconds + 1)
            let job = try await world.job(.queryMovement, of: filed.number)
            let asking = try #require(try await desk.beginQuery(job))
            #expect(asking.order.refundNumber == sending.order.refundNumber)
            #expect(try await world.movementState(filed.number) == .unknown)
            let late = try await desk.recordOutcome(
                world.answer(.failed), of: sending.movementID, from: .call(attempt: sending.attempt))
            #expect(late == .unknown, "the call's answer came after its time")
            #expect(
                try await desk.recordOutcome(
                    world.answer(.succeeded, 1_000), of: sending.movementID, from: .query(job)) == .succeeded)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAnswerOfAnOlderAttemptChangesNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            let first = try await world.sent(filed)
            _ = try await desk.recordOutcome(
                world.answer(.notExecuted), of: first.movementID, from: .call(attempt: first.attempt))
            world.clock.advance(seconds: 61)
            let second = try await world.sent(filed)
            #expect(second.attempt == first.attempt + 1)
            let before = try await world.books()
            for verdict in ChannelVerdict.allCases {
                let state = try await desk.recordOutcome(
                    world.answer(verdict), of: first.movementID, from: .call(attempt: first.attempt))
                #expect(state == .sending)
            }
            #expect(try await world.books() == before)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func twoRefundsOfAPaymentKeepTheChannelsGap(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let first = try await world.approved(paid, asking: 1_000)
            let second = try await world.approved(paid, asking: 1_000)
            let other = try await world.approved(try await world.pay(), asking: 1_000)
            let sending = try #require(try await send(try await world.job(.sendMovement, of: first.number), desk))
            #expect(try await send(try await world.job(.sendMovement, of: second.number), desk) == nil)
            #expect(try await send(try await world.job(.sendMovement, of: other.number), desk) != nil)
            try await desk.recordOutcome(
                world.answer(.accepted), of: sending.movementID, from: .call(attempt: sending.attempt))
            world.clock.advance(seconds: 30)
            await #expect(throws: Refusal.notFound) { _ = try await world.job(.sendMovement, of: second.number) }
            world.clock.advance(seconds: 31)
            #expect(try await send(try await world.job(.sendMovement, of: second.number), desk) != nil)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aStoppedAccountSendsNothingUntilItsSettingsChange(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let first = try await world.approved(try await world.pay(), asking: 1_000)
            let second = try await world.approved(try await world.pay(), asking: 1_000)
            let sending = try await world.sent(first)
            let state = try await desk.recordOutcome(
                world.answer(.refusedOperator, code: "SIGN_ERROR\nx=1"), of: sending.movementID,
                from: .call(attempt: sending.attempt))
            #expect(state == .ready)
            #expect(try await desk.channelAccounts().first?.stoppedReason != nil)
            #expect(try await send(try await world.job(.sendMovement, of: second.number), desk) == nil)
            try await desk.changeChannelSettings(accountID: world.accountID, to: [1])
            world.clock.advance(seconds: 3_601)
            #expect(try await send(try await world.job(.sendMovement, of: second.number), desk) != nil)
            #expect(try await desk.verify() == [])
        }
    }
}

@Suite struct OutcomeTests {
    /// Brings a movement into a state by answers alone.
    private func bring(_ state: Movement.State, _ desk: Desk, _ world: DeskWorld) async throws -> (
        DeskWorld.Filed, String
    ) {
        let filed = try await world.approved(try await world.pay(), asking: 1_000)
        let movement = try await world.text(
            "SELECT id AS value FROM movement ORDER BY created_ms DESC, id DESC LIMIT 1")
        if state == .ready { return (filed, movement) }
        if state == .cancelled {
            try await desk.withdraw(
                filed.number, reason: "", version: try await world.version(filed.number), visitor: filed.visitor)
            return (filed, movement)
        }
        let sending = try await world.sent(filed)
        let verdicts: [Movement.State: ChannelVerdict] = [
            .unknown: .unknown, .accepted: .accepted, .needsPayeeAction: .needsPayeeAction, .succeeded: .succeeded,
            .failed: .failed, .waitingFunds: .noFunds,
        ]
        if let verdict = verdicts[state] {
            let reached = try await desk.recordOutcome(
                world.answer(verdict), of: movement, from: .call(attempt: sending.attempt))
            #expect(reached == state)
        }
        return (filed, movement)
    }

    @Test(arguments: EngineUnderTest.allCases)
    func everyVerdictInEveryStateDoesWhatTheTableSays(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let states: [Movement.State] = [
                .ready, .cancelled, .sending, .unknown, .accepted, .needsPayeeAction, .succeeded, .failed,
                .waitingFunds,
            ]
            for state in states {
                for verdict in ChannelVerdict.allCases {
                    let (filed, movement) = try await bring(state, desk, world)
                    let happening = Movement.happening(
                        for: verdict, in: state, replayMayPayTwice: false, visible: false)
                    let wanted = happening.flatMap { Movement.transition($0, from: state)?.to } ?? state
                    let answer = world.answer(verdict, 1_000)
                    let found = try await desk.recordOutcome(answer, of: movement, from: .notice(id: movement))
                    #expect(found == wanted, "\(verdict) in \(state)")
                    #expect(try await world.movementState(filed.number) == wanted)
                    // What the operator has to mend stops the account.
                    try await desk.changeChannelSettings(accountID: world.accountID, to: [1])
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aNoticeSentAHundredTimesCountsOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let (filed, movement) = try await bring(.accepted, desk, world)
            _ = try await desk.recordOutcome(world.answer(.succeeded, 1_000), of: movement, from: .notice(id: "N1"))
            let books = try await world.books()
            let version = try await world.version(filed.number)
            let rows = try await world.int("SELECT COUNT(*) AS value FROM posting")
            let events = try await world.int("SELECT COUNT(*) AS value FROM event")
            for _ in 0..<100 {
                let state = try await desk.recordOutcome(
                    world.answer(.succeeded, 1_000), of: movement, from: .notice(id: "N1"))
                #expect(state == .succeeded)
            }
            #expect(try await world.books() == books)
            #expect(try await world.version(filed.number) == version)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM posting") == rows)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM event") == events)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsNotSignedOrNamesAnotherAmountIsNoSuccess(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for answer in [
                world.answer(.succeeded, 1_000, verified: false), world.answer(.succeeded, 999),
                world.answer(.failed, verified: false), world.answer(.accepted, verified: false),
                world.answer(.succeeded, 1_001),
                ChannelAnswer(
                    verdict: .succeeded, code: "x", verified: true, amount: Money(minor: 1_000, currency: .usd)),
            ] {
                let filed = try await world.approved(try await world.pay(), asking: 1_000)
                let sending = try await world.sent(filed)
                let state = try await desk.recordOutcome(
                    answer, of: sending.movementID, from: .call(attempt: sending.attempt))
                #expect(state == .unknown)
            }
            #expect(try await world.int("SELECT COUNT(*) AS value FROM posting WHERE kind = 'P7'") == 0)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aForgedNoticeDoesNotUseUpTheRealOnesName(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let (filed, movement) = try await bring(.accepted, desk, world)
            let version = try await world.version(filed.number)
            let forged = world.answer(.succeeded, 1_000, verified: false)
            #expect(try await desk.recordOutcome(forged, of: movement, from: .notice(id: "N1")) == .accepted)
            #expect(try await world.version(filed.number) == version)
            let real = world.answer(.succeeded, 1_000)
            #expect(try await desk.recordOutcome(real, of: movement, from: .notice(id: "N1")) == .succeeded)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSuccessAfterTheEndIsWrittenDownForPeople(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for state in [Movement.State.failed, .cancelled] {
                let (filed, movement) = try await bring(state, desk, world)
                let found = try await desk.recordOutcome(
                    world.answer(.succeeded, 1_000), of: movement, from: .notice(id: movement))
                #expect(found == state)
                let noted = try await world.int(
                    """
                    SELECT COUNT(*) AS value
                    FROM   event
                    WHERE  what = 'movement.contradicted'
                    AND    visibility = 'internal'
                    AND    case_id = (SELECT id FROM refund_case WHERE number = $1)
                    """, [.text(filed.number.text)])
                #expect(noted == 1)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anOrderThatWasNotExecutedGoesAgainUnderItsNumber(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for verdict in [ChannelVerdict.notExecuted, .noFunds] {
                let filed = try await world.approved(try await world.pay(), asking: 1_000)
                let before = try await world.books()
                let first = try await world.sent(filed)
                _ = try await desk.recordOutcome(
                    world.answer(verdict, verified: false), of: first.movementID, from: .call(attempt: first.attempt))
                #expect(try await world.books() == before, "P4 was not undone")
                if verdict == .noFunds {
                    #expect(try await world.movementState(filed.number) == .waitingFunds)
                    world.clock.advance(seconds: MovementLimits.fundsRetrySeconds + 1)
                    try await desk.retryFunds(try await world.job(.retryFunds, of: filed.number))
                } else {
                    world.clock.advance(seconds: MovementLimits.retrySeconds + 1)
                }
                let second = try await world.sent(filed)
                #expect(second.order == first.order && second.attempt == 2)
                _ = try await desk.recordOutcome(
                    world.answer(.succeeded, 1_000), of: second.movementID, from: .call(attempt: 2))
                let hashes = try await world.store.read { sql in
                    try sql.rows(
                        "SELECT request_hash FROM attempt WHERE movement_id = $1 ORDER BY number LIMIT 9",
                        [.text(first.movementID)]
                    ).map { try $0.bytes("request_hash") }
                }
                #expect(hashes.count == 2 && Set(hashes).count == 1)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aMerchantWithoutFundsIsToldOnceHoweverOftenItIsTried(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            for _ in 0..<3 {
                let sending = try await world.sent(filed)
                _ = try await desk.recordOutcome(
                    world.answer(.noFunds), of: sending.movementID, from: .call(attempt: sending.attempt))
                world.clock.advance(seconds: MovementLimits.fundsRetrySeconds + 1)
                try await desk.retryFunds(try await world.job(.retryFunds, of: filed.number))
            }
            #expect(try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = 'waiting-funds'") == 1)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLostOrderIsSentAgainAtMostFiveTimesAndOnlyOnceItWouldBeSeen(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            var numbers: Set<String> = []
            for round in 0..<7 {
                guard try await world.movementState(filed.number) == .ready else { break }
                let sending = try await world.sent(filed)
                numbers.insert(sending.order.refundNumber)
                _ = try await desk.recordOutcome(
                    world.answer(.unknown), of: sending.movementID, from: .call(attempt: sending.attempt))
                #expect(
                    try await desk.recordOutcome(
                        world.answer(.neverSeen), of: sending.movementID, from: .notice(id: "early\(round)"))
                        == .unknown)
                world.clock.advance(seconds: 120)
                let job = try await world.job(.queryMovement, of: filed.number)
                _ = try await desk.beginQuery(job)
                let state = try await desk.recordOutcome(
                    world.answer(.neverSeen), of: sending.movementID, from: .query(job))
                #expect(state == (round < 5 ? .ready : .unknown))
                if state == .ready {
                    let visitor = try await visitorAgain(filed, desk, world)
                    let version = try await world.version(filed.number)
                    await #expect(throws: Refusal.notNow(state: .approved)) {
                        try await desk.withdraw(filed.number, reason: "", version: version, visitor: visitor)
                    }
                }
                world.clock.advance(seconds: 21_700)
            }
            #expect(numbers.count == 1)
            #expect(try await world.int("SELECT replays AS value FROM movement") == 5)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aShortMerchantWaitsForFunds(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            try await world.store.write { sql in
                try sql.run("UPDATE balance SET balance_minor = 300 WHERE account = 'merchant.available'")
            }
            let filed = try await world.approved(paid, asking: 1_000)
            #expect(try await world.movementState(filed.number) == .waitingFunds)
            #expect(try await world.books().prefix(2) == [0, 300])
            world.clock.advance(seconds: MovementLimits.fundsRetrySeconds + 1)
            try await desk.retryFunds(try await world.job(.retryFunds, of: filed.number))
            #expect(try await world.movementState(filed.number) == .waitingFunds)
            _ = try await world.pay(2_000, fee: 0)
            world.clock.advance(seconds: MovementLimits.fundsRetrySeconds + 1)
            try await desk.retryFunds(try await world.job(.retryFunds, of: filed.number))
            #expect(try await world.movementState(filed.number) == .ready)
            _ = try await world.sent(filed)
        }
    }

    /// Three parts of a payment with failures in between: the whole fee comes back in the end, and not a cent more.
    @Test(arguments: EngineUnderTest.allCases)
    func theWholeFeeComesBackOverPartsAndFailures(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay(10_000, fee: 61)
            let parts: [(Int64, ChannelVerdict)] = [
                (3_333, .succeeded), (1, .failed), (3_333, .succeeded), (3_333, .succeeded),
            ]
            for (minor, verdict) in parts {
                let filed = try await world.approved(paid, asking: minor)
                world.clock.advance(seconds: 61)
                let sending = try await world.sent(filed)
                _ = try await desk.recordOutcome(
                    world.answer(verdict, minor), of: sending.movementID, from: .call(attempt: sending.attempt))
                #expect(try await desk.verify() == [])
            }
            #expect(try await world.int("SELECT refunded_minor AS value FROM payment") == 9_999)
            #expect(try await world.int("SELECT fee_given_back_minor AS value FROM payment") == 61)
            #expect(try await world.books().last == 0)
        }
    }
}
