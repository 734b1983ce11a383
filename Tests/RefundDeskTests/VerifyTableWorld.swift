import RefundDesk
import RefundDomain
import TestSupport
import Testing

extension VerifyTableTests {
    /// A day on which everything happens that fills a table.
    func furnish(_ world: DeskWorld) async throws {
        let desk = world.desk
        try await desk.addMerchant(
            code: "harbour", name: "港湾", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
        let holiday = try #require(Day(iso: "2026-12-24"))
        try await desk.loadCalendar([
            try WorkingYear(region: "CN", year: 2026, source: "notice", holidays: [holiday], makeUpDays: [])
        ])
        try await desk.loadCapabilities(
            try CapabilitiesFileTests.parse(
                "lakala\tLakala\t822\tsmart\twhole\t3\t5\t30\t1\tnone\tnever\t1-2\tno\ta letter"))
        let house = try await PolicyHouse(world)
        let policy = try Policy.standard.undoing(within: 0).with(.offerDays, 5)
        try await house.enact(policy)
        _ = try await house.propose(try policy.with(.offerDays, 6), after: 1)
        try await talk(world)
        try await pay(world)
        try await refundElsewhere(world)
        try await disagree(world)
        try await reconcile(world)
        try await payByHand(world)
        try await invite(world)
        _ = try await world.draft(of: try await world.pay(), asking: 1_000)
    }

    /// Somebody who was invited and came, a link that is out, and a reset that waits for the second person.
    private func invite(_ world: DeskWorld) async throws {
        let house = try await PeopleHouse(world)
        try await world.desk.invite(email: "came@staff.example", role: .clerk, language: "en", by: house.first)
        _ = try await house.join(try #require(try await house.sent()).link)
        try await world.desk.proposeReset(of: world.clerk.id, language: "en", by: house.first)
        try await world.desk.confirmReset(
            try await world.text("SELECT id AS value FROM staff_invitation WHERE state = 'proposed'"),
            by: house.second)
        try await world.desk.proposeReset(of: world.approver.id, language: "en", by: house.second)
    }

    /// Two differences with a channel's file: one that finance explained, one that is open.
    private func reconcile(_ world: DeskWorld) async throws {
        let filed = try await world.paidBack(5_000)
        let lines = [try await world.line(filed, minor: 4_999), try world.line("UNKNOWN-1", 700)]
        try await world.reconcile(ChannelFile(.refund(lines[0]), .refund(lines[1])))
        let id = try await world.text("SELECT id AS value FROM difference WHERE kind = 'amount'")
        let finance = try await DeskWorld.add(.finance, to: world.desk, email: "books@finance.example")
        try await world.desk.explainDifference(id, note: "The bank kept one fen.", by: finance)
    }

    /// A batch that people pay, and the bank's file about it.
    private func payByHand(_ world: DeskWorld) async throws {
        let payout = try await Payout(world)
        _ = try await payout.waiting(1_500)
        try await world.desk.discardBatch(try await payout.made(), by: payout.pair.first)
        let id = try await payout.released()
        try await payout.answered(id, [payout.line(try await payout.items(id)[0])])
    }

    /// A question with its answer, proofs and a note.
    private func talk(_ world: DeskWorld) async throws {
        let desk = world.desk
        let visitor = try await world.draft(of: try await world.pay(), asking: 4_000)
        try await desk.addProof(.sample(), visitor: visitor)
        let number = try await desk.fileCase(
            submission: "submission-with-proof", termsAccepted: true, visitor: visitor)
        try await desk.addProof(
            .sample(), to: number, version: try await world.version(number), visitor: visitor)
        let job = try #require(try await desk.claimProofJob())
        #expect(try await desk.recordExamination(.drawn(), of: job))
        let held = try #require(try await desk.claimProofJob())
        #expect(try await desk.recordExamination(ProofReport(scan: .held, scanWord: "silent"), of: held))
        try await desk.ask(
            number, items: [.receipt], question: "Please show us the receipt.", dueOn: nil,
            version: try await world.version(number), by: world.reviewer)
        try await desk.answer(
            number, text: "Here it is.", proofs: [.sample()], version: try await world.version(number),
            visitor: visitor)
        try await desk.addNote(
            number, text: "A regular guest.", visibility: .internal, version: try await world.version(number),
            by: world.support)
    }

    /// Money that arrives and is complained of, and money that waits for an account.
    private func pay(_ world: DeskWorld) async throws {
        let desk = world.desk
        let first = try await world.offered(try await world.pay(), asking: 6_000, offer: 5_000)
        try await desk.acceptOffer(
            first.number, version: try await world.version(first.number), visitor: first.visitor)
        try await desk.recordOutcome(
            world.answer(.succeeded, 5_000), of: try await world.sent(first).movementID, from: .notice(id: "n1"))
        try await desk.reportNotArrived(
            first.number, version: try await world.version(first.number), visitor: first.visitor)
        try await desk.answerEnquiry(
            try await world.text("SELECT id AS value FROM enquiry"), of: first.number, text: "The bank has it.",
            version: try await world.version(first.number), by: world.support)
        try await desk.reportWrongAmount(
            first.number, expected: .fen(7_000), details: "less", version: try await world.version(first.number),
            visitor: first.visitor)
        let second = try await world.approved(try await world.pay(), asking: 3_000)
        try await desk.recordOutcome(
            world.answer(.needsPayeeAction, 3_000), of: try await world.sent(second).movementID,
            from: .notice(id: "n2"))
        try await desk.nameDestination(
            second.number, account: "6222021234567894", bank: "招商银行", holder: "Zhang Wei", proofs: [.sample()],
            version: try await world.version(second.number), visitor: second.visitor)
        _ = try await world.filed(try await world.pay(), asking: 2_000)
    }

    /// A refund that was made at the till, as a statement brings it.
    private func refundElsewhere(_ world: DeskWorld) async throws {
        let paid = try await world.pay()
        let refundedAt = try #require(LocalTime(iso: "2026-11-19 10:00:00"))
        let row = StatementRefund(
            line: 3, kind: .refund, status: .succeeded, merchantNumber: DeskWorld.merchantNumber,
            channel: .wechatPay, refundedAt: refundedAt, refundNumber: "R1", channelRefundNumber: "503R1",
            channelTransactionNumber: paid.transaction, amount: .fen(1_000))
        let source = ImportSource(format: "test") {
            var rest: [ImportItem] = [.row(.refund(row))]
            return { rest.popLast() }
        }
        _ = try await world.desk.importPayments(source, merchantCode: DeskWorld.merchantCode)
    }

    /// What two people do together, and what lies over a payment.
    private func disagree(_ world: DeskWorld) async throws {
        let desk = world.desk
        let pair = try await FinancePair(world)
        try await world.jointly(.giveBack, try await world.sentBack(4_000), by: pair)
        let lost = try await world.lost(2_500)
        world.clock.advance(seconds: 25 * 3_600)
        _ = try await world.propose(.giveUp, lost, by: pair.first)
        let disputed = try await world.pay()
        let block = try await desk.openBlock(
            .dispute, reference: "D-1", payment: disputed.id, amount: .fen(3_000), note: "A letter.", by: pair.first)
        try await desk.closeBlock(block, .lost, by: pair.second)
        _ = try await desk.openBlock(
            .legalHold, reference: "L-1", payment: try await world.pay().id, amount: nil, note: "", by: pair.first)
    }
}
