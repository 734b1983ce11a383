import Channels
import Foundation
import RefundDomain
import SandboxBank
import TestSupport
import Testing
import Vault

/// Money that is stuck with the channel and goes on to another card, over real HTTP and with real encryption.
@Suite(.serialized) struct DetourTests {
    @Test func aStuckRefundIsPaidToAnotherCardUnderItsOldNumber() async throws {
        try await SandboxFixture.run { bank in
            let refundID = try await stuck(bank)
            let order = try detour(bank, refundID, "7894")
            #expect(await bank.client.query(order).verdict == .needsPayeeAction)
            let sent = await bank.client.refund(order)
            #expect(sent.verdict == .accepted && sent.channelRefundNumber == refundID)
            #expect(sent.destinationText == "ICBC_DEBIT 7894")
            #expect(await bank.client.query(order).verdict == .accepted)
            bank.clock.advance(seconds: 2)
            #expect(await bank.client.query(order).verdict == .succeeded)
            let notices = try await bank.notices.first(2).map {
                try bank.client.readNotice(headers: ChannelHeaders($0.headers), body: $0.body)
            }
            #expect(notices.map { $0.answer(to: order).verdict } == [.needsPayeeAction, .succeeded])
            #expect(Set(notices.map(\.id)).count == 2)
            #expect(notices.map(\.refundNumber) == ["RF-604", "RF-604"])
            let paid = await bank.counter.payouts()
            #expect(paid.map(\.number) == ["RF-604"] && paid.map(\.status) == ["SUCCESS"])
        }
    }

