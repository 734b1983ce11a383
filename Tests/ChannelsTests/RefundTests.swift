import Channels
import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

struct RefundTests {
    private let platform = TestPlatform.shared

    @Test func anOrderIsSaidInTheChannelsWordsAndSigned() async throws {
        let sent = SentBox()
        let platform = platform
        let client = try platform.client(nil) { request in
            sent.add(request)
            return try platform.signed(200, try answerJSON())
        }
        _ = await client.refund(.sample())
        let request = try #require(sent.all.first)
        #expect(request.method == .post)
        #expect(request.url == "https://api.mch.weixin.qq.com/v3/refund/domestic/refunds")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"transaction_id":"4200000001","out_refund_no":"RF-1","reason":"商品质量问题","#
                + #""notify_url":"https://refund.example/callbacks/w/a","#
                + #""amount":{"refund":5000,"total":10000,"currency":"CNY"}}"#)
        let header = try #require(request.headers.first { $0.name == "Authorization" }?.value)
        let signature = try #require(header.split(separator: "signature=\"").last?.dropLast())
        let text =
            "POST\n/v3/refund/domestic/refunds\n\(platform.clock.now.seconds)\n593BEC0C930BF1AFEB40B4A08C8FB242\n"
        let bytes = try #require(Base64.decode(String(signature)))
        let key = try platform.merchantKey.publicKey()
        #expect(key.verify(Array(text.utf8) + request.body + [0x0A], signature: bytes))
        #expect(request.headers.contains { $0.name == "Wechatpay-Serial" && $0.value == platform.publicKeyID })
    }

    @Test func theSameOrderIsTheSameBytesEachTime() async throws {
        let sent = SentBox()
        let client = try platform.client(nil) { request in
            sent.add(request)
            throw ExchangeFault.lost("cut")
        }
        for _ in 0..<3 { _ = await client.refund(.sample()) }
        #expect(Set(sent.all.map(\.body)).count == 1)
    }

    @Test func aReasonIsCutToWholeCharactersAndEscaped() async throws {
        let sent = SentBox()
        let client = try platform.client(nil) { request in
            sent.add(request)
            throw ExchangeFault.lost("cut")
        }
        _ = await client.refund(.sample(reason: "\"\\\n" + String(repeating: "退", count: 40)))
        let body = try #require(try JSONSerialization.jsonObject(with: Data(sent.all[0].body)) as? [String: Any])
        #expect(body["reason"] as? String == "\"\\\n" + String(repeating: "退", count: 25))
    }

    @Test func aQueryEscapesTheNumberAndNamesTheSubMerchant() async throws {
        let sent = SentBox()
        let client = try platform.client(try platform.settings(["sub_mchid": "1900000200"])) { request in
            sent.add(request)
            throw ExchangeFault.lost("cut")
        }
        _ = await client.query(.sample(number: "RF|1@*"))
        #expect(sent.all[0].url.hasSuffix("/v3/refund/domestic/refunds/RF%7C1%40%2A?sub_mchid=1900000200"))
        #expect(sent.all[0].body.isEmpty)
    }

    @Test func anOrderThatCannotBeSaidIsNotSent() async throws {
        let sent = SentBox()
        let client = try platform.client(nil) { request in
            sent.add(request)
            throw ExchangeFault.lost("cut")
        }
        let answer = await client.refund(.sample(transaction: nil, order: nil))
        #expect(answer.verdict == .refusedOperator)
        #expect(answer.alert == .incompleteOrder)
        #expect(sent.all.isEmpty)
    }

    @Test(arguments: [
        ("SUCCESS", ChannelVerdict.succeeded), ("PROCESSING", .accepted), ("CLOSED", .failed),
        ("ABNORMAL", .needsPayeeAction), ("success", .unknown), ("REFUNDED", .unknown), ("", .unknown),
    ])
    func aStatusMeansWhatTheChannelDocuments(status: String, verdict: ChannelVerdict) async throws {
        let response = try platform.signed(200, try answerJSON(["status": status]))
        for answer in [try await platform.refund(response), try await platform.query(response)] {
            #expect(answer.verdict == verdict)
            #expect(answer.verified)
            #expect((answer.alert == .unknownStatus) == (verdict == .unknown))
        }
    }

    @Test func aSuccessCarriesWhatPeopleAskFor() async throws {
        let answer = try await platform.refund(try platform.signed(200, try answerJSON()))
        #expect(answer.channelRefundNumber == "50000000382019052709732678859")
        #expect(answer.destinationText == "招商银行信用卡0403")
        #expect(answer.settledAt == Moment(milliseconds: 1_795_338_000_000))
        #expect(answer.amount?.minor == 5_000)
        #expect(answer.code == "SUCCESS")
        #expect(answer.alert == nil)
    }

    @Test(arguments: [
        ("out_refund_no", "RF-2" as String?, ChannelAlert.wrongNumber), ("transaction_id", "4200000002", .wrongPayment),
        ("out_trade_no", "ORDER-2", .wrongPayment), ("refund_id", nil, .unreadable), ("status", nil, .unreadable),
        ("amount", nil, .unreadable),
    ])
    func anAnswerAboutSomethingElseIsNeverBelieved(field: String, value: String?, alert: ChannelAlert) async throws {
        let answer = try await platform.refund(try platform.signed(200, try answerJSON([field: value])))
        #expect(answer.verdict == .unknown)
        #expect(answer.alert == alert)
    }

    @Test(arguments: [
        (#"{"refund":5001,"total":10000,"currency":"CNY"}"#, ChannelAlert.wrongAmount),
        (#"{"refund":5000,"total":9999,"currency":"CNY"}"#, .wrongAmount),
        (#"{"refund":5000,"total":10000,"currency":"USD"}"#, .unreadable),
        (#"{"refund":5000.0,"total":10000,"currency":"CNY"}"#, .unreadable),
        (#"{"refund":"5000","total":10000,"currency":"CNY"}"#, .unreadable),
        (#"{"refund":5000,"refund":5000,"total":10000,"currency":"CNY"}"#, .unreadable),
    ])
    func anotherAmountIsNeverASuccess(amount: String, alert: ChannelAlert) async throws {
        let body =
            #"{"refund_id":"5","out_refund_no":"RF-1","transaction_id":"4200000001","status":"SUCCESS","amount":"#
        let answer = try await platform.refund(try platform.signed(200, body + amount + "}"))
        #expect(answer.verdict == .unknown)
        #expect(answer.alert == alert)
    }

    @Test func aPaymentThatNeitherSideNamesAlikeIsNotOurs() async throws {
        let response = try platform.signed(200, try answerJSON(["transaction_id": nil, "out_trade_no": nil]))
        #expect(try await platform.query(response).alert == .wrongPayment)
    }

    @Test func noAnswerIsUnknownButNoConnectionIsNotExecuted() async throws {
        let lost = try platform.client(nil) { _ in throw ExchangeFault.lost("timeout") }
        #expect(await lost.refund(.sample()).verdict == .unknown)
        #expect(await lost.query(.sample()).verdict == .unknown)
        let down = try platform.client(nil) { _ in throw ExchangeFault.notSent("refused") }
        #expect(await down.refund(.sample()).verdict == .notExecuted)
        #expect(await down.query(.sample()).verdict == .unknown)
    }
}
