import Channels
import RefundDomain
import Testing

/// Notices of refunds, whose fields no public document has.
struct ShengpayNoticeTests {
    private let platform = ShengpayPlatform.shared

    private func body(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var fields: [String: Any?] = [
            "mchId": "1900000109", "outRefundNo": "RF-1", "refundFee": 5_000, "transactionId": "4200000001",
            "refundStatus": "DONE", "nonceStr": "n1", "signType": "RSA",
        ]
        for (name, value) in changes { fields[name] = .some(value) }
        return try platform.signed(fields)
    }

    private func read(_ body: [UInt8]) throws -> ChannelNotice {
        try platform.client().readNotice(headers: ChannelHeaders([]), body: body)
    }

    @Test func aNoticeIsAHintThatNeverDecides() throws {
        let notice = try read(body())
        #expect(notice.isHint && notice.refundNumber == "RF-1")
        #expect(notice.answer(to: .sample()).verdict == .succeeded)
        #expect(try read(body(["refundStatus": "NEWS"])).answer(to: .sample()).alert == nil)
        #expect(notice.answer(to: .sample(number: "RF-2")).alert == .wrongNumber)
        #expect(notice.answer(to: .sample(transaction: "4200000002")).alert == .wrongPayment)
        #expect(notice.answer(to: .sample(fen: 5_001)).alert == .wrongAmount)
        #expect(try platform.client().acknowledgement.body == "SUCCESS")
    }

    @Test func aRepeatWithAnotherNonceIsTheSameNotice() throws {
        #expect(try read(body()).id == read(body(["nonceStr": "n2"])).id)
        #expect(try read(body()).id != read(body(["refundStatus": "PROCESSING"])).id)
    }

    @Test func whatIsNotAboutOurRefundIsRefusedByItsReason() throws {
        let cases: [([String: Any?], NoticeFault)] = [
            (["mchId": "1900000110"], .wrongMerchant), (["mchId": nil], .wrongMerchant),
            (["outRefundNo": nil], .notARefund), (["signType": "MD5"], .wrongMethod),
            (["refundStatus": "a&b"], .unreadable),
        ]
        for (changes, fault) in cases {
            #expect(throws: fault) { try read(body(changes)) }
        }
        #expect(throws: NoticeFault.unsigned) { try read(Array("{}".utf8)) }
        #expect(throws: NoticeFault.unreadable) { try read([]) }
    }

    @Test func noChangedByteIsBelieved() throws {
        let body = try body()
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(throws: NoticeFault.self, "byte \(index)") { try read(changed) }
        }
    }
}
