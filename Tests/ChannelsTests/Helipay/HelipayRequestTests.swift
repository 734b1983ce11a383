import Foundation
import RefundDomain
import Testing
import Vault

@testable import Channels

/// What goes over the wire to Helipay.
struct HelipayRequestTests {
    private let platform = HelipayPlatform.shared

    private func sent(_ act: (any ChannelClient) async -> ChannelAnswer) async throws -> String {
        let box = SentBox()
        let client = try platform.client { request in
            box.add(request)
            throw ExchangeFault.lost("test")
        }
        #expect(await act(client).verdict == .unknown)
        let request = try #require(box.all.first)
        #expect(request.url == "https://pay.trx.helipay.com/trx/app/interface.action")
        return String(decoding: request.body, as: UTF8.self)
    }

    @Test func aRefundIsSignedAsItsVector() async throws {
        let body = try await sent { await $0.refund(HelipayPlatform.order()) }
        let digest = try #require(try AcquirerVector.named("HLP-REFUND-REQUEST").md5)
        #expect(
            body == "P1_bizType=AppPayRefund&P2_orderId=ORDER-1&P3_customerNumber=C1800000002&P4_refundOrderId=RF1"
                + "&P5_amount=0.57&P6_callbackUrl=https%3A%2F%2Frefund.example%2Fcallbacks%2Fh%2Fa"
                + "&signatureType=MD5&sign=\(digest)")
    }

    @Test func aQuestionIsSignedAsItsVector() async throws {
        let body = try await sent { await $0.query(HelipayPlatform.order()) }
        let digest = try #require(try AcquirerVector.named("HLP-QUERY-REQUEST").md5)
        #expect(
            body == "P1_bizType=AppPayRefundQuery&P2_refundOrderId=RF1&P3_customerNumber=C1800000002"
                + "&signatureType=MD5&sign=\(digest)")
    }

    @Test(arguments: ["HLP-REFUND-REQUEST", "HLP-REFUND-ANSWER", "HLP-QUERY-REQUEST", "HLP-QUERY-ANSWER", "HLP-NOTICE"])
    func everyVectorHoldsAndNoChangedByteOfIt(id: String) throws {
        let vector = try AcquirerVector.named(id)
        let digest = try #require(vector.md5)
        let key = try #require(vector.key)
        let seal = Helipay.Seal(key: Secret(key))
        let text = vector.message.dropFirst().dropLast(key.utf8.count + 1)
        let values = text.split(separator: "&", omittingEmptySubsequences: false).map(String.init)
        #expect(seal.holds(digest, over: values))
        let all = Array(digest.utf8)
        for index in all.indices {
            var changed = all
            changed[index] ^= 1
            #expect(!seal.holds(String(decoding: changed, as: UTF8.self), over: values))
        }
        for index in values.indices {
            var changed = values
            changed[index] = String(changed[index].dropLast()) + "!"
            #expect(!seal.holds(digest, over: changed))
        }
        #expect(!seal.holds(digest.uppercased(), over: values) && !seal.holds("", over: values))
        #expect(!Helipay.Seal(key: Secret(key + "x")).holds(digest, over: values))
    }

    @Test func withoutAnAddressItIsSignedAsEmpty() async throws {
        let order = RefundOrder.sample(number: "RF1", fen: 57, notice: nil)
        let body = try await sent { await $0.refund(order) }
        let text = "&AppPayRefund&ORDER-1&C1800000002&RF1&0.57&&\(HelipayPlatform.key)"
        #expect(!body.contains("P6") && body.hasSuffix("sign=\(Hex.encode(Digest.md5(Array(text.utf8))))"))
    }

    @Test func anOrderThatHelipayCannotTakeIsNotSent() async throws {
        let client = try platform.client { _ in
            Issue.record("sent")
            throw ExchangeFault.lost("test")
        }
        let long = String(repeating: "1", count: 51)
        for order in [
            HelipayPlatform.order(payment: nil), HelipayPlatform.order(payment: long),
            HelipayPlatform.order(payment: "A&B"), HelipayPlatform.order(number: ""),
            HelipayPlatform.order(number: "退款"), HelipayPlatform.order(number: long), HelipayPlatform.order(fen: 0),
            .sample(notice: "https://refund.example/c?a=1&b=2"),
        ] {
            let answer = await client.refund(order)
            #expect(answer.verdict == .refusedOperator && answer.code == "incomplete order")
        }
    }
}
