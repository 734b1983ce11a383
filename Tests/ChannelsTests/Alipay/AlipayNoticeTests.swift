import RefundDomain
import Testing
import Vault

@testable import Channels

/// Notices of a payment's change, which Alipay sends after a refund too.
struct AlipayNoticeTests {
    private let platform = AlipayPlatform.shared

    private func read(_ body: [UInt8]) throws -> ChannelNotice {
        try platform.client().readNotice(headers: ChannelHeaders([]), body: body)
    }

    @Test func aNoticeOfARefundIsAHint() throws {
        let notice = try read(platform.notice())
        #expect(notice.isHint && notice.refundNumber == "RF-1" && notice.id == "2026112200222170000")
        #expect(notice.answer(to: .sample()).alert == nil)
        #expect(notice.answer(to: .sample(number: "RF-2")).alert == .wrongNumber)
        #expect(notice.answer(to: .sample(transaction: "4200000002")).alert == .wrongPayment)
        #expect(notice.answer(to: .sample(totalFen: 10_001)).alert == .wrongAmount)
    }

    @Test func whatIsNotAboutOurRefundIsRefusedByItsReason() throws {
        let cases: [([String: String?], NoticeFault)] = [
            (["app_id": "2021000000000002"], .wrongMerchant), (["notify_id": nil], .unreadable),
            (["out_biz_no": nil], .notARefund), (["gmt_refund": nil], .notARefund),
        ]
        for (changes, fault) in cases {
            #expect(throws: fault) { try read(platform.notice(changes)) }
        }
    }

    @Test func forgedRepeatedAndHalfNoticesAreRefused() throws {
        let body = try platform.notice()
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(throws: NoticeFault.self, "byte \(index)") { try read(changed) }
        }
        #expect(throws: NoticeFault.unreadable) { try read(body + Array("&app_id=2021000000000001".utf8)) }
        #expect(throws: NoticeFault.unsigned) { try read(Array("app_id=1".utf8)) }
        #expect(throws: NoticeFault.self) { try read([]) }
        #expect(throws: NoticeFault.unreadable) { try read(Array(repeating: UInt8(ascii: "a"), count: 60_000)) }
        #expect(throws: NoticeFault.unreadable) { try read(Array("a=%F".utf8)) }
    }

    @Test func aPublishedNoticeWithAPlusIsVerifiedButTellsOfAPayment() throws {
        let vector = try AlipayVector.named("ALI-NOTIFY-YANSONGDA")
        let key = try #require(vector.publicKeyPem)
        let settings = try platform.settings(["app_id": "9021000122682882", "alipay_public_key_pem": key])
        let client = try platform.client(settings)
        let body = Array(try #require(vector.formBody).utf8)
        #expect(throws: NoticeFault.notARefund) { try client.readNotice(headers: ChannelHeaders([]), body: body) }
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(throws: NoticeFault.self) { try client.readNotice(headers: ChannelHeaders([]), body: changed) }
        }
    }
}
