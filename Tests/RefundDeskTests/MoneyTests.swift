import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct MoneyTests {
    // MARK: Fees and rates

    private func world(
        _ world: DeskWorld, fee: Int64 = 0, by bearer: FeeBearer = .merchant, originalFee: String = "given-back",
        _ rates: ExchangeRates = .none
    ) throws -> DeskWorld {
        let desk = world.desk
        let policy = try desk.policy.named("test").with(.feeFixed, fee).with(.feeBearer, bearer.rawValue)
            .with(.originalFee, originalFee)
        return world.at(
            Desk(
                store: desk.store, keys: world.keys, clock: desk.clock, chance: desk.chance,
                workingDays: desk.workingDays, policy: policy, rates: rates, leaseClock: desk.leaseClock))
    }

    /// 张先生: asked 100.00, handling fee 1.00 kept from him, the sale's fee kept as well.
    @Test(arguments: EngineUnderTest.allCases)
    func aFeeKeptFromTheCardholderIsPartOfWhatIsTaken(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, plain in
            let world = try world(plain, fee: 100, by: .cardholder, originalFee: "kept")
            let paid = try await world.pay(20_000, fee: 120)
            let filed = try await world.approved(paid, asking: 10_000)
            #expect(try await world.int("SELECT handling_fee_minor AS value FROM refund_case") == 100)
            #expect(try await world.balance(.merchantHeld) == 10_000)
            let sending = try await world.sent(filed)
            #expect(sending.order.amount == .fen(9_900))
            #expect(try await world.balance(.refundInFlight) == 9_900)
            #expect(try await world.balance(.refundFeeIncome) == 100)
            #expect(try await world.desk.verify() == [])
            try await world.desk.recordOutcome(
                world.answer(.notExecuted), of: sending.movementID, from: .call(attempt: sending.attempt))
            #expect(try await world.balance(.merchantHeld) == 10_000)
            #expect(try await world.balance(.refundFeeIncome) == 0)
            world.clock.advance(seconds: 121)
            try await world.answered(filed, .succeeded)
            #expect(try await world.int("SELECT refunded_minor AS value FROM payment") == 10_000)
            #expect(try await world.desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aFeeThatTheOperatorBearsIsChargedWhenTheMoneyIsConfirmed(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, plain in
            let world = try world(plain, fee: 50, by: .operator)
            _ = try await world.paidBack(5_000)
            #expect(try await world.balance(.channelFeeExpense) == 50)
            #expect(try await world.balance(.channelSettlement) == 4_950)
            #expect(try await world.desk.verify() == [])
        }
    }

    /// A sale of USD 10.00 settled with CNY 72.00, of which USD 5.00 goes back, fails and goes again.
    @Test(arguments: EngineUnderTest.allCases)
    func aRefundInAnotherCurrencyIsHeldInTheMerchants(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, plain in
            let rates = ExchangeRates { from, to in ExchangeRate("7.10", from: from, to: to) }
            let world = try world(plain, rates)
            var row = try world.statementPayment(
                "4200000099999999999999999999", Money(minor: 1_000, currency: .usd) ?? .zero(.usd), fee: 0)
            row.settlement = .fen(7_200)
            let line = row
            let source = ImportSource(format: "test") {
                var rest: [ImportItem] = [.row(.payment(line))]
                return { rest.popLast() }
            }
            _ = try await world.desk.importPayments(source, merchantCode: DeskWorld.merchantCode)
            #expect(try await world.balance(.exchangePosition, .usd) == 1_000)
            #expect(try await world.balance(.merchantAvailable) == 7_200)
            #expect(try await world.desk.verify() == [])
            let finding = try await world.desk.find(
                .order("4200000099999999999999999999"), amountText: "10.00", visitor: nil, address: "203.0.113.7",
                language: "en")
            guard case .found(let visitor) = finding else { throw Refusal.notFound }
            let five = Money(minor: 500, currency: .usd) ?? .zero(.usd)
            try await world.desk.chooseReason(.notReceived, details: "never came", visitor: visitor)
            try await world.desk.chooseAmount(five, visitor: visitor)
            try await world.desk.giveContact(name: "Zhang Wei", email: "fx@example.com", phone: "", visitor: visitor)
            try await world.desk.proveContact(code: try await world.code(ofDraft: visitor), visitor: visitor)
            let number = try await world.desk.fileCase(
                submission: "submission-of-exchange", termsAccepted: true, visitor: visitor)
            #expect(try await world.balance(.merchantHeld) == 3_600)
            try await world.desk.approve(
                number, amount: five, checks: Set(Check.allCases), note: "",
                version: try await world.version(number), by: world.approver)
            let job = try await world.job(.sendMovement, of: number)
            let sending = try #require(try await world.desk.beginSend(job, noticeAddress: { _, _ in nil }))
            #expect(sending.order.amount == five)
            #expect(try await world.balance(.merchantHeld) == 0)
            #expect(try await world.balance(.exchangeDifference) == 50)
            #expect(try await world.balance(.refundInFlight, .usd) == 500)
            #expect(try await world.desk.verify() == [])
            try await world.desk.recordOutcome(
                ChannelAnswer(verdict: .failed, code: "CLOSED", verified: true, amount: five),
                of: sending.movementID, from: .call(attempt: sending.attempt))
            #expect(try await world.balance(.merchantHeld) == 3_600)
            #expect(try await world.balance(.exchangeDifference) == 0)
            #expect(try await world.desk.verify() == [])
        }
    }

    // MARK: Funds

    @Test(arguments: EngineUnderTest.allCases)
    func whatFinanceAdvancesComesBackWithTheNextFunds(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let other = try await world.pay()
            let short = try await world.pay()
            let block = try await desk.openBlock(
                .dispute, reference: "CB-1", payment: other.id, amount: .fen(10_000), note: "", by: pair.first)
            let filed = try await world.approved(short, asking: 10_000)
            #expect(try await world.movementState(filed.number) == .waitingFunds)
            world.clock.advance(seconds: 8 * 86_400)
            try await desk.retryFunds(try await world.job(.retryFunds, of: filed.number))
            let told = try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = 'funds-late'")
            #expect(told == 1)
            let version = try await world.version(filed.number)
            let movement = try await world.movement(filed)
            await #expect(throws: Refusal.notAllowed) {
                try await desk.advanceFunds(movement: movement, of: filed.number, version: version, by: world.support)
            }
            try await desk.advanceFunds(movement: movement, of: filed.number, version: version, by: pair.first)
            #expect(try await world.balance(.merchantReceivable) == 60)
            #expect(try await world.movementState(filed.number) == .ready)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            try await world.answered(filed, .succeeded)
            _ = try await world.pay(1_000, fee: 6)
            #expect(try await world.balance(.merchantReceivable) == 0)
            #expect(try await world.balance(.merchantAvailable) == 934)
            try await desk.closeBlock(block, .won, by: pair.second)
            #expect(try await world.balance(.merchantDisputeHold) == 0)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    /// Two movements of a case share its hold.
    @Test(arguments: EngineUnderTest.allCases)
    func whatIsHeldForOneMovementPaysNoOther(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let other = try await world.pay()
            let filed = try await world.filed(try await world.pay(), asking: 10_000)
            _ = try await world.say(.approve, 4_000, filed, by: world.reviewer)
            _ = try await desk.openBlock(
                .dispute, reference: "CB-1", payment: other.id, amount: .fen(10_000), note: "", by: pair.first)
            try await world.appeal(filed)
            _ = try await world.say(.approve, 10_000, filed, by: world.approver)
            world.clock.advance(seconds: 3_601)
            try await desk.retryFunds(try await world.job(.retryFunds, of: filed.number))
            #expect(try await world.movementState(filed.number) == .waitingFunds, "60 fen are missing")
            try await desk.advanceFunds(
                movement: try await world.movement(filed), of: filed.number,
                version: try await world.version(filed.number), by: pair.first)
            #expect(try await world.balance(.merchantReceivable) == 60)
            for _ in 0..<2 {
                try await world.answered(filed, .succeeded)
                world.clock.advance(seconds: 61)
            }
            #expect(try await world.int("SELECT MAX(refunded_minor) AS value FROM payment") == 10_000)
            #expect(try await world.balance(.merchantHeld) == 0)
            #expect(try await desk.verify() == [])
        }
    }

    // MARK: Blocks

    @Test(arguments: EngineUnderTest.allCases)
    func aBlockedPaymentIsNeitherAskedForNorSent(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let paid = try await world.pay()
            let filed = try await world.approved(paid, asking: 4_000)
            let seen = try await world.version(filed.number)
            let block = try await desk.openBlock(
                .legalHold, reference: "Court 12", payment: paid.id, amount: nil, note: "by letter", by: pair.first)
            #expect(try await world.version(filed.number) == seen + 1, "pages that are followed live change")
            await #expect(throws: Refusal.alreadyThere("Court 12")) {
                _ = try await desk.openBlock(
                    .legalHold, reference: "Court 12", payment: paid.id, amount: nil, note: "", by: pair.first)
            }
            for _ in 0..<2 {
                let job = try await world.job(.sendMovement, of: filed.number)
                #expect(try await desk.beginSend(job, noticeAddress: { _, _ in nil }) == nil)
                world.clock.advance(seconds: 3_601)
            }
            #expect(try await world.movementState(filed.number) == .ready)
            let said = try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = 'movement.blocked'")
            #expect(said == 1)
            let visitor = try await world.find(paid)
            let draft = try #require(try await desk.draft(of: visitor))
            #expect(draft.eligibility == .refused(.blocked(.legalHold)))
            await #expect(throws: Refusal.notAllowed) { try await desk.closeBlock(block, .lifted, by: world.clerk) }
            await #expect(throws: Refusal.field("outcome", .notOffered)) {
                try await desk.closeBlock(block, .won, by: pair.first)
            }
            try await desk.closeBlock(block, .lifted, by: pair.first)
            await #expect(throws: Refusal.notFound) { try await desk.closeBlock(block, .lifted, by: pair.first) }
            for (kind, what) in [("paused", "case.paused"), ("resumed", "case.resumed")] {
                let told = try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = '\(kind)'")
                let written = try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = '\(what)'")
                #expect(told == 1 && written == 1, "\(kind)")
            }
            _ = try await world.sent(filed)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLostDisputeTakesWhatWasLeftOfThePayment(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pair = try await FinancePair(world)
            let paid = try await world.pay()
            let filed = try await world.paidBack(4_000, of: paid)
            world.clock.advance(seconds: 60 * 86_400)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            let block = try await desk.openBlock(
                .dispute, reference: "CB-7", payment: paid.id, amount: .fen(10_000), note: "", by: nil)
            #expect(try await world.state(filed.number) == .approved)
            #expect(try await world.int("SELECT disputed_minor AS value FROM payment") == 6_000)
            #expect(try await world.balance(.merchantDisputeHold) == 5_964)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
            try await desk.closeBlock(block, .lost, by: pair.first)
            #expect(try await world.int("SELECT refunded_elsewhere_minor AS value FROM payment") == 6_000)
            #expect(try await world.balance(.channelSettlement) == 0)
            #expect(try await world.balance(.merchantReceivable) == 36)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    // MARK: Time

    @Test(arguments: EngineUnderTest.allCases)
    func moneyThatIsLateIsToldOfOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 4_000)
            try await world.answered(filed, .accepted)
            world.clock.advance(seconds: 90 * 86_400)
            try await desk.checkArrival(try await world.job(.checkArrival, of: filed.number))
            #expect(try await world.int("SELECT COUNT(*) AS value FROM movement WHERE overdue_ms IS NOT NULL") == 1)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = 'money-late'") == 1)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatThePayeeHadToDoEndsEitherWay(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for (verdict, state) in [(ChannelVerdict.accepted, Movement.State.accepted), (.failed, .failed)] {
                let filed = try await world.approved(try await world.pay(), asking: 2_000)
                try await world.answered(filed, .needsPayeeAction)
                #expect(try await world.movementState(filed.number) == .needsPayeeAction)
                try await desk.recordOutcome(
                    world.answer(verdict, 2_000), of: try await world.movement(filed),
                    from: .notice(id: "n-\(verdict.rawValue)"))
                #expect(try await world.movementState(filed.number) == state)
            }
            let seen = try await world.int(
                "SELECT COUNT(*) AS value FROM event WHERE transition = 'M17'")
            #expect(seen == 2)
            #expect(try await desk.verify() == [])
            #expect(try await world.unnamedPostings() == [])
        }
    }
}
