import Foundation
import RefundDomain
import Testing
import Vault

@testable import Channels

/// Messages and keys that others' libraries publish for UnionPay's test environment.
struct UnionPayVectorTests {
    private let request: UnionPayVector
    private let answer: UnionPayVector
    private let settings: UnionPay.AccountSettings

    init() throws {
        request = try UnionPayVector.named("UP-REQ-SIGN-YANSONGDA")
        answer = try UnionPayVector.named("UP-RESP-QUERY-YANSONGDA")
        let authorities = try UnionPayVector.testAuthorities()
        let members: [String: Any] = [
            "channel": "unionpay", "base_url": "https://gateway.test.95516.com", "mer_id": "777290058167151",
            "biz_type": "000201", "channel_type": "07", "pfx_base64": request.pfxB64 ?? "", "pfx_password": "000000",
            "root_certificates_pem": authorities.root, "middle_certificates_pem": authorities.middle,
            "allow_sha1_certificates": true,
        ]
        settings = try UnionPay.AccountSettings(json: Array(try JSONSerialization.data(withJSONObject: members)))
    }

    @Test func aPublishedRequestGetsItsPublishedSignature() throws {
        var fields = try #require(request.fields)
        #expect(fields.removeValue(forKey: "certId") == "69903319369")
        #expect(fields.removeValue(forKey: "signMethod") == "01")
        let signed = try UnionPay.RequestSigner(seal: settings.seal).signed(UnionPay.Fields(fields))
        #expect(signed["certId"] == "69903319369")
        #expect(String(decoding: signed.signedText, as: UTF8.self) == request.signingString)
        #expect(signed["signature"] == request.signatureB64)
        #expect(Hex.encode(Digest.sha256(signed.signedText)) == request.sha256Hex)
    }

    @Test func aPublishedFileWithAnOldSealOpens() throws {
        let old = try UnionPayVector.named("UP-PFX-OMNIPAY")
        let file = try PKCS12(
            #require(Base64.decode(old.pfxB64 ?? "")), password: Secret(try #require(old.pfxPassword)))
        #expect(file.certificate.serialDecimal == old.certId)
    }

    @Test func aPublishedAnswerIsVerifiedWhileItsCertificateIsValid() throws {
        let fields = try #require(UnionPay.Fields(answer: raw(try published())))
        #expect(String(decoding: fields.signedText, as: UTF8.self) == answer.signingString)
        #expect(Hex.encode(Digest.sha256(fields.signedText)) == answer.sha256Hex)
        #expect(fault(fields) == nil)
        #expect(fault(fields, at: 1_795_140_000) == .unknownKey)
        #expect(fields["origRespCode"] == "00")
    }

    @Test func noChangedByteOfAPublishedAnswerIsVerified() throws {
        let body = raw(try published())
        var accepted: [Int] = []
        for index in body.indices {
            var changed = body
            changed[index] ^= 0x01
            guard let fields = UnionPay.Fields(answer: changed) else { continue }
            if fault(fields) == nil { accepted.append(index) }
        }
        #expect(accepted.isEmpty)
    }

    @Test func aPublishedAnswerNeedsItsRoots() throws {
        let stranger = UnionPayPlatform.shared
        let other = try UnionPay.AccountSettings(
            json: stranger.settings(["allow_sha1_certificates": true]))
        let fields = try #require(UnionPay.Fields(answer: raw(try published())))
        #expect(throws: NoticeFault.unknownKey) {
            try UnionPay.SignatureVerifier(seal: other.seal).check(
                fields, at: Moment(milliseconds: 1_662_840_000_000))
        }
    }

    private func published() throws -> [String: String] {
        try #require(answer.fields).merging(["signature": try #require(answer.signatureB64)]) { $1 }
    }

    private func raw(_ fields: [String: String]) -> [UInt8] {
        UnionPayPlatform.shared.raw(fields)
    }

    /// Why the answer is not believed, on 10 September 2022 unless told otherwise.
    private func fault(_ fields: UnionPay.Fields, at seconds: Int64 = 1_662_840_000) -> NoticeFault? {
        do throws(NoticeFault) {
            try UnionPay.SignatureVerifier(seal: settings.seal).check(
                fields, at: Moment(milliseconds: seconds * 1000))
            return nil
        } catch { return error }
    }
}

/// One published vector of UnionPay.
struct UnionPayVector: Decodable, Sendable {
    let id: String
    let fields: [String: String]?
    let signingString: String?
    let sha256Hex: String?
    let signatureB64: String?
    let pfxB64: String?
    let pfxPassword: String?
    let certId: String?

    private struct File: Decodable {
        let vectors: [UnionPayVector]
        let unionpayTestCa: [String: String]
    }

    static func named(_ id: String) throws -> UnionPayVector {
        guard let vector = try file().vectors.first(where: { $0.id == id }) else { throw CancellationError() }
        return vector
    }

    static func testAuthorities() throws -> (root: String, middle: String) {
        let texts = try file().unionpayTestCa
        return (texts["acp_test_root.cer"] ?? "", texts["acp_test_middle.cer"] ?? "")
    }

    private static func file() throws -> File {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            File.self, from: Data(contentsOf: here.appending(path: "../../Vectors/channels.json")))
    }
}
