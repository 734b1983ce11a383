import RefundDomain
import Testing
import Vault

@testable import Channels

/// Notices of refunds, whose third and fourth field have two names each in public clients.
struct HelipayNoticeTests {
    private let platform = HelipayPlatform.shared
    private static let start = "rt1_customerNumber=C1800000002&rt2_orderId=ORDER-1"
    private static let end = "rt5_status=SUCCESS&rt6_amount=0.57&rt7_currency=CNY&rt8_timestamp=1795338000000"

    private func read(_ body: String) throws -> ChannelNotice {
        try platform.client().readNotice(headers: ChannelHeaders([]), body: Array(body.utf8))
    }

    private func vector(_ third: String = "rt3_refundOrderId", _ fourth: String = "rt4_systemSerial") throws -> String {
        let digest = try #require(try AcquirerVector.named("HLP-NOTICE").md5)
        return "\(Self.start)&\(third)=RF1&\(fourth)=S2026112200000001&\(Self.end)&sign=\(digest)"
    }

    /// A notice with other values in the places of the signed text.
    private func notice(_ changes: [Int: String]) throws -> String {
        let names = [
            "rt1_customerNumber", "rt2_orderId", "rt3_refundOrderId", "rt4_systemSerial", "rt5_status", "rt6_amount",
            "rt7_currency", "rt8_timestamp",
        ]
        var values = ["C1800000002", "ORDER-1", "RF1", "S1", "SUCCESS", "0.57", "CNY", "1795338000000"]
        for (place, value) in changes { values[place - 1] = value }
        let signature = Helipay.Seal(key: Secret(HelipayPlatform.key)).signature(over: values)
        let pairs = zip(names, values).map { "\($0)=\(FormText.encode($1))" }
        return (pairs + ["sign=\(signature)"]).joined(separator: "&")
    }

    @Test func bothNamesOfAFieldAreUnderstood() throws {
        for third in ["rt3_refundOrderId", "rt3_refundOrderNum"] {
            for fourth in ["rt4_systemSerial", "rt4_serialNumber"] {
                let notice = try read(vector(third, fourth))
                #expect(notice.isHint && notice.refundNumber == "RF1")
                #expect(notice.answer(to: HelipayPlatform.order()).verdict == .succeeded)
            }
        }
        #expect(throws: NoticeFault.unreadable) { try read(vector() + "&rt3_refundOrderNum=RF1") }
        #expect(try platform.client().acknowledgement.body == "success")
    }

    @Test func itsFiguresAreHeldAgainstTheOrder() throws {
        let notice = try read(vector())
        #expect(notice.answer(to: HelipayPlatform.order(number: "RF2")).alert == .wrongNumber)
        #expect(notice.answer(to: HelipayPlatform.order(payment: "ORDER-2")).alert == .wrongPayment)
        #expect(notice.answer(to: HelipayPlatform.order(fen: 58)).alert == .wrongAmount)
        #expect(try read(self.notice([5: "DREAM"])).answer(to: HelipayPlatform.order()).alert == nil)
    }

    @Test func aRepeatWithAnotherTimeIsTheSameNotice() throws {
        #expect(try read(notice([:])).id == read(notice([8: "1795338060000"])).id)
        #expect(try read(notice([:])).id != read(notice([5: "DOING"])).id)
    }

    @Test func whatIsNotAboutOurRefundIsRefusedByItsReason() throws {
        let cases: [([Int: String], NoticeFault)] = [
            ([1: "C1800000003"], .wrongMerchant), ([6: "1e2"], .unreadable), ([7: "USD"], .unreadable),
            ([2: "ORDER&1"], .unreadable),
        ]
        for (changes, fault) in cases {
            #expect(throws: fault) { try read(notice(changes)) }
        }
        // A payment's notice has the serial number in the third place.
        #expect(throws: NoticeFault.notARefund) {
            try read("\(Self.start)&rt3_systemSerial=S1&rt4_status=SUCCESS&sign=00")
        }
        #expect(throws: NoticeFault.unsigned) { try read("\(Self.start)&\(Self.end)") }
        #expect(throws: NoticeFault.self) { try read("") }
    }

    @Test func noChangedByteIsBelieved() throws {
        let body = Array(try vector().utf8)
        let client = try platform.client()
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(throws: NoticeFault.self, "byte \(index)") {
                try client.readNotice(headers: ChannelHeaders([]), body: changed)
            }
        }
        #expect(throws: NoticeFault.unreadable) {
            try client.readNotice(headers: ChannelHeaders([]), body: body + Array("&rt5_status=SUCCESS".utf8))
        }
    }
}
