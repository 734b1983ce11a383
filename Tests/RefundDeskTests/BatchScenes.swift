import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Two people of finance, and refunds of an account that people pay.
struct Payout {
    let world: DeskWorld
    let pair: FinancePair
    let accountID: String

    var desk: Desk { world.desk }

    init(_ world: DeskWorld) async throws {
        self.world = world
        pair = try await FinancePair(world, house: "payouts")
        accountID = try await world.desk.addChannelAccount(
            merchantCode: DeskWorld.merchantCode, channel: .manual, name: "Ruiyinxin", merchantNumber: "RYX1",
            settings: Array("{}".utf8)
        ).id
    }

    /// A refund that waits for a batch; the worker has looked at it and left it.
    func waiting(_ minor: Int64) async throws -> DeskWorld.Filed {
        let filed = try await world.approved(try await world.pay(channel: .manual), asking: minor)
        let job = try await world.job(.sendMovement, of: filed.number)
        #expect(try await desk.beginSend(job) { _, _ in nil } == nil)
        #expect(try await world.movementState(filed.number) == .ready)
        return filed
    }

    func made() async throws -> String {
        try await desk.makeBatch(ofAccount: accountID, currency: .cny, by: pair.first)
    }

    func released() async throws -> String {
        let id = try await made()
        try await desk.releaseBatch(id, by: pair.second)
        return id
    }

    func items(_ batchID: String) async throws -> [PayoutItem] {
        try await desk.store.read { sql in try PayoutTable.items(of: batchID, sql) }
    }

    /// What the bank says of an order.
    func line(
        _ item: PayoutItem, _ result: PayoutResult = .paid, minor: Int64? = nil, line: Int = 2
    ) -> BankAnswerLine {
        BankAnswerLine(
            line: line, refundNumber: item.refundNumber, amount: .fen(minor ?? item.gross.minor), result: result,
            reference: result == .paid ? "BANK\(item.line)" : nil, paidOn: Day(iso: "2026-11-22"),
            reason: result == .failed ? "账户已销户" : nil)
    }

    /// Brings a file and has it confirmed.
    func answered(_ batchID: String, _ lines: [BankAnswerLine], file: String = "file") async throws {
        let id = try await bring(batchID, lines, file: file)
        try await desk.confirmBankAnswer(id, by: pair.second)
    }

    func bring(_ batchID: String, _ lines: [BankAnswerLine], file: String = "file") async throws -> String {
        try await desk.bringBankAnswer(to: batchID, lines: lines, file: Array(file.utf8), by: pair.first)
    }

    func findings(_ batchID: String, _ lines: [BankAnswerLine]) async throws -> [BankFinding] {
        BankMatch.all(lines, try await items(batchID)).map(\.finding)
    }
}
