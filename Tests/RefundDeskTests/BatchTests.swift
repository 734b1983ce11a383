import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Vault

@Suite struct BatchTests {
    @Test(arguments: EngineUnderTest.allCases)
    func aRefundGoesThroughABatchAndTheBanksFileEndsIt(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            let (paid, failed) = (try await payout.waiting(5_000), try await payout.waiting(3_000))
            let id = try await payout.released()
            #expect(try await world.movementState(paid.number) == .accepted)
            let books = try await world.books()
            #expect(books[2] == 8_000, "both are in flight")
            let items = try await payout.items(id)
            try await payout.answered(id, [payout.line(items[0]), payout.line(items[1], .failed, line: 3)])
            #expect(try await world.movementState(paid.number) == .succeeded)
            #expect(try await world.movementState(failed.number) == .failed)
            #expect(try await world.books()[2] == 0)
            let told = try await payout.items(id)
            #expect(told.map(\.result) == [.paid, .failed])
            #expect(told[0].bankReference == "BANK1")
            let steps = try await steps(of: items[0].movementID, world)
            #expect(steps == ["M1", "M2", "M6", "M7", "M14"])
            #expect(try await self.steps(of: items[1].movementID, world).suffix(1) == ["M15"])
            #expect(try await desk.verify() == [])
        }
    }

    private func steps(of movementID: String, _ world: DeskWorld) async throws -> [String] {
        try await world.store.read { sql in
            try sql.rows(
                """
                SELECT   transition
                FROM     event
                WHERE    object_id = $1
                AND      transition IS NOT NULL
                ORDER BY number
                """, [.text(movementID)]
            ).map { try $0.text("transition") }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func everyStepTakesTwoPeopleAndTheRightOnes(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            _ = try await payout.waiting(5_000)
            for staff in [world.reviewer, world.approver, world.support, world.clerk] {
                await #expect(throws: Refusal.self) {
                    try await desk.makeBatch(ofAccount: payout.accountID, currency: .cny, by: staff)
                }
            }
            let id = try await payout.made()
            await #expect(throws: Refusal.stale(version: 0), "not released") {
                try await desk.takeBatchFile(id, form: .csv, by: payout.pair.first)
            }
            await #expect(throws: Refusal.makerMayNotDecide) {
                try await desk.releaseBatch(id, by: payout.pair.first)
            }
            await #expect(throws: Refusal.notFound) { try await desk.releaseBatch(id, by: world.support) }
            try await desk.releaseBatch(id, by: payout.pair.second)
            await #expect(throws: Refusal.stale(version: 0)) {
                try await desk.releaseBatch(id, by: payout.pair.second)
            }
            let lines = [payout.line(try await payout.items(id)[0])]
            let answer = try await payout.bring(id, lines)
            await #expect(throws: Refusal.makerMayNotDecide) {
                try await desk.confirmBankAnswer(answer, by: payout.pair.first)
            }
            await #expect(throws: Refusal.notFound) {
                try await desk.confirmBankAnswer(answer, by: world.support)
            }
            try await desk.confirmBankAnswer(answer, by: payout.pair.second)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aMovementIsInOneBatchHoweverManyMakeOneAtOnce(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let payout = try await Payout(world)
            for _ in 0..<3 { _ = try await payout.waiting(1_000) }
            await withTaskGroup(of: Void.self) { group in
                for desk in [desk, other, desk, other] {
                    group.addTask {
                        _ = try? await desk.makeBatch(
                            ofAccount: payout.accountID, currency: .cny, by: payout.pair.first)
                    }
                }
            }
            #expect(try await world.int("SELECT COUNT(*) AS value FROM payout_item") == 3)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM payout_batch") == 1)
            await #expect(throws: Refusal.field("account", .notOffered)) { try await payout.made() }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aDiscardedBatchLeavesItsOrdersToAnother(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            let filed = try await payout.waiting(5_000)
            let id = try await payout.made()
            try await desk.discardBatch(id, by: payout.pair.first)
            await #expect(throws: Refusal.stale(version: 0)) {
                try await desk.releaseBatch(id, by: payout.pair.second)
            }
            _ = try await payout.released()
            #expect(try await world.movementState(filed.number) == .accepted)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatMayNotGoAnyMoreKeepsTheWholeBatchBack(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            let (first, second) = (try await payout.waiting(5_000), try await payout.waiting(3_000))
            let id = try await payout.made()
            let block = try await desk.openBlock(
                .legalHold, reference: "L-1", payment: second.paymentID, amount: nil, note: "", by: payout.pair.first)
            await #expect(throws: Refusal.blocked(.legalHold)) {
                try await desk.releaseBatch(id, by: payout.pair.second)
            }
            #expect(try await world.movementState(first.number) == .ready, "nothing went")
            try await desk.discardBatch(id, by: payout.pair.second)
            let other = try await payout.released()
            #expect(try await payout.items(other).count == 1, "what is stopped waits")
            try await desk.closeBlock(block, .lifted, by: payout.pair.second)
            #expect(try await payout.items(try await payout.released()).count == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aQuestionADayChangesNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            let filed = try await payout.waiting(5_000)
            _ = try await payout.released()
            world.clock.advance(seconds: 86_401)
            let job = try await world.job(.queryMovement, of: filed.number)
            let asking = try #require(try await desk.beginQuery(job))
            let answer = ChannelAnswer(verdict: .unknown, code: "waits for the bank's file", verified: false)
            try await desk.recordOutcome(answer, of: asking.movementID, from: .query(job))
            #expect(try await world.movementState(filed.number) == .accepted)
            #expect(try await desk.verify() == [])
        }
    }
}

