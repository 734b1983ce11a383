import Foundation
import RefundDomain
import Testing

@testable import Channels

/// What Helipay's answers mean for money.
struct HelipayAnswerTests {
    private let platform = HelipayPlatform.shared

    @Test(arguments: ["0000", "0001"]) func aSuccessOnSendingIsOnlyTakenOn(code: String) async throws {
        let answer = try await platform.refund(platform.answer(.refund, ["rt2_retCode": code]))
        #expect(answer.verdict == .accepted && answer.code == code && answer.verified)
        #expect(answer.channelRefundNumber == "S1" && answer.amount == Money(minor: 57, currency: .cny))
    }

    @Test(arguments: [
        ("SUCCESS", ChannelVerdict.succeeded), ("BEFORERECEIVE", .accepted), ("RECEIVE", .accepted),
        ("INIT", .accepted), ("DOING", .accepted), ("FAIL", .failed), ("CLOSE", .failed), ("success", .unknown),
        ("REFUNDED", .unknown), ("", .unknown),
    ])
    func everyStateHasItsClass(word: String, verdict: ChannelVerdict) async throws {
        let answer = try await platform.query(platform.answer(.question, ["rt8_orderStatus": word]))
        #expect(answer.verdict == verdict && answer.verified)
        #expect(answer.alert == (verdict == .unknown ? .unknownStatus : nil))
    }

    @Test func theVectorsAreBelievedAsTheyAreWritten() async throws {
        let sending = try #require(try AcquirerVector.named("HLP-REFUND-ANSWER").md5)
        let taken =
            #"{"rt1_bizType":"AppPayRefund","rt2_retCode":"0001","rt3_retMsg":"any & thing","#
            + #""rt4_customerNumber":"C1800000002","#
            + #""rt5_orderId":"ORDER-1","rt6_refundOrderNum":"RF1","rt7_serialNumber":"S2026112200000001","#
            + #""rt8_amount":"0.57","rt9_currency":"CNY","sign":"\#(sending)"}"#
        #expect(try await platform.refund(taken).verdict == .accepted)
        let asking = try #require(try AcquirerVector.named("HLP-QUERY-ANSWER").md5)
        // As text and as a number: 0.570 is what was signed.
        for amount in [#""0.570""#, "0.570", "0.570 "] {
            let told =
                #"{"rt1_bizType":"AppPayRefundQuery","rt2_retCode":"0000","rt4_customerNumber":"C1800000002","#
                + #""rt5_orderId":"ORDER-1","rt6_refundOrderNum":"RF1","rt7_serialNumber":"S2026112200000001","#
                + #""rt8_orderStatus":"SUCCESS","rt9_amount":\#(amount),"rt10_currency":"CNY","sign":"\#(asking)"}"#
            #expect(try await platform.query(told).verdict == .succeeded)
            #expect(try await platform.query(told.replacing("0.570", with: "0.57")).code == "bad signature")
        }
    }

    @Test func noChangedByteIsBelieved() async throws {
        for kind in [Helipay.Requests.Kind.refund, .question] {
            let body = Array(platform.answer(kind).utf8)
            for index in body.indices {
                var changed = body
                changed[index] ^= 1
                let answer = kind == .refund ? try await platform.refund(changed) : try await platform.query(changed)
                #expect(answer.verdict == .unknown, "byte \(index)")
            }
        }
    }

    @Test(arguments: [
        ("rt6_refundOrderNum", "RF2", "wrong refund number"), ("rt5_orderId", "ORDER-2", "wrong payment"),
        ("rt4_customerNumber", "C1800000003", "wrong payment"), ("rt8_amount", "0.58", "wrong amount"),
        ("rt8_amount", "57", "wrong amount"), ("rt8_amount", "0.571", "unreadable answer"),
        ("rt8_amount", "5.7e-1", "unreadable answer"), ("rt9_currency", "USD", "wrong amount"),
        ("rt1_bizType", "AppPayRefundQuery", "unreadable answer"), ("rt5_orderId", "ORDER&1", "unreadable answer"),
    ])
    func whatDoesNotFitTheOrderIsDoubtful(field: String, value: String, code: String) async throws {
        let answer = try await platform.refund(platform.answer(.refund, [field: value]))
        #expect(answer.verdict == .unknown && answer.code == code)
    }

    @Test func whatIsMissingIsDoubtful() async throws {
        let cases = [
            ("rt6_refundOrderNum", "unreadable answer"), ("rt8_amount", "unreadable answer"),
            ("rt1_bizType", "unreadable answer"), ("rt4_customerNumber", "wrong payment"),
            ("rt5_orderId", "wrong payment"), ("rt2_retCode", "no rt2_retCode"),
        ]
        for (field, code) in cases {
            let answer = try await platform.refund(platform.answer(.refund, [field: nil]))
            #expect(answer.verdict == .unknown && answer.code == code, "\(field)")
        }
        #expect(try await platform.refund(platform.answer(.refund, ["rt9_currency": nil])).verdict == .accepted)
    }

    @Test func aNoIsFinalOnlyWhereTheAcquirerSaidSoAndOnlyForItsOrder() async throws {
        let cases: [(String, ChannelVerdict)] = [
            ("8101", .failed), ("8102", .failed), ("8200", .noFunds), ("0005", .unknown), ("9999", .unknown),
        ]
        for (code, verdict) in cases {
            let body = platform.answer(.refund, ["rt2_retCode": code])
            #expect(try await platform.refund(body).verdict == verdict, "\(code)")
            #expect(try await platform.refund(body, settings: platform.publicFactsOnly()).verdict == .unknown)
            for (field, value) in [
                ("rt6_refundOrderNum", "RF2"), ("rt6_refundOrderNum", ""), ("rt4_customerNumber", "X"),
            ] {
                let other = platform.answer(.refund, ["rt2_retCode": code, field: value])
                #expect(try await platform.refund(other).verdict == .unknown)
            }
        }
    }

    @Test func aQuestionThatFailsIsNoRefundThatFailed() async throws {
        for code in ["8101", "9999", ""] {
            #expect(try await platform.query(platform.answer(.question, ["rt2_retCode": code])).verdict == .unknown)
        }
        let unseen = platform.answer(.question, ["rt2_retCode": "0005", "rt8_orderStatus": nil, "rt9_amount": nil])
        #expect(try await platform.query(unseen).verdict == .neverSeen)
        #expect(try await platform.query(unseen, settings: platform.publicFactsOnly()).verdict == .unknown)
    }

    @Test func nothingEndsWithoutASignature() async throws {
        let changes: [(Helipay.Requests.Kind, [String: String?], String)] = [
            (.refund, [:], "unsigned"), (.refund, ["rt2_retCode": "8101"], "8101"),
            (.refund, ["rt2_retCode": "8200"], "8200"), (.question, [:], "unsigned"),
            (.question, ["rt2_retCode": "0005"], "0005"),
        ]
        for (kind, change, code) in changes {
            let signed = platform.answer(kind, change)
            let bare = String(signed.prefix { $0 != "}" }.split(separator: ",\"sign\"").first ?? "") + "}"
            let empty = bare.dropLast() + #","sign":""}"#
            for body in [bare, String(empty)] {
                let answer = kind == .refund ? try await platform.refund(body) : try await platform.query(body)
                #expect(answer.verdict == .unknown && !answer.verified && answer.code == code)
            }
        }
        for text in ["", "[]", "<html>", #"{"rt1_bizType":"a","rt1_bizType":"b"}"#, #"{"rt2_retCode":true}"#] {
            #expect(try await platform.refund(text).code == "unreadable answer")
        }
    }
}
