import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

@testable import Channels

/// Vectors that the channel's own and others' libraries publish with their test keys.
struct VectorTests {
    @Test func aPublishedRequestGetsItsPublishedAuthorization() throws {
        let vector = try Vector.named("WX-REQ-SIGN-YANSONGDA")
        let der = try #require(vector.privateKeyPkcs8DerB64)
        let lines = try #require(vector.message).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        let signer = WeChatPay.RequestSigner(
            merchantNumber: "1600314069", merchantSerial: "25F8AA5452D55497C24BA57DC81B1E5915DC2E77",
            privateKey: try RSAPrivateKey(der: Secret(bytes: try #require(Base64.decode(der)))))
        let header = try signer.authorization(
            method: lines[0], path: lines[1], timestamp: try #require(Int64(lines[2])), nonce: lines[3],
            body: Array(lines[4].utf8))
        let expected = [vector.authorizationPrefix, vector.signatureB64, "\""].compactMap { $0 }.joined()
        #expect(header == expected)
    }

    @Test func aPublishedAnswerIsVerifiedAtItsTimeOnly() throws {
        let vector = try Vector.named("WX-RESP-VERIFY-YANSONGDA")
        let serial = "PUB_KEY_ID_45F59D4DABF31918AFCEC556D5D2C6E376675D57"
        let verifier = WeChatPay.SignatureVerifier(
            keys: try keys(serial, try #require(vector.publicKeyPem)))
        let headers = ChannelHeaders([
            (name: "wechatpay-timestamp", value: "1626444144"),
            (name: "Wechatpay-Nonce", value: "e59e78a6c3f7dfd7e84aabee71be0452"),
            (name: "Wechatpay-Signature", value: try #require(vector.signatureB64)),
            (name: "Wechatpay-Serial", value: serial),
        ])
        let body = Array(try #require(vector.body).utf8)
        #expect(verifier.check(headers, body, at: Moment(milliseconds: 1_626_444_144_000)) == .verified)
        #expect(verifier.check(headers, body, at: Moment(milliseconds: 1_626_444_443_000)) == .verified)
        #expect(verifier.check(headers, body, at: Moment(milliseconds: 1_626_444_444_000)) == .refused(.stale))
        #expect(verifier.check(headers, body, at: Moment(milliseconds: 1_626_443_844_000)) == .refused(.stale))
    }

    @Test func aPublishedNoticeIsVerifiedButIsNoRefund() throws {
        let vector = try Vector.named("WX-NOTIFY-GO")
        let serial = "PUB_KEY_ID_D7CE59D1F522D701"
        let reader = WeChatPay.NoticeReader(
            verifier: WeChatPay.SignatureVerifier(keys: try keys(serial, try #require(vector.publicKeyPem))),
            apiV3Key: Array(repeating: 0, count: 32), merchantNumber: "1", subMerchantNumber: nil)
        let headers = ChannelHeaders([
            (name: "Wechatpay-Timestamp", value: "1624523846"),
            (name: "Wechatpay-Nonce", value: "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz"),
            (name: "Wechatpay-Signature", value: try #require(vector.signatureB64)),
            (name: "Wechatpay-Serial", value: serial),
        ])
        let body = Array(try #require(vector.body).utf8)
        #expect(throws: NoticeFault.notARefund) {
            try reader.read(headers, body, at: Moment(milliseconds: 1_624_523_846_000))
        }
    }

    @Test func publishedCiphertextsOpen() throws {
        for id in ["WX-GCM256-JAVA", "WX-GCM256-CERT-JAVA"] {
            let vector = try Vector.named(id)
            let sealed = try #require(vector.ciphertextB64)
            let plain = try AESGCM.open(
                key: Array(try #require(vector.key).utf8), nonce: Array(try #require(vector.nonce).utf8),
                aad: Array(try #require(vector.aad).utf8), ciphertextAndTag: try #require(Base64.decode(sealed)))
            let text = String(decoding: plain, as: UTF8.self)
            #expect(vector.plaintext.map { $0 == text } ?? text.hasPrefix("-----BEGIN CERTIFICATE-----"))
        }
    }

    private func keys(_ id: String, _ pem: String) throws -> WeChatPay.PlatformKeys {
        try WeChatPay.PlatformKeys(
            AccountFields(.object(["public_key_id": .string(id), "public_key_pem": .string(pem)])), .rsa)
    }
}
