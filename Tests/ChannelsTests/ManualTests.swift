import RefundDomain
import Testing

@testable import Channels

@Suite struct ManualTests {
    private func summary(_ json: String) throws(AccountFault) -> AccountSummary {
        try ChannelBook.check(settings: Array(json.utf8))
    }

    @Test func anAccountNeedsAFormatAndABank() throws {
        let plain = try summary(#"{"channel":"manual","format":"csv","bank":"瑞银信"}"#)
        #expect(plain == AccountSummary(channel: .manual, name: "瑞银信", merchantNumber: "瑞银信"))
        let full = try summary(
            #"{"channel":"manual","format":"bank-transfer","bank":"B","merchant_no":"862100","name":"Bank, Pudong"}"#)
        #expect(full == AccountSummary(channel: .manual, name: "Bank, Pudong", merchantNumber: "862100"))
    }

    @Test(arguments: [
        (#"{"channel":"manual","bank":"B"}"#, "format"), (#"{"channel":"manual","format":"csv"}"#, "bank"),
        (#"{"channel":"manual","format":"xml","bank":"B"}"#, "format"),
        (#"{"channel":"manual","format":"csv","bank":"B","private_key_pem":"x"}"#, "private_key_pem"),
        (#"{"channel":"manual","format":"csv","bank":"B","base_url":"https://x.example"}"#, "base_url"),
    ])
    func whatIsWrongIsNamed(_ json: String, _ key: String) {
        let fault = #expect(throws: AccountFault.self) { try summary(json) }
        #expect(fault?.key == key)
    }

    @Test func nobodyIsCalled() async throws {
        let book = ChannelBook(
            exchange: { _ in
                Issue.record("somebody was called")
                throw CancellationError()
            }, clock: { Moment(milliseconds: 0) }, nonce: { "n" })
        let settings = Array(#"{"channel":"manual","format":"csv","bank":"B"}"#.utf8)
        let client = try book.client(of: .manual, settings: settings)
        let amount = Money(minor: 1, currency: .cny) ?? .zero(.cny)
        let order = RefundOrder(
            refundNumber: "R", firstSentAt: Moment(milliseconds: 0), channelTransactionNumber: nil,
            merchantOrderNumber: nil, paidAt: Moment(milliseconds: 0), amount: amount, paymentTotal: amount,
            reason: nil, noticeAddress: nil)
        #expect(await client.query(order).verdict == .unknown)
        #expect(await client.refund(order).verdict == .notExecuted)
        #expect(throws: NoticeFault.unsigned) { try client.readNotice(headers: ChannelHeaders([]), body: []) }
        let check = await book.check(settings: settings)
        #expect(check.passed && check.findings.count == 2)
    }
}
