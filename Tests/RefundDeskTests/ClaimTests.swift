import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Who gets a job, and what a worker may still do that was stopped for longer than it may keep one.
@Suite struct ClaimTests {
    /// Adds messages that are due one after the other, as many transactions would.
    private func addJobs(_ count: Int, to store: any Store, at now: Moment) async throws {
        try await store.write { sql in
            for number in 0..<count {
                try sql.run(
                    """
                    INSERT INTO outbox (id, kind, message_id, not_before_ms, attempts, lease, lease_until_ms,
                                        created_ms)
                    VALUES ($1, 'send-message', 'none', $2, 0, 0, 0, $2)
                    """, [.text("job-\(1_000 + number)"), .int(now.milliseconds + Int64(number) - 1_000)])
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func ofManyClaimersNoTwoGetTheSameJob(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            try await addJobs(200, to: desk.store, at: world.clock.now)
            let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let desk = number % 2 == 0 ? desk : other
                        var mine: [String] = []
                        while let job = try await desk.claimJob() { mine.append(job.id) }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 200)
            #expect(Set(claimed).count == 200)
            #expect(try await world.int("SELECT SUM(lease) AS value FROM outbox") == 200)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsDueLongestComesFirst(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            try await addJobs(20, to: desk.store, at: world.clock.now)
            var claimed: [String] = []
            while let job = try await desk.claimJob() { claimed.append(job.id) }
            #expect(claimed == claimed.sorted() && claimed.count == 20)
        }
    }

    /// A server whose clock is wrong by a month neither takes what others have nor keeps its own for ever.
    @Test func onPostgreSQLAClaimRunsOutByTheDatabasesClock() async throws {
        try await withTwoDesks(.postgres) { desk, other, world in
            let here = world.another(on: desk.store, leaseClock: .database)
            let elsewhere = world.another(on: other.store, leaseClock: .database)
            try await addJobs(1, to: desk.store, at: world.clock.now)
            let job = try #require(try await here.claimJob())
            world.clock.advance(seconds: 30 * 86_400)
            #expect(try await elsewhere.claimJob() == nil)
            let left = try await world.int(
                """
                SELECT lease_until_ms - CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS value
                FROM   outbox
                """)
            #expect((1...MovementLimits.leaseSeconds * 1_000).contains(left))
            try await desk.store.write { sql in
                try sql.run("UPDATE outbox SET lease_until_ms = lease_until_ms - $1", [.int(left)])
            }
            #expect(try await elsewhere.claimJob()?.lease == job.lease + 1)
        }
    }

    /// All that a verb for a job could change, as one text.
    private func everything(_ store: any Store) async throws -> String {
        let statements = [
            "SELECT id, not_before_ms, lease, lease_until_ms, done_ms FROM outbox ORDER BY id LIMIT 1000",
            "SELECT id, state, attempts, queries, replays, changed_ms FROM movement ORDER BY id LIMIT 1000",
            "SELECT id, state, version FROM refund_case ORDER BY id LIMIT 1000",
            "SELECT id, last_sent_ms, open_minor FROM payment ORDER BY id LIMIT 1000",
            "SELECT account, balance_minor FROM balance ORDER BY account LIMIT 1000",
            "SELECT stream, number FROM stream_head ORDER BY stream LIMIT 1000",
            "SELECT id, sent_ms FROM message ORDER BY id LIMIT 1000",
            "SELECT movement_id, number, ended_ms FROM attempt ORDER BY movement_id, number LIMIT 1000",
        ]
        return try await store.read { sql in
            try statements.map { statement in
                try sql.rows(statement).map { "\($0)" }.joined(separator: "\n")
            }.joined(separator: "\n\n")
        }
    }

    /// A job of a kind, due now.
    private func job(_ kind: JobKind, _ desk: Desk, _ world: DeskWorld) async throws -> Job {
        switch kind {
        case .sendMovement:
            return try await world.job(kind, of: try await world.approved(try await world.pay(), asking: 1_000).number)
        case .queryMovement:
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            _ = try await world.sent(filed)
            world.clock.advance(seconds: 61)
            return try await world.job(kind, of: filed.number)
        case .retryFunds:
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            let sending = try await world.sent(filed)
            try await desk.recordOutcome(
                world.answer(.noFunds), of: sending.movementID, from: .call(attempt: sending.attempt))
            world.clock.advance(seconds: 3_601)
            return try await world.job(kind, of: filed.number)
        case .sendMessage:
            _ = try await world.draft(of: try await world.pay(), asking: 1_000)
            return try #require(try await desk.claimJob())
        case .sendInvitation:
            let house = try await PeopleHouse(world)
            try await desk.invite(email: "new@staff.example", role: .clerk, language: "en", by: house.first)
            return try #require(try await desk.claimJob())
        case .lapseOffer:
            let filed = try await world.offered(try await world.pay(), asking: 1_000, offer: 500)
            world.clock.advance(seconds: 8 * 86_400)
            return try await world.job(kind, of: filed.number)
        case .closeCase:
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            let sending = try await world.sent(filed)
            try await desk.recordOutcome(
                world.answer(.succeeded, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            world.clock.advance(seconds: 60 * 86_400)
            return try await world.job(kind, of: filed.number)
        case .checkArrival:
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            let sending = try await world.sent(filed)
            try await desk.recordOutcome(
                world.answer(.accepted, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
            world.clock.advance(seconds: 60 * 86_400)
            return try await world.job(kind, of: filed.number)
        case .expireDraft:
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            let number = try await world.number(ofDraft: visitor)
            world.clock.advance(seconds: 25 * 3600)
            return try await world.job(kind, of: number)
        case .followQuestion:
            let filed = try await world.asked(try await world.pay(), asking: 1_000)
            world.clock.advance(seconds: 3 * 86_400 + 1)
            return try await world.job(kind, of: filed.number)
        case .escalate:
            let filed = try await world.filed(try await world.pay(), asking: 1_000)
            world.clock.advance(seconds: 14 * 86_400)
            return try await world.job(kind, of: filed.number)
        case .closeEnded:
            let filed = try await world.filed(try await world.pay(), asking: 1_000)
            try await desk.withdraw(
                filed.number, reason: "", version: try await world.version(filed.number), visitor: filed.visitor)
            world.clock.advance(seconds: 31 * 86_400)
            return try await world.job(kind, of: filed.number)
        case .followPayee:
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            try await world.answered(filed, .needsPayeeAction)
            world.clock.advance(seconds: 7 * 86_400)
            return try await world.job(kind, of: filed.number)
        case .examineProof:
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            try await desk.addProof(.sample(), visitor: visitor)
            return try #require(try await desk.claimProofJob())
        }
    }

    /// Everything that a worker does for a job, and postponing it.
    ///
    /// - Returns: whether something was to be done outside.
    private func work(_ job: Job, _ desk: Desk, _ world: DeskWorld) async throws -> Bool {
        switch job.kind {
        case .sendMovement: return try await desk.beginSend(job, noticeAddress: { _, _ in nil }) != nil
        case .queryMovement:
            let asking = try await desk.beginQuery(job)
            try await desk.recordOutcome(
                world.answer(.succeeded, 1_000), of: job.movementID ?? "", from: .query(job))
            return asking != nil
        case .retryFunds: try await desk.retryFunds(job)
        case .sendMessage:
            let message = try await desk.outgoingMessage(job)
            try await desk.messageSent(job)
            return message != nil
        case .sendInvitation:
            let invitation = try await desk.outgoingInvitation(job)
            try await desk.invitationSent(job)
            return invitation != nil
        case .lapseOffer, .expireDraft, .followQuestion, .escalate, .closeEnded, .followPayee:
            try await desk.keepTime(job)
        case .closeCase: try await desk.closeCase(job)
        case .checkArrival: try await desk.checkArrival(job)
        case .examineProof:
            let proof = try await desk.beginExamination(job)
            _ = try await desk.recordExamination(.drawn(), of: job)
            return proof != nil
        }
        return false
    }

    @Test(arguments: EngineUnderTest.allCases, JobKind.allCases)
    func aWorkerThatWasStoppedWritesNothingWhateverItsJob(_ engine: EngineUnderTest, _ kind: JobKind) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let stopped = try await job(kind, desk, world)
            // Others' jobs are put off: the next claim is this job's again.
            try await desk.store.write { sql in
                try sql.run(
                    "UPDATE outbox SET not_before_ms = not_before_ms * 2 WHERE id <> $1 AND done_ms IS NULL",
                    [.text(stopped.id)])
            }
            world.clock.advance(seconds: MovementLimits.leaseSeconds + 1)
            let isProof = kind == .examineProof
            let fresh = try #require(try await isProof ? other.claimProofJob() : other.claimJob())
            #expect(fresh.id == stopped.id && fresh.lease > stopped.lease)
            let before = try await everything(desk.store)
            #expect(try await work(stopped, desk, world) == false)
            try await desk.postpone(stopped, seconds: 3_600)
            #expect(try await everything(desk.store) == before)
            _ = try await work(fresh, other, world)
            let after = try await everything(desk.store)
            #expect(after != before)
            #expect(try await work(fresh, other, world) == false)
            try await desk.postpone(fresh, seconds: 3_600)
            #expect(try await everything(desk.store) == after, "done twice")
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aRefundWaitsWhileAnotherOneOfItsPaymentIsOnItsWay(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let paid = try await world.pay()
            let first = try await world.approved(paid, asking: 1_000)
            let second = try await world.approved(paid, asking: 1_000)
            let sending = try await world.sent(first)
            world.clock.advance(seconds: 3_600)
            let waiting = try await world.job(.sendMovement, of: second.number)
            #expect(try await other.beginSend(waiting, noticeAddress: { _, _ in nil }) == nil)
            let query = try await world.job(.queryMovement, of: first.number)
            #expect(try await desk.beginQuery(query) != nil)
            world.clock.advance(seconds: 61)
            let again = try await world.job(.sendMovement, of: second.number)
            let next = try #require(try await other.beginSend(again, noticeAddress: { _, _ in nil }))
            #expect(next.order.refundNumber != sending.order.refundNumber)
        }
    }

    /// Six refunds of one payment, two servers with two workers each, some of whose calls are never heard of again.
    @Test(arguments: EngineUnderTest.allCases)
    func refundsOfOnePaymentGoOneAfterTheOther(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let paid = try await world.pay()
            for _ in 0..<6 { _ = try await world.approved(paid, asking: 1_000) }
            for round in 0..<30 {
                let sent = try await withThrowingTaskGroup(of: [Sending].self) { group in
                    for desk in [desk, other, desk, other] { group.addTask { try await drain(desk, world) } }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(sent.count <= 1, "round \(round)")
                let underWay = try await world.int("SELECT COUNT(*) AS value FROM movement WHERE state = 'sending'")
                #expect(underWay <= 1, "round \(round)")
                for sending in sent where round % 3 != 0 {
                    try await other.recordOutcome(
                        world.answer(.accepted, 1_000), of: sending.movementID, from: .call(attempt: sending.attempt))
                }
                world.clock.advance(seconds: 31)
            }
            let started = try await world.store.read { sql in
                try sql.rows("SELECT started_ms FROM attempt ORDER BY started_ms LIMIT 100").map {
                    try $0.int("started_ms")
                }
            }
            #expect(started.count == 6)
            for (earlier, later) in zip(started, started.dropFirst()) { #expect(later - earlier >= 60_000) }
            #expect(try await desk.verify() == [])
        }
    }

    /// Does what is due; queries are answered with "under way".
    private func drain(_ desk: Desk, _ world: DeskWorld) async throws -> [Sending] {
        var sent: [Sending] = []
        while let job = try await desk.claimJob() {
            switch job.kind {
            case .sendMovement:
                if let sending = try await desk.beginSend(job, noticeAddress: { _, _ in nil }) { sent.append(sending) }
            case .queryMovement:
                guard let asking = try await desk.beginQuery(job) else { continue }
                try await desk.recordOutcome(
                    world.answer(.accepted, 1_000), of: asking.movementID, from: .query(job))
            case .sendMessage: try await desk.messageSent(job)
            case .retryFunds, .lapseOffer, .closeCase, .checkArrival, .expireDraft, .followQuestion, .escalate,
                .closeEnded, .followPayee, .sendInvitation, .examineProof:
                Issue.record("\(job.kind)")
            }
        }
        return sent
    }
}
