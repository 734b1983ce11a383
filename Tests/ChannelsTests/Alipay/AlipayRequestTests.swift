import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

@testable import Channels

/// What goes over the wire to Alipay, and what its public vectors say.
struct AlipayRequestTests {
    private let platform = AlipayPlatform.shared

    private func sent(_ order: RefundOrder, settings: [UInt8]? = nil) async throws -> [String: String] {
        let box = SentBox()
        let client = try platform.client(settings) { request in
            box.add(request)
            throw ExchangeFault.lost("test")
        }
        _ = await client.refund(order)
        let request = try #require(box.all.first)
        #expect(request.url == "https://openapi.alipay.com/gateway.do?charset=utf-8")
        let text = String(decoding: request.body, as: UTF8.self)
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).replacing("+", with: " ") }
            fields[parts[0]] = parts[1].removingPercentEncoding
        }
        return fields
    }

    @Test func aRefundNamesPaymentNumberAndAmountInYuan() async throws {
        let fields = try await sent(.sample(fen: 57))
        #expect(
            fields["biz_content"]
                == #"{"trade_no":"4200000001","out_request_no":"RF-1","refund_amount":"0.57","refund_reason":"商品质量问题"}"#
        )
        #expect(fields["method"] == "alipay.trade.refund" && fields["app_id"] == "2021000000000001")
        let signature = try #require(fields["sign"].flatMap { Base64.decode($0) })
        let signed = Alipay.signedText(fields)
        #expect(try platform.merchantKey.publicKey().verify(Array(signed.utf8), signature: signature))
        let byOrder = try await sent(.sample(transaction: nil))
        #expect(byOrder["biz_content"]?.hasPrefix(#"{"out_trade_no":"ORDER-1""#) == true)
    }

    @Test func anOrderThatAlipayCannotTakeIsNotSent() async throws {
        let client = try platform.client(nil) { _ in
            Issue.record("sent")
            throw ExchangeFault.lost("test")
        }
        for order in [
            RefundOrder.sample(transaction: nil, order: nil), .sample(number: ""), .sample(number: "退款"),
            .sample(fen: 0),
            .sample(transaction: String(repeating: "1", count: 65)),
        ] {
            let answer = await client.refund(order)
            #expect(answer.verdict == .refusedOperator && answer.code == "incomplete order")
        }
    }

    @Test func certificateModeSendsBothNumbers() async throws {
        let fields = try await sent(.sample(), settings: platform.certificateSettings())
        #expect(fields["app_cert_sn"] == platform.merchantCertificate.alipayNumber)
        #expect(
            fields["alipay_root_cert_sn"]
                == platform.roots.map(\.certificate.alipayNumber).joined(separator: "_"))
    }

    @Test func aPublishedRequestGetsItsPublishedSignature() throws {
        let vector = try AlipayVector.named("ALI-REQ-SIGN-YANSONGDA")
        let text = Alipay.signedText(try #require(vector.params))
        #expect(text == vector.message)
        let der = try #require(Base64.decode(vector.privateKeyPkcs8DerB64 ?? ""))
        let key = try RSAPrivateKey(der: Secret(bytes: der))
        #expect(Base64.encode(try key.sign(Array(text.utf8))) == vector.signatureB64)
    }

    @Test func publishedCertificatesHaveTheirPublishedNumbers() throws {
        let application = try AlipayVector.named("ALI-APP-CERT-SN-YANSONGDA")
        #expect(try Certificate(pem: try #require(application.certsPem)).alipayNumber == application.expect)
        let roots = try AlipayVector.named("ALI-ROOT-CERT-SN")
        let list = try Certificate.readable(pem: try #require(roots.certsPem))
        let numbers = list.filter { $0.signatureAlgorithm.hasPrefix("1.2.840.113549.1.1.") }.map(\.alipayNumber)
        #expect(numbers.joined(separator: "_") == roots.expect)
    }

    @Test func aPublishedAnswerIsVerifiedAndNoChangedByteOfIt() throws {
        let vector = try AlipayVector.named("ALI-RESP-GOPAY")
        let message = Array(try #require(vector.message).utf8)
        let signature = try #require(Base64.decode(vector.signatureB64 ?? ""))
        let trust = Alipay.Trust.keys([try RSAPublicKey(pem: try #require(vector.publicKeyPem))])
        let now = TestClock.start
        #expect(trust.check(message, signature: signature, serial: nil, at: now) == .verified)
        let body = Array(#"{"alipay_trade_pay_response":"#.utf8) + message + Array(#","sign":"x"}"#.utf8)
        #expect(RawMember.bytes(of: "alipay_trade_pay_response", in: body).map(Array.init) == message)
        for index in message.indices {
            var changed = message
            changed[index] ^= 1
            #expect(trust.check(changed, signature: signature, serial: nil, at: now) == .badSignature)
        }
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(trust.check(message, signature: changed, serial: nil, at: now) == .badSignature)
        }
    }
}

/// A vector of `Tests/Vectors/channels.json` with the members that Alipay's have.
struct AlipayVector: Decodable, Sendable {
    let id: String
    let params: [String: String]?
    let message: String?
    let signatureB64: String?
    let publicKeyPem: String?
    let privateKeyPkcs8DerB64: String?
    let certsPem: String?
    let expect: String?
    let formBody: String?

    static func named(_ id: String) throws -> AlipayVector {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Vectors/channels.json")
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any]
        let vectors = file?["vectors"] as? [[String: Any]] ?? []
        let vector = try #require(vectors.first { $0["id"] as? String == id })
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(AlipayVector.self, from: JSONSerialization.data(withJSONObject: vector))
    }
}
