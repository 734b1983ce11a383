import RefundDomain
import Testing
import Vault

@testable import Channels

/// What Alipay's answers mean for money.
struct AlipayAnswerTests {
    private let platform = AlipayPlatform.shared
    private static let numbers = #""trade_no":"4200000001","out_trade_no":"ORDER-1""#
    private static let found =
        #"{"code":"10000","msg":"Success",\#(numbers),"out_request_no":"RF-1","refund_status":"REFUND_SUCCESS","#
        + #""refund_amount":"50.00","total_amount":"100.00","gmt_refund_pay":"2026-11-22 17:00:00"}"#

    private func refund(_ rest: String) async throws -> ChannelAnswer {
        try await platform.refund(
            platform.refundAnswer(#"{"code":"10000","msg":"Success",\#(Self.numbers)\#(rest)}"#))
    }

    @Test func moneyMovedOnlyWhereTheAnswerSaysSo() async throws {
        let moved = try await refund(#","fund_change":"Y","refund_fee":"50.00","gmt_refund_pay":"2026-11-22 17:00:00""#)
        #expect(moved.verdict == .succeeded && moved.verified)
        #expect(moved.settledAt == Moment(milliseconds: 1_795_338_000_000))
        for rest in [#","fund_change":"N","refund_fee":"50.00""#, #","refund_fee":"50.00""#] {
            let answer = try await refund(rest)
            #expect(answer.verdict == .unknown && answer.code == "fund_change N")
        }
    }

    @Test func theSumOfAllRefundsCannotBeLessThanThisOneOrMoreThanThePayment() async throws {
        #expect(try await refund(#","fund_change":"Y","refund_fee":"75.5""#).verdict == .succeeded)
        for sum in ["49.99", "100.01", "-50.00", "5e1", "50,00", ""] {
            #expect(try await refund(#","fund_change":"Y","refund_fee":"\#(sum)""#).verdict == .unknown, "\(sum)")
        }
    }

    @Test func anAnswerAboutAnotherPaymentIsDoubtful() async throws {
        let other = #"{"code":"10000","trade_no":"4200000002","fund_change":"Y","refund_fee":"50.00"}"#
        #expect(try await platform.refund(platform.refundAnswer(other)).code == "wrong payment")
        let none = #"{"code":"10000","fund_change":"Y","refund_fee":"50.00"}"#
        #expect(try await platform.refund(platform.refundAnswer(none)).code == "wrong payment")
    }

    @Test func aQueryTellsTheEnd() async throws {
        let answer = try await platform.query(platform.queryAnswer(Self.found))
        #expect(answer.verdict == .succeeded && answer.code == "REFUND_SUCCESS")
        #expect(answer.amount == Money(minor: 5_000, currency: .cny))
        let none = try await platform.query(platform.queryAnswer(#"{"code":"10000","msg":"Success"}"#))
        #expect(none.verdict == .neverSeen)
    }

    @Test(arguments: [
        (#""RF-1""#, #""RF-2""#, "wrong refund number"), ("4200000001", "4200000002", "wrong payment"),
        (#""50.00""#, #""50.01""#, "wrong amount"), (#""100.00""#, #""100.01""#, "wrong amount"),
        ("REFUND_SUCCESS", "REFUND_DREAM", "unknown status"),
    ])
    func whatDoesNotFitTheOrderIsDoubtful(part: String, other: String, code: String) async throws {
        let answer = try await platform.query(platform.queryAnswer(Self.found.replacing(part, with: other)))
        #expect(answer.verdict == .unknown && answer.code == code)
    }

    @Test func moneyThatTheBankSentBackIsReturned() async throws {
        let back = Self.found.dropLast() + #","deposit_back_info":{"has_deposit_back":"true","dback_status":"F"}}"#
        #expect(try await platform.query(platform.queryAnswer(String(back))).verdict == .returned)
        let done = back.replacing(#""dback_status":"F""#, with: #""dback_status":"S""#)
        #expect(try await platform.query(platform.queryAnswer(String(done))).verdict == .succeeded)
        let settings = try platform.settings(["deposit_back_failed": "FAIL"])
        #expect(try await platform.query(platform.queryAnswer(String(back)), settings: settings).verdict == .succeeded)
    }

    @Test(arguments: [
        ("20000", "isp.unknow-error", ChannelVerdict.unknown),
        ("20001", "aop.invalid-app-auth-token", .refusedOperator),
        ("40001", "isv.missing-method", .failed), ("40002", "isv.invalid-signature", .refusedOperator),
        ("40003", "isv.no-permission", .refusedOperator), ("40005", "isv.app-call-limited", .notExecuted),
        ("40006", "isv.insufficient-isv-permissions", .refusedOperator), ("40004", "ACQ.SYSTEM_ERROR", .unknown),
        ("40004", "ACQ.DISCORDANT_REPEAT_REQUEST", .unknown), ("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH", .noFunds),
        ("40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", .failed), ("40004", "ACQ.TRADE_NOT_EXIST", .failed),
        ("40004", "ACQ.REASON_TRADE_BEEN_FREEZEN", .refusedOperator), ("40004", "ACQ.BUYER_NOT_EXIST", .failed),
        ("40004", "ACQ.REFUND_CHARGE_ERROR", .notExecuted),
        ("40004", "ACQ.MERCHANT_STATUS_NOT_NORMAL", .refusedOperator),
        ("40004", "ACQ.OVERDRAFT_AGREEMENT_NOT_MATCH", .refusedOperator),
        ("40004", "ACQ.ENTERPRISE_PAY_BIZ_ERROR", .unknown),
        ("40004", "ACQ.WHAT_IS_THIS", .unknown), ("40004", "", .unknown), ("99999", "", .unknown), ("", "", .unknown),
    ])
    func everyCodeHasItsClass(code: String, subCode: String, verdict: ChannelVerdict) async throws {
        let content = #"{"code":"\#(code)","msg":"no","sub_code":"\#(subCode)","sub_msg":"{\"}"}"#
        let answer = try await platform.refund(platform.refundAnswer(content))
        #expect(answer.verdict == verdict && answer.verified)
        #expect(answer.alert == nil)
        #expect(try await platform.query(platform.queryAnswer(content)).verdict == .unknown)
        // Without a signature nothing ends.
        let bare = platform.response(#"{"alipay_trade_refund_response":\#(content)}"#)
        let unsigned = try await platform.refund(bare)
        #expect(unsigned.verdict != .failed && unsigned.verdict != .succeeded && !unsigned.verified)
    }

    /// A refusal for the payment's state is asked about before it ends the refund.
    @Test(arguments: [
        ("TRADE_CLOSED", ChannelVerdict.failed), ("TRADE_FINISHED", .failed), ("WAIT_BUYER_PAY", .failed),
        ("TRADE_SUCCESS", .unknown), ("", .unknown),
    ])
    func aPaymentsStateIsConfirmedByAskingForIt(_ status: String, _ verdict: ChannelVerdict) async throws {
        let no = #"{"code":"40004","msg":"no","sub_code":"ACQ.TRADE_STATUS_ERROR"}"#
        let payment = #"{"code":"10000","msg":"Success","trade_no":"4200000001","trade_status":"\#(status)"}"#
        let refusal = try platform.refundAnswer(no)
        let state = try platform.answer("alipay_trade_query_response", payment)
        let client = try platform.client { request in
            String(decoding: request.body, as: UTF8.self).contains("method=alipay.trade.query") ? state : refusal
        }
        let answer = await client.refund(.sample())
        #expect(answer.verdict == verdict && answer.code == "ACQ.TRADE_STATUS_ERROR" && answer.verified)
        let cut = try platform.client { request in
            guard String(decoding: request.body, as: UTF8.self).contains("method=alipay.trade.query") else {
                return refusal
            }
            throw ExchangeFault.notSent("refused")
        }
        #expect(await cut.refund(.sample()).verdict == .unknown)
    }

    @Test func aSuccessWithoutASignatureCountsForNothing() async throws {
        let content = #"{"code":"10000",\#(Self.numbers),"fund_change":"Y","refund_fee":"50.00"}"#
        let bare = platform.response(#"{"alipay_trade_refund_response":\#(content)}"#)
        #expect(try await platform.refund(bare).code == "unsigned")
        let found = platform.response(#"{"alipay_trade_fastpay_refund_query_response":\#(Self.found)}"#)
        #expect(try await platform.query(found).code == "unsigned")
    }

    @Test func noChangedByteIsBelieved() async throws {
        let body = try platform.queryAnswer(Self.found).body
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            let response = ChannelResponse(status: 200, headers: ChannelHeaders([]), body: changed)
            #expect(try await platform.query(response).verdict == .unknown, "byte \(index)")
        }
    }

    @Test func aNodeThatStandsTwiceIsRefused() async throws {
        let good = String(decoding: try platform.queryAnswer(Self.found).body, as: UTF8.self)
        let twice = #"{"alipay_trade_fastpay_refund_query_response":{"code":"10000"},"# + good.dropFirst()
        #expect(try await platform.query(platform.response(twice)).code == "unreadable answer")
        let both = #"{"error_response":{"code":"20000"},"# + good.dropFirst()
        #expect(try await platform.query(platform.response(both)).code == "unreadable answer")
    }

    @Test func bracketsWithinTextsDoNotEndTheContent() async throws {
        let content = Self.found.replacing(
            #""msg":"Success""#, with: #""msg":"}]\"{\\","store_name":"{\u0022","x":[{}]"#)
        #expect(try await platform.query(platform.queryAnswer(content)).verdict == .succeeded)
        let spaced = "\n  " + content + "  "
        #expect(try await platform.query(platform.queryAnswer(content)).verdict == .succeeded)
        let signature = Base64.encode(try platform.key.sign(Array(content.utf8)))
        let body = #"{ "alipay_trade_fastpay_refund_query_response" :\#(spaced), "sign":"\#(signature)" }"#
        #expect(try await platform.query(platform.response(body)).verdict == .succeeded)
    }

    @Test func certificateModeChoosesTheKeyByItsNumber() async throws {
        let settings = try platform.certificateSettings()
        let name = "alipay_trade_fastpay_refund_query_response"
        let number = platform.certificate.alipayNumber
        let good = try platform.answer(name, Self.found, serial: number)
        #expect(try await platform.query(good, settings: settings).verdict == .succeeded)
        let unknown = try platform.answer(name, Self.found, serial: String(repeating: "0", count: 32))
        #expect(try await platform.query(unknown, settings: settings).code == "unknown key")
        let forged = try platform.answer(name, Self.found, key: platform.merchantKey, serial: number)
        #expect(try await platform.query(forged, settings: settings).code == "bad signature")
    }
}
