import RefundDomain
import Testing
import Vault

@testable import Channels

/// What Shengpay's answers mean for money.
struct ShengpayAnswerTests {
    private let platform = ShengpayPlatform.shared

    @Test func aSuccessOnSendingIsOnlyTakenOn() async throws {
        let answer = try await platform.refund(platform.answer())
        #expect(answer.verdict == .accepted && answer.code == "SUCCESS" && answer.verified)
        #expect(answer.channelRefundNumber == "R1" && answer.amount == Money(minor: 5_000, currency: .cny))
        #expect(try await platform.refund(platform.answer(), settings: platform.publicFactsOnly()).verdict == .accepted)
    }

    @Test func theVectorIsBelievedAndNoChangedByteOfIt() async throws {
        let vector = try AcquirerVector.named("SHP-ANSWER")
        let published = try #require(vector.body)
        #expect(try await platform.refund(ShengpayPlatform.response(Array(published.utf8))).verdict == .accepted)
        // An empty field is no part of the signed text, so that nobody misses or minds it.
        let body = Array(published.replacing(#""errorCode":"","#, with: "").utf8)
        #expect(try await platform.refund(ShengpayPlatform.response(body)).verdict == .accepted)
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(try await platform.refund(ShengpayPlatform.response(changed)).verdict == .unknown, "byte \(index)")
        }
        let key = try RSAPublicKey(weakPEM: try #require(vector.publicKeyPem), digest: .sha1)
        let message = Array(vector.message.utf8)
        let signature = try #require(Base64.decode(vector.signatureB64 ?? ""))
        #expect(key.verify(message, signature: signature))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.verify(message, signature: changed))
        }
    }

    @Test(arguments: [
        ("outRefundNo", "RF-2", "wrong refund number"), ("transactionId", "4200000002", "wrong payment"),
        ("outTradeNo", "ORDER-2", "wrong payment"), ("mchId", "1900000110", "wrong payment"),
        ("refundFee", "5001", "wrong amount"), ("refundFee", "50.00", "wrong amount"),
        ("refundFee", "-5000", "wrong amount"), ("totalFee", "10001", "wrong amount"),
        ("totalFee", "x", "wrong amount"), ("signType", "MD5", "unsigned"), ("returnMsg", "a&b=c", "unreadable answer"),
    ])
    func whatDoesNotFitTheOrderIsDoubtful(field: String, value: String, code: String) async throws {
        let changed = try platform.answer([field: value, "refundStatus": "DONE"])
        for answer in [try await platform.refund(changed), try await platform.query(changed)] {
            #expect(answer.verdict == .unknown && answer.code == code)
        }
    }

    @Test func amountsMayBeTextButMustBeThere() async throws {
        #expect(try await platform.refund(platform.answer(["refundFee": "5000"])).verdict == .accepted)
        for name in ["refundFee", "outRefundNo"] {
            #expect(try await platform.refund(platform.answer([name: nil])).code == "unreadable answer")
        }
        let nameless = try platform.answer(["transactionId": nil, "outTradeNo": nil])
        #expect(try await platform.refund(nameless).code == "wrong payment")
    }

    @Test func aNoIsFinalOnlyWhereTheAcquirerSaidSo() async throws {
        let cases: [(String, ChannelVerdict)] = [
            ("NOT_ALLOWED", .failed), ("TOO_LATE", .failed), ("NO_BALANCE", .noFunds), ("SYSTEM_ERROR", .unknown),
            ("not allowed", .unknown), ("", .unknown),
        ]
        for (code, verdict) in cases {
            let answer = try await platform.refund(platform.refusal(code))
            #expect(answer.verdict == verdict && answer.verified, "\(code)")
            let byFacts = try await platform.refund(platform.refusal(code), settings: platform.publicFactsOnly())
            #expect(byFacts.verdict == .unknown)
            #expect(try await platform.query(platform.refusal(code)).verdict == .unknown)
        }
        for other: [String: Any?] in [
            ["returnCode": "FAIL"], ["resultCode": "MAYBE"], ["outRefundNo": "RF-2"], ["outRefundNo": nil],
            ["mchId": "1900000110"],
        ] {
            #expect(try await platform.refund(platform.refusal("NOT_ALLOWED", other)).verdict == .unknown)
            #expect(try await platform.query(platform.refusal("NO_SUCH_REFUND", other)).verdict == .unknown)
        }
    }

    @Test(arguments: [
        ("REFUND_SUCCESS", ChannelVerdict.succeeded), ("DONE", .succeeded), ("PROCESSING", .accepted),
        ("REFUND_FAIL", .failed), ("SUCCESS", .unknown), ("done", .unknown),
    ])
    func onlyTheAcquirersWordsTellTheEnd(word: String, verdict: ChannelVerdict) async throws {
        let answer = try await platform.query(platform.answer(["refundStatus": word]))
        #expect(answer.verdict == verdict && answer.verified)
        #expect(answer.code == (verdict == .unknown ? "unknown status" : word))
    }

    @Test func aQuestionWithoutAStateIsNotAnswered() async throws {
        #expect(try await platform.query(platform.answer()).code == "unreadable answer")
        #expect(try await platform.query(platform.refusal("NO_SUCH_REFUND")).verdict == .neverSeen)
    }

    @Test func nothingEndsWithoutASignature() async throws {
        let yes =
            #"{"returnCode":"SUCCESS","resultCode":"SUCCESS","outRefundNo":"RF-1","refundFee":5000,"#
            + #""transactionId":"4200000001","refundStatus":"DONE"}"#
        let no = #"{"returnCode":"SUCCESS","resultCode":"FAIL","errorCode":"NOT_ALLOWED"}"#
        let unseen = #"{"returnCode":"SUCCESS","resultCode":"FAIL","errorCode":"NO_SUCH_REFUND"}"#
        for (text, code) in [(yes, "unsigned"), (no, "NOT_ALLOWED"), (unseen, "NO_SUCH_REFUND"), ("{}", "FAIL")] {
            let response = ShengpayPlatform.response(Array(text.utf8))
            for answer in [try await platform.refund(response), try await platform.query(response)] {
                #expect(answer.verdict == .unknown && !answer.verified && answer.code == code)
            }
        }
        for text in ["", "[]", "<html>", #"{"a":1,"a":2}"#, #"{"a":{}}"#, #"{"a":1.5}"#, #"{"a":true}"#] {
            #expect(try await platform.refund(ShengpayPlatform.response(Array(text.utf8))).code == "unreadable answer")
        }
    }
}
