import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct ReconcileTests {
    @Test(arguments: EngineUnderTest.allCases)
    func whatFitsOpensNothingAndTheSameFileAgainChangesNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.paidBack(5_000)
            let file = ChannelFile(.refund(try await world.line(filed)))
            let result = try await world.reconcile(file)
            #expect([result.read, result.refunds, result.ours, result.elsewhere, result.open] == [1, 1, 1, 0, 0])
            #expect(result.opened == [:])
            #expect(result.days?.lowerBound.iso == "2026-11-20")
            let before = try await world.written()
            try await world.reconcile(file)
            #expect(try await world.written() == before)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aRefundThatNobodyHereKnowsIsADifferenceUntilItIsCounted(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let refund = try world.line("TILL-1", 3_000).with { $0.channelTransactionNumber = paid.transaction }
            let file = ChannelFile(.refund(refund))
            #expect(try await world.reconcile(file).opened == [.unknownHere: 1])
            let before = try await world.written()
            #expect(try await world.reconcile(file).opened == [:])
            #expect(try await world.written() == before)
            _ = try await desk.importPayments(file.source, merchantCode: DeskWorld.merchantCode)
            let result = try await world.reconcile(file)
            #expect([result.elsewhere, result.closed, result.open] == [1, 1, 0])
            #expect(try await world.differences() == ["unknown-here fits"])
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anImportedStatementHoldsItsRefundsAgainstOursAtOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.paidBack(5_000)
            let file = ChannelFile(
                try world.payment(daysAgo: 0), .refund(try await world.line(filed, minor: 4_900)))
            let (imported, compared) = try await desk.importStatement(
                file.source, merchantCode: DeskWorld.merchantCode)
            #expect([imported.new, imported.ours] == [2, 1])
            #expect(compared?.opened == [.amount: 1])
            let payments = ChannelFile(try world.payment(daysAgo: 0))
            let without = try await desk.importStatement(payments.source, merchantCode: DeskWorld.merchantCode)
            #expect(without.compared == nil, "no refund of ours is in it")
            let tried = try await desk.importStatement(
                file.source, merchantCode: DeskWorld.merchantCode, options: ImportOptions(isDryRun: true))
            #expect(tried.compared == nil, "nothing was stored")
            #expect(try await desk.verify() == [])
        }
    }

    @Test func aRefundThatFailedElsewhereIsNoDifference() async throws {
        try await withDesk { _, world in
            let file = ChannelFile(.refund(try world.line("X", 100, .failed)))
            #expect(try await world.reconcile(file).opened == [:])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func ourRefundThatTheFileOfItsDayLacksIsADifferenceUntilALaterFileHasIt(
        _ engine: EngineUnderTest
    ) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.paidBack(5_000)
            #expect(try await world.reconcile(ChannelFile(try world.payment(daysAgo: 1))).opened == [:], "other day")
            var payments = ChannelFile(try world.payment(daysAgo: 0))
            payments.tellsOfRefunds = false
            #expect(try await world.reconcile(payments).opened == [:], "a bill of payments has no refunds")
            let result = try await world.reconcile(
                ChannelFile(try world.payment(daysAgo: 2), try world.payment(daysAgo: 0)))
            #expect(result.opened == [.missingThere: 1])
            let late = try await world.line(filed, daysAgo: -1)
            #expect(try await world.reconcile(ChannelFile(.refund(late))).closed == 1)
            #expect(try await world.differences() == ["missing-there fits"])
            #expect(try await desk.verify() == [])
        }
    }

    @Test func whatAnEarlierFileHadIsNotMissed() async throws {
        try await withDesk { _, world in
            let filed = try await world.paidBack(5_000)
            try await world.reconcile(ChannelFile(.refund(try await world.line(filed, daysAgo: -1))))
            #expect(try await world.reconcile(ChannelFile(try world.payment(daysAgo: 0))).opened == [:])
        }
    }

    @Test func withSeveralAccountsAFileTellsOnlyOfThoseItNames() async throws {
        try await withDesk { desk, world in
            _ = try await world.paidBack(5_000)
            _ = try await desk.addChannelAccount(
                merchantCode: DeskWorld.merchantCode, channel: .wechatPay, name: "Second", merchantNumber: "2",
                settings: Array("{}".utf8))
            guard case .payment(var other) = try world.payment(daysAgo: 0) else { return }
            other.merchantNumber = "2"
            #expect(try await world.reconcile(ChannelFile(.payment(other))).opened == [:])
            #expect(try await world.reconcile(ChannelFile(try world.payment(daysAgo: 0))).opened == [.missingThere: 1])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anotherAmountIsADifferenceThatAPersonExplains(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.paidBack(5_000)
            let finance = try await FinancePair(world).first
            let file = ChannelFile(.refund(try await world.line(filed, minor: 4_999)))
            #expect(try await world.reconcile(file).opened == [.amount: 1])
            let id = try await world.text("SELECT id AS value FROM difference")
            await #expect(throws: Refusal.field("note", .missing)) {
                try await desk.explainDifference(id, note: " ", by: finance)
            }
            await #expect(throws: Refusal.notAllowed) {
                try await desk.explainDifference(id, note: "Seen.", by: world.support)
            }
            await #expect(throws: Refusal.notAllowed) {
                try await desk.explainDifference(id, note: "Seen.", by: world.approver)
            }
            try await desk.explainDifference(id, note: "The bank kept one fen; see letter.", by: finance)
            await #expect(throws: Refusal.notFound) {
                try await desk.explainDifference(id, note: "Again.", by: finance)
            }
            let before = try await world.written()
            #expect(try await world.reconcile(file).opened == [:])
            #expect(try await world.written() == before, "what was explained stays explained")
            let other = ChannelFile(.refund(try await world.line(filed, minor: 4_000)))
            #expect(try await world.reconcile(other).opened == [.amount: 1], "that is another difference")
            #expect(try await world.differences() == ["amount explained", "amount"])
            let told = try await world.int(
                "SELECT COUNT(*) AS value FROM event WHERE what = 'difference.explained' AND case_id IS NOT NULL")
            #expect(told == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLineOfWeChatEndsNothingAndFitsByItselfWhenTheChannelHasSpoken(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            let sending = try await world.answered(filed, .accepted)
            let result = try await world.reconcile(ChannelFile(.refund(try await world.line(filed))))
            #expect(result.opened == [.state: 1])
            #expect(result.settled == 0)
            #expect(try await world.movementState(filed.number) == .accepted)
            try await desk.recordOutcome(
                world.answer(.succeeded, 5_000), of: sending.movementID, from: .notice(id: "n1"))
            #expect(try await world.differences() == ["state fits"])
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLineOfUnionPaySettlesWhatWasOnlyAccepted(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            try await world.answered(filed, .accepted)
            try await world.becomeUnionPay()
            let line = try await world.line(filed).with { $0.channel = .unionPay }
            let wrong = line.with { $0.amount = .fen(4_000) }
            #expect(try await world.reconcile(ChannelFile(.refund(wrong))).settled == 0)
            #expect(try await world.movementState(filed.number) == .accepted)
            let result = try await world.reconcile(ChannelFile(.refund(line)))
            #expect([result.settled, result.closed] == [1, 1])
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(try await world.differences() == ["amount fits"])
            #expect(try await world.books() == [4_970, 0, 0, 5_000, 30])
            let before = try await world.written()
            #expect(try await world.reconcile(ChannelFile(.refund(line))).settled == 0)
            #expect(try await world.written() == before)
        }
    }

    @Test func aSecondLineForOneRefundIsARefundThatNobodyHereKnows() async throws {
        try await withDesk { _, world in
            let filed = try await world.paidBack(5_000)
            let line = try await world.line(filed)
            let again = line.with { $0.channelRefundNumber = "503-again" }
            let result = try await world.reconcile(ChannelFile(.refund(line), .refund(again)))
            #expect(result.opened == [.unknownHere: 1])
        }
    }

    @Test func aBadLineKeepsNothing() async throws {
        try await withDesk { desk, world in
            var file = ChannelFile(.refund(try world.line("X", 100)))
            file.items.append(.bad(BadLine(line: 3, sentence: "line 3: not an amount")))
            let result = try await world.reconcile(file)
            #expect(!result.isStored)
            #expect(result.badLines.map(\.line) == [3])
            #expect(try await world.int("SELECT COUNT(*) AS value FROM reconciliation_line") == 0)
            await #expect(throws: Refusal.field("merchant", .notOffered)) {
                try await desk.reconcile(ChannelFile().source, merchantCode: "nobody")
            }
        }
    }
}

