import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

@testable import Channels

/// What goes over the wire to Shengpay.
struct ShengpayRequestTests {
    private let platform = ShengpayPlatform.shared

    private func sent(
        _ settings: [UInt8]? = nil, _ act: (any ChannelClient) async -> ChannelAnswer
    ) async throws -> (url: String, body: String) {
        let box = SentBox()
        let client = try platform.client(settings) { request in
            box.add(request)
            throw ExchangeFault.lost("test")
        }
        #expect(await act(client).verdict == .unknown)
        let request = try #require(box.all.first)
        return (request.url, String(decoding: request.body, as: UTF8.self))
    }

    @Test func aRefundIsTheBytesOfItsVector() async throws {
        let vector = try AcquirerVector.named("SHP-REQUEST")
        let order = RefundOrder.sample(fen: 57)
        let (url, body) = try await sent { await $0.refund(order) }
        #expect(url == "https://mchapi.shengpay.com/refund/orderRefund")
        #expect(body == vector.body)
        let key = try RSAPublicKey(weakPEM: try #require(vector.publicKeyPem), digest: .sha1)
        let signature = try #require(Base64.decode(vector.signatureB64 ?? ""))
        #expect(key.verify(Array(vector.message.utf8), signature: signature))
    }

    @Test func agentsAndWalletsNameMore() async throws {
        let settings = try platform.settings([
            "app_id": "A1", "sub_mch_id": "S1", "refund_path": "/pay/refund", "base_url": "https://test.example",
        ])
        let order = RefundOrder.sample(transaction: nil, notice: nil)
        let (url, body) = try await sent(settings) { await $0.refund(order) }
        #expect(url == "https://test.example/pay/refund")
        #expect(
            body.hasPrefix(#"{"mchId":"1900000109","appId":"A1","subMchId":"S1","outTradeNo":"ORDER-1","outRefundNo":"#)
        )
        #expect(!body.contains("transactionId") && !body.contains("notifyUrl"))
    }

    @Test func aQuestionNamesOurNumber() async throws {
        let (url, body) = try await sent { await $0.query(.sample()) }
        #expect(url == "https://mchapi.shengpay.com/refund/query")
        #expect(body.hasPrefix(#"{"mchId":"1900000109","outRefundNo":"RF-1","nonceStr":"593BEC"#))
    }

    @Test func aLongReasonIsCutBetweenCharacters() async throws {
        let order = RefundOrder.sample(reason: String(repeating: "退", count: 100))
        let (_, body) = try await sent { await $0.refund(order) }
        #expect(body.contains(#""refundDesc":"\#(String(repeating: "退", count: 42))""#))
    }

    @Test func withoutTheAcquirersAnswersNobodyIsAsked() async throws {
        let client = try platform.client(platform.publicFactsOnly()) { _ in
            Issue.record("sent")
            throw ExchangeFault.lost("test")
        }
        let answer = await client.query(.sample())
        #expect(answer.verdict == .unknown && answer.code == "no query" && !answer.verified)
        let book = ChannelBook(
            exchange: { _ in throw ExchangeFault.lost("test") }, clock: { TestClock.start }, nonce: { "n" })
        let check = await book.check(settings: try platform.publicFactsOnly())
        #expect(check.findings.last?.text.contains("Nothing was asked") ?? false)
    }

    @Test func anOrderThatShengpayCannotTakeIsNotSent() async throws {
        let client = try platform.client(nil) { _ in
            Issue.record("sent")
            throw ExchangeFault.lost("test")
        }
        let long = String(repeating: "1", count: 33)
        for order in [
            RefundOrder.sample(transaction: nil, order: nil), .sample(number: ""), .sample(number: "退款"),
            .sample(number: "RF|1"), .sample(number: long), .sample(transaction: long), .sample(fen: 0),
            .sample(notice: "https://refund.example/c?x=1"),
        ] {
            let answer = await client.refund(order)
            #expect(answer.verdict == .refusedOperator && answer.code == "incomplete order")
        }
    }

    @Test func aLineThatBreaksIsNoFailure() async throws {
        let refused = try platform.client { _ in throw ExchangeFault.notSent("refused") }
        #expect(await refused.refund(.sample()).verdict == .notExecuted)
        #expect(await refused.query(.sample()).verdict == .unknown)
        for status in [302, 400, 500, 502] {
            let answer = ChannelResponse(status: status, headers: ChannelHeaders([]), body: [])
            #expect(try await platform.refund(answer).verdict == .unknown)
        }
    }
}
