import Foundation
import RefundDomain
import Testing
import Vault

@testable import Channels

/// Notices, signed over three lines.
struct LakalaNoticeTests {
    private let platform = LakalaPlatform.shared

    private func read(_ notice: (headers: ChannelHeaders, body: [UInt8])) throws -> ChannelNotice {
        try platform.client().readNotice(headers: notice.headers, body: notice.body)
    }

    @Test func aNoticeOfARefundIsAHint() throws {
        let notice = try read(platform.notice())
        #expect(notice.isHint && notice.refundNumber == "RP00000001")
        #expect(notice.id == "2026111811012001101011001-SUCCESS")
        #expect(notice.answer(to: .lakala()).verdict == .succeeded)
        #expect(notice.answer(to: .lakala(number: "RP00000002")).alert == .wrongNumber)
        #expect(notice.answer(to: .lakala(fen: 4_999)).alert == .wrongAmount)
        #expect(try read(platform.notice()).id == notice.id)
    }

    @Test func whatIsNotAboutOurRefundIsRefusedByItsReason() throws {
        let cases: [([String: Any?], NoticeFault)] = [
            (["merchant_no": "822290059430BCZ"], .wrongMerchant), (["merchant_no": nil], .notARefund),
            (["out_trade_no": nil], .notARefund), (["refund_amount": nil], .notARefund),
            (["refund_amount": "5.00"], .unreadable), (["trade_state": nil], .unreadable),
            (["trade_no": nil, "log_no": nil], .unreadable),
        ]
        for (changes, fault) in cases {
            #expect(throws: fault) { try read(platform.notice(changes)) }
        }
    }

    @Test func aNoticeHasItsOwnCertificateAndTime() throws {
        #expect(throws: NoticeFault.badSignature) { try read(platform.notice(key: platform.key)) }
        #expect(throws: NoticeFault.stale) { try read(platform.notice(secondsFromNow: -300)) }
        #expect(throws: NoticeFault.stale) { try read(platform.notice(secondsFromNow: 300)) }
        #expect(try read(platform.notice(secondsFromNow: -299)).refundNumber == "RP00000001")
        let shared = try platform.client(platform.settings(["notice_certificate_pem": nil]))
        let notice = try platform.notice(key: platform.key)
        #expect(try shared.readNotice(headers: notice.headers, body: notice.body).isHint)
        let early = try LakalaPlatform.certificate(platform.noticeKey, daysLater: 2)
        let tomorrow = try platform.client(platform.settings(["notice_certificate_pem": early.pem]))
        let good = try platform.notice()
        #expect(throws: NoticeFault.unknownKey) {
            try tomorrow.readNotice(headers: good.headers, body: good.body)
        }
    }

    @Test(arguments: [
        ("", NoticeFault.unsigned), ("LKLAPI-SHA256withRSA", .unsigned), ("OTHER timestamp=\"1\"", .wrongMethod),
        ("LKLAPI-SHA256withRSA timestamp=\"1\",nonce_str=\"2\"", .unsigned),
        ("LKLAPI-SHA256withRSA timestamp=\"1\",timestamp=\"1\",nonce_str=\"2\",signature=\"AAAA\"", .unsigned),
        ("LKLAPI-SHA256withRSA timestamp=1,nonce_str=\"2\",signature=\"AAAA\"", .unsigned),
        ("LKLAPI-SHA256withRSA timestamp=\"1\",nonce_str=\"2\",signature=\"AAAA\",x=\"\"", .unsigned),
        ("LKLAPI-SHA256withRSA timestamp=\"1\",nonce_str=\"2\",signature=\"AAAA\",", .unsigned),
        ("LKLAPI-SHA256withRSA timestamp=\"1\",nonce_str=\"2\",signature=\"AAAA\"", .stale),
    ])
    func aHeaderThatIsNoneIsRefused(value: String, fault: NoticeFault) throws {
        let headers = ChannelHeaders([(name: "Authorization", value: value)])
        #expect(throws: fault) { try platform.client().readNotice(headers: headers, body: []) }
        #expect(throws: NoticeFault.unsigned) {
            try platform.client().readNotice(headers: ChannelHeaders([]), body: [])
        }
    }

    @Test func aPublishedNoticeIsVerifiedAtItsTimeButTellsOfAPayment() throws {
        let vector = try LakalaVector.notify()
        #expect(throws: NoticeFault.notARefund) { try read(vector) }
        #expect(throws: NoticeFault.notARefund) { try read(vector, space: "\n ") }
        #expect(throws: NoticeFault.notARefund) { try read(vector, space: "") }
        #expect(throws: NoticeFault.stale) { try read(vector, secondsLater: 300) }
        #expect(vector.message == "\(vector.timestamp)\n\(vector.nonce)\n\(vector.body)\n")
    }

    @Test func noChangedByteOfAPublishedNoticeIsVerified() throws {
        let vector = try LakalaVector.notify()
        let body = Array(vector.body.utf8)
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(throws: NoticeFault.badSignature, "body \(index)") { try read(vector, body: changed) }
        }
        for bytes in [Array(body.dropLast()), body + [0x0A], []] {
            #expect(throws: NoticeFault.badSignature) { try read(vector, body: bytes) }
        }
        let signature = try #require(Base64.decode(vector.signatureB64))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(throws: NoticeFault.badSignature, "signature \(index)") {
                try read(vector, signature: Base64.encode(changed))
            }
        }
        #expect(throws: NoticeFault.badSignature) { try read(vector, timestamp: "1630905584") }
        #expect(throws: NoticeFault.badSignature) { try read(vector, nonce: "9003323345") }
    }

    private func read(
        _ vector: LakalaVector, body: [UInt8]? = nil, signature: String? = nil, timestamp: String? = nil,
        nonce: String? = nil, space: String = " ", secondsLater: Int64 = 0
    ) throws {
        let settings = try Lakala.AccountSettings(
            json: platform.settings(["notice_certificate_pem": vector.certPem]))
        let verifier = Lakala.SignatureVerifier(
            trust: settings.trust, applicationID: "OP00000003", toleranceSeconds: settings.toleranceSeconds)
        let reader = Lakala.NoticeReader(verifier: verifier, merchantNumber: settings.merchantNumber)
        let headers = platform.header(
            timestamp: timestamp ?? vector.timestamp, nonce: nonce ?? vector.nonce,
            signature: signature ?? vector.signatureB64, space: space)
        let seconds = (Int64(vector.timestamp) ?? 0) + secondsLater
        _ = try reader.read(headers, body ?? Array(vector.body.utf8), at: Moment(milliseconds: seconds * 1000))
    }
}

/// The published notice of `Tests/Vectors/channels.json`.
struct LakalaVector: Decodable, Sendable {
    let certPem: String
    let message: String
    let signatureB64: String
    let timestamp: String
    let nonce: String
    let body: String

    static func notify() throws -> LakalaVector {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Vectors/channels.json")
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any]
        let vectors = file?["vectors"] as? [[String: Any]] ?? []
        let vector = try #require(vectors.first { $0["id"] as? String == "LKL-NOTIFY" })
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(LakalaVector.self, from: JSONSerialization.data(withJSONObject: vector))
    }
}