/// The order in which a line of UnionPay's file looks for our refund.
@Suite struct ReconcileMatchTests {
    @Test(arguments: EngineUnderTest.allCases)
    func ourNumberThenTheChannelsThenWhatBothHaveInCommon(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            let filed = try await world.paidBack(5_000)
            try await world.becomeUnionPay()
            let base = try await world.line(filed).with { $0.channel = .unionPay }
            let nameless = base.with {
                $0.refundNumber = "other"
                $0.channelTransactionNumber = nil
            }
            for line in [
                base.with { $0.channelRefundNumber = "none" },
                nameless.with { $0.channelRefundNumber = "5030" }, nameless,
            ] {
                try await world.store.write { sql in
                    _ = try sql.run("DELETE FROM difference")
                    _ = try sql.run("DELETE FROM reconciliation_line")
                }
                #expect(try await world.reconcile(ChannelFile(.refund(line))).ours == 1, "\(line)")
            }
        }
    }

    enum Trait: CaseIterable, Sendable {
        case amount, merchant, payment, time
    }

    @Test(arguments: Trait.allCases)
    func whatHasLittleInCommonIsNotOurs(_ trait: Trait) async throws {
        try await withDesk { _, world in
            let filed = try await world.paidBack(5_000)
            try await world.becomeUnionPay()
            let line = try await world.line(filed).with {
                $0.channel = .unionPay
                $0.refundNumber = "other"
                $0.channelTransactionNumber = nil
                switch trait {
                case .amount: $0.amount = .fen(4_999)
                case .merchant: $0.merchantNumber = "other"
                case .payment: $0.channelTransactionNumber = "another payment"
                case .time: $0.refundedAt = LocalTime(iso: "2026-11-20 09:00:00") ?? $0.refundedAt
                }
            }
            let result = try await world.reconcile(ChannelFile(.refund(line)))
            #expect(result.ours == 0)
            #expect(result.opened[.unknownHere] == 1)
        }
    }

    @Test func twoThatHaveAllInCommonAreNeither() async throws {
        try await withDesk { _, world in
            let filed = try await world.paidBack(5_000)
            _ = try await world.paidBack(5_000)
            try await world.becomeUnionPay()
            let line = try await world.line(filed).with {
                $0.channel = .unionPay
                $0.refundNumber = "other"
                $0.channelTransactionNumber = nil
            }
            #expect(try await world.reconcile(ChannelFile(.refund(line))).ours == 0)
        }
    }
}