@Suite struct BankAnswerTests {
    @Test(arguments: EngineUnderTest.allCases)
    func whatDoesNotFitIsListedAndChangesNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            let filed = [
                try await payout.waiting(5_000), try await payout.waiting(3_000), try await payout.waiting(2_000),
            ]
            let id = try await payout.released()
            let items = try await payout.items(id)
            let stranger = BankAnswerLine(
                line: 6, refundNumber: "NOBODY", amount: .fen(100), result: .paid, reference: "X")
            let lines = [
                payout.line(items[0], minor: 4_999), payout.line(items[1], line: 3),
                payout.line(items[1], .failed, line: 4), payout.line(items[2], line: 5), stranger,
            ]
            #expect(
                try await payout.findings(id, lines) == [.amount, .repeated, .repeated, .fits, .unknownNumber])
            try await payout.answered(id, lines)
            var states: [Movement.State?] = []
            for one in filed { states.append(try await world.movementState(one.number)) }
            #expect(states == [.accepted, .accepted, .succeeded])
            #expect(try await payout.findings(id, [payout.line(items[2])]) == [.ended])
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theSameFileCountsOnceAndOneFileWaitsAtATime(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            _ = try await payout.waiting(5_000)
            let id = try await payout.released()
            let lines = [payout.line(try await payout.items(id)[0])]
            let refused = try await payout.bring(id, lines)
            await #expect(throws: Refusal.alreadyThere("file")) { try await payout.bring(id, lines) }
            await #expect(throws: Refusal.proposalOpen) { try await payout.bring(id, lines, file: "other") }
            try await desk.refuseBankAnswer(refused, by: payout.pair.second)
            try await payout.answered(id, lines)
            await #expect(throws: Refusal.alreadyThere("file")) { try await payout.bring(id, lines) }
            let books = try await world.books()
            try await payout.answered(id, lines, file: "the same orders in another file")
            #expect(try await world.books() == books)
            #expect(
                try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = 'order.answered'") == 1)
            await #expect(throws: Refusal.field("file", .missing)) { try await payout.bring(id, [], file: "x") }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func twoWhoConfirmAtOnceEndItOnce(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let payout = try await Payout(world)
            _ = try await payout.waiting(5_000)
            let id = try await payout.released()
            let answer = try await payout.bring(id, [payout.line(try await payout.items(id)[0])])
            let done = await withTaskGroup(of: Bool.self, returning: Int.self) { group in
                for desk in [desk, other] {
                    group.addTask {
                        (try? await desk.confirmBankAnswer(answer, by: payout.pair.second)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(done == 1)
            #expect(try await world.books()[2] == 0)
            #expect(try await desk.verify() == [])
        }
    }

    @Test func anAnswerBeforeTheReleaseIsRefused() async throws {
        try await withDesk { _, world in
            let payout = try await Payout(world)
            _ = try await payout.waiting(5_000)
            let id = try await payout.made()
            let lines = [payout.line(try await payout.items(id)[0])]
            await #expect(throws: Refusal.stale(version: 0)) { try await payout.bring(id, lines) }
        }
    }
}

@Suite struct BatchFileTests {
    private func text(_ file: PayoutFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

    @Test(arguments: EngineUnderTest.allCases)
    func theFileSaysEveryOrderAndWhoTookIt(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            let filed = try await payout.waiting(5_000)
            let id = try await payout.released()
            let item = try #require(try await payout.items(id).first)
            let file = try await desk.takeBatchFile(id, form: .csv, by: payout.pair.first)
            let lines = text(file).split(separator: "\r\n").map { String($0) }
            #expect(lines.count == 5)
            #expect(lines[0].hasSuffix(",CNY,1,50.00"))
            #expect(lines[2].hasPrefix("\(item.refundNumber),50.00,5000,CNY,\(filed.number.text),2026-11-"))
            #expect(lines[4].hasPrefix("#signature,HMAC-SHA-256,"))
            #expect(try await desk.takeBatchFile(id, form: .csv, by: payout.pair.first) == file)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = 'batch.taken'") == 2)
            let transfers = try await desk.takeBatchFile(id, form: .bankTransfer, by: payout.pair.first)
            #expect(text(transfers).contains("#end,") && !text(transfers).contains(item.refundNumber))
        }
    }

    @Test func aFileOfWhichOneByteWasChangedIsNoFileOfOurs() async throws {
        try await withDesk { desk, world in
            let payout = try await Payout(world)
            _ = try await payout.waiting(5_000)
            let id = try await payout.released()
            let file = try await desk.takeBatchFile(id, form: .csv, by: payout.pair.first)
            guard case .genuine(let number) = PayoutFileCheck(of: file.bytes, world.keys) else {
                Issue.record("not genuine")
                return
            }
            #expect(file.name == "\(number).csv")
            for place in file.bytes.indices {
                var bytes = file.bytes
                bytes[place] ^= 1
                let found = PayoutFileCheck(of: bytes, world.keys)
                #expect(found == .changed || found == .unsigned)
            }
            #expect(PayoutFileCheck(of: file.bytes + [10], world.keys) == .changed)
            #expect(PayoutFileCheck(of: file.bytes, Keys(try KeyFile.generate())) == .changed, "another house's keys")
            #expect(PayoutFileCheck(of: [], world.keys) == .unsigned)
            #expect(PayoutFileCheck(of: Array("refund_no\r\n".utf8), world.keys) == .unsigned)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func moneyThatCameBackGoesToTheAccountThatTheCardholderNamed(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let payout = try await Payout(world)
            let filed = try await payout.waiting(5_000)
            let id = try await payout.released()
            try await payout.answered(id, [payout.line(try await payout.items(id)[0])])
            let details = JointDetails(
                returnCode: "closed", returnedOn: LocalTime(world.clock.now, secondsAheadOfUTC: 28_800).day)
            try await world.jointly(.recordReturn, filed, details, by: payout.pair)
            let account = try await world.destination(filed, bank: "江苏银行")
            try await world.jointly(.reroute, filed, JointDetails(destinationID: account), by: payout.pair)
            let other = try await payout.released()
            let item = try #require(try await payout.items(other).first)
            let file = try await desk.takeBatchFile(other, form: .bankTransfer, by: payout.pair.first)
            #expect(text(file).contains("\(item.refundNumber),\(DeskWorld.card),Zhang Wei,江苏银行,50.00,CNY"))
            try await payout.answered(other, [payout.line(item)], file: "second")
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(try await world.books()[2] == 0)
            #expect(try await desk.verify() == [])
        }
    }
}