    @Test func theSameOrderAgainPaysNothingMore() async throws {
        try await SandboxFixture.run { bank in
            let refundID = try await stuck(bank)
            let order = try detour(bank, refundID, "7894")
            for _ in 0..<3 { #expect(await bank.client.refund(order).verdict == .accepted) }
            bank.clock.advance(seconds: 2)
            #expect(await bank.client.refund(order).verdict == .succeeded)
            // Another card for money that is out already is no.
            let other = await bank.client.refund(try detour(bank, refundID, "0403"))
            #expect(other.verdict == .needsPayeeAction && other.code == "INVALID_REQUEST")
            #expect(await bank.client.query(order).verdict == .succeeded)
            #expect(await bank.counter.payouts().count == 1)
        }
    }

    @Test func moneyThatBouncesAgainCanGoToAThirdCard() async throws {
        try await SandboxFixture.run { bank in
            let refundID = try await stuck(bank)
            let second = try detour(bank, refundID, "0004")
            #expect(await bank.client.refund(second).verdict == .accepted)
            bank.clock.advance(seconds: 2)
            #expect(await bank.client.query(second).verdict == .needsPayeeAction)
            let third = try detour(bank, refundID, "7894", number: "RF-604-3")
            #expect(await bank.client.refund(third).verdict == .accepted)
            bank.clock.advance(seconds: 2)
            #expect(await bank.client.query(third).verdict == .succeeded)
            #expect(await bank.counter.payouts().map(\.status) == ["SUCCESS"])
        }
    }

    /// Cards by their ends, what the call says, and what a query then tells.
    @Test(arguments: [
        ("0005", ChannelVerdict.unknown, "no answer", ChannelVerdict.accepted),
        ("0008", .unknown, "bad signature", .accepted), ("0012", .unknown, "SYSTEM_ERROR", .accepted),
        ("0013", .unknown, "SYSTEM_ERROR", .needsPayeeAction),
        ("0014", .notExecuted, "FREQUENCY_LIMITED", .needsPayeeAction),
        ("0015", .needsPayeeAction, "USER_ACCOUNT_ABNORMAL", .needsPayeeAction),
        ("0018", .unknown, "wrong amount", .accepted), ("0019", .unknown, "unreadable answer", .accepted),
    ])
    func whateverGoesWrongNothingIsPaidTwice(
        end: String, verdict: ChannelVerdict, code: String, told: ChannelVerdict
    ) async throws {
        try await SandboxFixture.run { bank in
            let order = try detour(bank, try await stuck(bank), end)
            let answer = await bank.client.refund(order)
            #expect(answer.verdict == verdict && answer.code == code, "\(answer)")
            #expect(await bank.client.query(order).verdict == told)
            #expect(await bank.counter.payouts().count == 1)
        }
    }

    @Test func aRestartedBankKnowsWhereItPaid() async throws {
        let clock = TestClock()
        let folder = FileManager.default.temporaryDirectory.appending(path: "bank-\(UUID().uuidString)").path()
        let refundID = SharedText()
        try await SandboxFixture.run(folder: folder, clock: clock) { bank in
            await refundID.set(try await stuck(bank))
            _ = await bank.client.refund(try detour(bank, await refundID.text, "7894"))
        }
        let books = try String(contentsOfFile: folder + "/books.jsonl", encoding: .utf8)
        #expect(!books.contains("622202") && !books.contains("张三"))
        clock.advance(seconds: 2)
        try await SandboxFixture.run(folder: folder, clock: clock) { bank in
            let order = try detour(bank, await refundID.text, "7894")
            #expect(await bank.client.query(order).verdict == .succeeded)
            #expect(await bank.client.refund(order).verdict == .succeeded)
        }
    }

    @Test func anOrderThatCannotBeSaidIsNotSent() async throws {
        try await SandboxFixture.run { bank in
            let refundID = try await stuck(bank)
            for destination in [nil, PayeeDestination(account: "1234567890", bank: "No such bank", holder: "张三")] {
                let order = try detour(bank, refundID, destination)
                let answer = await bank.client.refund(order)
                #expect(answer.verdict == .refusedOperator && answer.alert == .incompleteOrder)
            }
            #expect(await bank.counter.payouts().map(\.status) == ["ABNORMAL"])
        }
    }

    @Test func anAnswerAboutAnotherRefundOfTheChannelProvesNothing() async throws {
        try await SandboxFixture.run { bank in
            _ = try await stuck(bank)
            let order = try detour(bank, "50000000000000000000000000", "7894")
            #expect(await bank.client.refund(order).code == "RESOURCE_NOT_EXISTS")
            #expect(await bank.client.query(order).alert == .wrongNumber)
        }
    }

    @Test func aForgedNoticeOfTheDetourIsRefused() async throws {
        try await SandboxFixture.run { bank in
            let refundID = try await stuck(bank)
            _ = await bank.client.refund(try detour(bank, refundID, "7894"))
            bank.clock.advance(seconds: 2)
            let items = try await bank.notices.first(2)
            let notice = try #require(items.last)
            #expect(throws: NoticeFault.badSignature) {
                _ = try bank.client.readNotice(headers: ChannelHeaders(notice.headers), body: notice.body + [0x20])
            }
            let unsigned = notice.headers.filter { !$0.name.lowercased().hasPrefix("wechatpay") }
            #expect(throws: NoticeFault.unsigned) {
                _ = try bank.client.readNotice(headers: ChannelHeaders(unsigned), body: notice.body)
            }
        }
    }

    @Test func neitherCardNorNameGoesOverTheLineOrIntoALog() async throws {
        let sent = SentBox()
        try await SandboxFixture.run { bank in
            let book = ChannelBook(
                exchange: { request in
                    sent.add(request)
                    throw ExchangeFault.lost("cut")
                }, clock: { bank.clock.now }, nonce: { "nonce" })
            let client = try book.client(of: .wechatPay, settings: bank.settings)
            let order = try detour(bank, "5030", "7894")
            #expect(await client.refund(order).verdict == .unknown)
            #expect(!"\(order) \(String(reflecting: order))".contains("6222021234567894"))
            #expect(!"\(order) \(String(reflecting: order))".contains("张三"))
        }
        let request = try #require(sent.all.first)
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(request.url.hasSuffix("/v3/refund/domestic/refunds/5030/apply-abnormal-refund"))
        #expect(body.contains(#""out_refund_no":"RF-604","type":"USER_BANK_CARD","bank_type":"ICBC_DEBIT""#))
        #expect(!body.contains("622202") && !body.contains("张三"))
        let serial = request.headers.first { $0.name == "Wechatpay-Serial" }?.value
        #expect(serial?.hasPrefix("PUB_KEY_ID_") == true)
    }

    // MARK: Scenes

    /// A refund that the bank could not place; gives the bank's number of it.
    private func stuck(_ bank: SandboxFixture) async throws -> String {
        let order = try bank.order(number: "RF-604", fen: 604)
        let sent = await bank.client.refund(order)
        bank.clock.advance(seconds: 2)
        #expect(await bank.client.query(order).verdict == .needsPayeeAction)
        _ = try await bank.notices.first(1)
        return try #require(sent.channelRefundNumber)
    }

    /// The order that takes it to a card of a given end.
    private func detour(
        _ bank: SandboxFixture, _ refundID: String, _ end: String, number: String = "RF-604-2"
    ) throws -> RefundOrder {
        let card = try #require(
            (0...9).lazy.compactMap {
                PayeeDestination(account: "62220212345\($0)\(end)", bank: "中国工商银行", holder: "张三")
            }.first)
        return try detour(bank, refundID, card, number: number)
    }

    private func detour(
        _ bank: SandboxFixture, _ refundID: String, _ destination: PayeeDestination?, number: String = "RF-604-2"
    ) throws -> RefundOrder {
        try bank.order(
            number: number, fen: 604, payment: "42000RF-604",
            detour: Detour(refundNumber: "RF-604", channelRefundNumber: refundID, destination: destination))
    }
}

/// A text that one part of a test gives to the next.
private actor SharedText {
    private(set) var text = ""

    func set(_ text: String) { self.text = text }
}
