import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct RaceTests {
    /// Fifty people ask for ¥7 of one payment of ¥100 at once: fourteen may, whatever the order.
    @Test(arguments: EngineUnderTest.allCases)
    func neverMoreIsReservedThanWasCaptured(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            for _ in 0..<3 {
                let paid = try await world.pay(10_000)
                var visitors: [String] = []
                for _ in 0..<50 { visitors.append(try await world.draft(of: paid, asking: 700)) }
                let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for (index, visitor) in visitors.enumerated() {
                        group.addTask {
                            do {
                                _ = try await (index % 2 == 0 ? desk : other).fileCase(
                                    submission: "race-\(paid.id)-\(index)", termsAccepted: true, visitor: visitor)
                                return true
                            } catch Refusal.aboveMost {
                                return false
                            }
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(accepted == 14)
                let open = try await world.int(
                    "SELECT open_minor AS value FROM payment WHERE id = $1", [.text(paid.id)])
                #expect(open == 14 * 700)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func oneSubmissionSentByManyMakesOneCase(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let visitor = try await world.draft(of: try await world.pay(), asking: 700)
            let numbers = try await withThrowingTaskGroup(of: CaseNumber.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        try await (index % 2 == 0 ? desk : other).fileCase(
                            submission: "one-submission-only", termsAccepted: true, visitor: visitor)
                    }
                }
                return try await group.reduce(into: Set<CaseNumber>()) { $0.insert($1) }
            }
            #expect(numbers.count == 1)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 700)
            #expect(try await desk.verify() == [])
        }
    }

    private enum Action: CaseIterable {
        case withdraw, approve, decline, offer, ask, accept, refuse, send, second, sendBack
    }

    /// One of two who act at once; the answer is whether it counted.
    private func attempt(
        _ action: Action, _ filed: DeskWorld.Filed, _ version: Int64, _ job: Job?, _ desk: Desk, _ world: DeskWorld
    ) async throws -> Bool {
        let number = filed.number
        let text = "A sentence that explains it."
        do {
            switch action {
            case .withdraw: try await desk.withdraw(number, reason: "", version: version, visitor: filed.visitor)
            case .approve:
                try await desk.approve(
                    number, amount: .fen(500), checks: Set(Check.allCases), note: "", version: version,
                    by: world.reviewer)
            case .decline:
                try await desk.decline(
                    number, reason: .other, explanation: text, remedy: .appeal, version: version, by: world.approver)
            case .offer:
                try await desk.offer(
                    number, amount: .fen(400), reason: .other, explanation: text, version: version, by: world.reviewer)
            case .ask:
                try await desk.ask(
                    number, items: [], question: text, dueOn: nil, version: version, by: world.approver)
            case .accept: try await desk.acceptOffer(number, version: version, visitor: filed.visitor)
            case .refuse: try await desk.refuseOffer(number, version: version, visitor: filed.visitor)
            case .second:
                try await desk.second(number, decision: .approve, note: "", version: version, by: world.approver)
            case .sendBack:
                try await desk.second(
                    number, decision: .sendBack, note: "Please look again.", version: version, by: world.approver)
            case .send:
                guard let job else { return false }
                return try await desk.beginSend(job, noticeAddress: { _, _ in nil }) != nil
            }
            return true
        } catch Refusal.stale {
            return false
        } catch Refusal.notNow {
            return false
        }
    }

    private func race(
        _ first: Action, _ second: Action, _ filed: DeskWorld.Filed, _ job: Job?, _ desks: (Desk, Desk),
        _ world: DeskWorld
    ) async throws {
        let version = try await world.version(filed.number)
        async let one = attempt(first, filed, version, job, desks.0, world)
        async let other = attempt(second, filed, version, job, desks.1, world)
        let counted = try await [one, other].filter { $0 }.count
        #expect(counted == 1, "\(first) against \(second): \(counted) counted")
    }

    @Test(arguments: EngineUnderTest.allCases)
    func ofTwoWhoDecideAtOnceOneCounts(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let paid = try await world.pay(100_000, fee: 0)
            let actions: [Action] = [.withdraw, .approve, .decline, .offer, .ask]
            for first in actions {
                for second in actions {
                    try await race(first, second, try await world.filed(paid, asking: 1_000), nil, (desk, other), world)
                    try await race(first, second, try await world.taken(paid, asking: 1_000), nil, (desk, other), world)
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatWaitsForASecondPersonIsDecidedOnce(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let actions: [Action] = [.second, .sendBack, .decline, .withdraw]
            for first in actions {
                for second in actions {
                    let filed = try await world.filed(try await world.pay(300_000, fee: 0), asking: 200_000)
                    _ = try await world.say(.approve, 200_000, filed, by: world.reviewer)
                    try await race(first, second, filed, nil, (desk, other), world)
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anOfferIsAnsweredOnce(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let paid = try await world.pay(100_000, fee: 0)
            for first in [Action.withdraw, .accept, .refuse] {
                for second in [Action.withdraw, .accept, .refuse] {
                    let filed = try await world.offered(paid, asking: 1_000, offer: 400)
                    try await race(first, second, filed, nil, (desk, other), world)
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func moneyIsSentOrCalledOffAndNeverBoth(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            for (first, second) in [(Action.withdraw, Action.send), (.send, .withdraw), (.send, .send)] {
                for _ in 0..<5 {
                    let filed = try await world.approved(try await world.pay(), asking: 1_000)
                    let job = try await world.job(.sendMovement, of: filed.number)
                    try await race(first, second, filed, job, (desk, other), world)
                    let state = try await world.state(filed.number)
                    let movement = try await world.movementState(filed.number)
                    #expect(
                        (state == .withdrawn && movement == .cancelled) || (state == .approved && movement == .sending))
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    /// Everything that may tell the end of a refund at once: the call, its notice twice, and a query.
    @Test(arguments: EngineUnderTest.allCases)
    func howeverManyTellTheEndItCountsOnce(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            for _ in 0..<8 {
                let filed = try await world.approved(try await world.pay(), asking: 1_000)
                let sending = try await world.sent(filed)
                world.clock.advance(seconds: MovementLimits.leaseSeconds + 1)
                let job = try await world.job(.queryMovement, of: filed.number)
                let answer = world.answer(.succeeded, 1_000)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for teller in [desk, other] {
                        group.addTask {
                            try await teller.recordOutcome(
                                answer, of: sending.movementID, from: .notice(id: sending.order.refundNumber))
                        }
                    }
                    group.addTask {
                        try await desk.recordOutcome(
                            answer, of: sending.movementID, from: .call(attempt: sending.attempt))
                    }
                    group.addTask {
                        guard try await other.beginQuery(job) != nil else { return }
                        try await other.recordOutcome(answer, of: sending.movementID, from: .query(job))
                    }
                    try await group.waitForAll()
                }
                #expect(try await world.movementState(filed.number) == .succeeded)
                let confirmed = try await world.int(
                    "SELECT COUNT(*) AS value FROM posting WHERE movement_id = $1 AND kind = 'P7'",
                    [.text(sending.movementID)])
                #expect(confirmed == 1)
            }
            #expect(try await world.books()[2] == 0)
            #expect(try await desk.verify() == [])
        }
    }

    /// A long import and the work of the same merchant end both, and neither has to wait for the other's end.
    @Test(arguments: EngineUnderTest.allCases)
    func anImportLetsTheMerchantWork(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            var paid: [DeskWorld.Paid] = []
            for _ in 0..<8 { paid.append(try await world.pay()) }
            let statement = ImportSource(format: "test") {
                var line: Int64 = 0
                return {
                    line += 1
                    guard line <= 600 else { return nil }
                    let transaction = DeskWorld.transaction(1_000_000 + line)
                    return .row(.payment(try world.statementPayment(transaction, .fen(5_000))))
                }
            }
            async let imported = other.importPayments(statement, merchantCode: DeskWorld.merchantCode)
            async let again = other.importPayments(statement, merchantCode: DeskWorld.merchantCode)
            for payment in paid { _ = try await world.approved(payment, asking: 700) }
            let (first, second) = try await (imported, again)
            #expect(first.new + second.new == 600)
            #expect(first.known + second.known == 600)
            #expect(try await desk.verify() == [])
        }
    }
}
