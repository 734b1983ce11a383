import Channels
import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

struct NoticeTests {
    private let platform = TestPlatform.shared

    @Test func aNoticeNamesItsRefundAndAnswersTheOrder() throws {
        let (headers, body) = try platform.notice()
        let notice = try read(headers, body)
        #expect(notice.id == "EV-2018022511223320873")
        #expect(notice.refundNumber == "RF-1")
        let answer = notice.answer(to: .sample())
        #expect(answer.verdict == .succeeded)
        #expect(answer.verified)
        #expect(answer.settledAt == Moment(milliseconds: 1_795_338_000_000))
    }

    @Test(arguments: [("CLOSED", ChannelVerdict.failed), ("ABNORMAL", .needsPayeeAction), ("SUCCESS", .succeeded)])
    func theStateStandsInRefundStatus(status: String, verdict: ChannelVerdict) throws {
        let (headers, body) = try platform.notice(
            ["refund_status": status, "status": "SUCCESS"], event: "REFUND.\(status)")
        #expect(try read(headers, body).answer(to: .sample()).verdict == verdict)
    }

    @Test func aNoticeOfAnotherAmountOrPaymentIsNotBelieved() throws {
        let (headers, body) = try platform.notice()
        let notice = try read(headers, body)
        #expect(notice.answer(to: .sample(fen: 5_001)).alert == .wrongAmount)
        #expect(notice.answer(to: .sample(totalFen: 10_001)).alert == .wrongAmount)
        #expect(notice.answer(to: .sample(transaction: "4200000002")).alert == .wrongPayment)
        #expect(notice.answer(to: .sample(number: "RF-2")).alert == .wrongNumber)
        #expect(notice.answer(to: .sample(number: "RF-2")).verdict == .unknown)
    }

    @Test func everyChangedByteIsRefused() throws {
        let (headers, body) = try platform.notice()
        let client = try platform.client()
        var accepted = 0
        for index in body.indices {
            var changed = body
            changed[index] ^= 0x01
            if (try? client.readNotice(headers: ChannelHeaders(headers), body: changed)) != nil { accepted += 1 }
        }
        for (position, header) in headers.enumerated() {
            for index in header.value.utf8.indices.enumerated().map(\.offset) {
                var bytes = Array(header.value.utf8)
                bytes[index] ^= 0x01
                var changed = headers
                changed[position].value = String(decoding: bytes, as: UTF8.self)
                if (try? client.readNotice(headers: ChannelHeaders(changed), body: body)) != nil { accepted += 1 }
            }
        }
        #expect(accepted == 0)
    }

    @Test func everyTruncationIsRefused() throws {
        let (headers, body) = try platform.notice()
        let client = try platform.client()
        for count in 0..<body.count {
            #expect(throws: NoticeFault.badSignature) {
                try client.readNotice(headers: ChannelHeaders(headers), body: Array(body.prefix(count)))
            }
        }
    }

    @Test func theChannelsProbesAreRefused() throws {
        var (headers, body) = try platform.notice()
        headers[3].value = "WECHATPAY/SIGNTEST/" + headers[3].value
        #expect(fault(headers, body) == .badSignature)
    }

    @Test(arguments: [
        (299 as Int64, nil as NoticeFault?), (300, .stale), (-299, nil), (-300, .stale), (-86_400, .stale),
    ])
    func aNoticeIsFreshForLessThanFiveMinutes(seconds: Int64, expected: NoticeFault?) throws {
        let (_, body) = try platform.notice()
        #expect(fault(try platform.headers(body, secondsFromNow: seconds), body) == expected)
    }

    @Test(arguments: ["", "x", "-1", "+1795338000", "1795338000.0", "9223372036854775807", "-9223372036854775808", "１"])
    func aTimeThatIsNoNumberIsRefused(time: String) throws {
        var (headers, body) = try platform.notice()
        headers[0].value = time
        #expect(fault(headers, body) == .stale)
    }

    @Test func aHeaderMissingOrGivenTwiceIsRefused() throws {
        let (headers, body) = try platform.notice()
        for index in headers.indices {
            var fewer = headers
            fewer.remove(at: index)
            #expect(fault(fewer, body) == .unsigned)
            #expect(fault(headers + [headers[index]], body) == .unsigned)
        }
        #expect(fault([], body) == .unsigned)
    }

    @Test func theKeyIsChosenByItsSerialAmongBothKinds() throws {
        let (newHeaders, body) = try platform.notice()
        let oldSerial = platform.oldCertificate.serialHex
        #expect(fault(newHeaders, body) == nil)
        #expect(fault(try platform.headers(body, key: platform.oldKey, serial: oldSerial), body) == nil)
        #expect(fault(try platform.headers(body, serial: oldSerial), body) == .badSignature)
        #expect(fault(try platform.headers(body, key: platform.oldKey), body) == .badSignature)
        #expect(fault(try platform.headers(body, serial: "PUB_KEY_ID_9"), body) == .unknownKey)
    }

    @Test func aCertificateOutsideItsDatesIsNoKey() throws {
        let now = platform.clock.now.seconds
        for (from, to) in [(now - 10, now - 1), (now + 1, now + 10)] {
            let certificate = try Certificate.selfSigned(
                platform.oldKey, commonName: "Tenpay.com sign", notBefore: from, notAfter: to)
            let client = try platform.client(try platform.settings(["platform_certificates_pem": certificate.pem]))
            let (_, body) = try platform.notice()
            let headers = try platform.headers(body, key: platform.oldKey, serial: certificate.serialHex)
            #expect(throws: NoticeFault.unknownKey) {
                try client.readNotice(headers: ChannelHeaders(headers), body: body)
            }
        }
    }

    @Test func theMethodIsTheAccountsAndNotTheMessages() throws {
        let (headers, body) = try platform.notice()
        #expect(
            fault(headers + [(name: "Wechatpay-Signature-Type", value: "WECHATPAY2-SHA256-RSA2048")], body) == nil)
        #expect(
            fault(headers + [(name: "Wechatpay-Signature-Type", value: "WECHATPAY2-SM2-WITH-SM3")], body)
                == .wrongMethod)
    }

    @Test func anotherMerchantsNoticeIsRefused() throws {
        let (headers, body) = try platform.notice(["mchid": "1900000110"])
        #expect(fault(headers, body) == .wrongMerchant)
    }

    @Test func whatIsNotASealedRefundIsRefused() throws {
        let faults = try [
            platform.notice(resource: ["original_type": "transaction"]), platform.notice(event: "TRANSACTION.SUCCESS"),
            platform.notice(event: "REFUND.CLOSED"), platform.notice(resource: ["algorithm": "AEAD_SM4_GCM"]),
            platform.notice(resource: ["nonce": "short"]), platform.notice(resource: ["ciphertext": "AAAA"]),
            platform.notice(resource: ["associated_data": "other"]), platform.notice(envelope: ["id": ""]),
        ].map { fault($0.headers, $0.body) }
        #expect(
            faults == [
                .notARefund, .notARefund, .unreadable, .unreadable, .unreadable, .unreadable, .unreadable, .unreadable,
            ])
    }

    private func read(_ headers: [(name: String, value: String)], _ body: [UInt8]) throws -> ChannelNotice {
        try platform.client().readNotice(headers: ChannelHeaders(headers), body: body)
    }

    private func fault(_ headers: [(name: String, value: String)], _ body: [UInt8]) -> NoticeFault? {
        do {
            _ = try read(headers, body)
            return nil
        } catch { return error as? NoticeFault }
    }
}
