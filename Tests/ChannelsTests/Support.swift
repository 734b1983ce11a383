import Channels
import Foundation
import RefundDomain
import Synchronization
import TestSupport
import Vault

/// The other side of one account, for tests without sockets: it signs whatever it is told to answer.
struct TestPlatform: Sendable {
    static let shared = TestPlatform()

    let key: RSAPrivateKey
    let oldKey: RSAPrivateKey
    let oldCertificate: Certificate
    let merchantKey: RSAPrivateKey
    let publicKeyID = "PUB_KEY_ID_0114232134912410000000000000"
    let apiV3Key = "0123456789abcdef0123456789ABCDEF"
    let clock = TestClock()

    private init() {
        do {
            key = try RSAPrivateKey.generate()
            oldKey = try RSAPrivateKey.generate()
            merchantKey = try RSAPrivateKey.generate()
            let now = TestClock.start.seconds
            oldCertificate = try Certificate.selfSigned(
                oldKey, commonName: "Tenpay.com sign", notBefore: now - 86_400, notAfter: now + 86_400)
        } catch { fatalError("no keys: \(error)") }
    }

    /// The account's settings; nil takes a key away.
    func settings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var members: [String: Any] = [
            "channel": "wechatpay", "name": "Test", "mchid": "1900000109",
            "serial_no": "444F4864EA9B34415EA9B34415EA9B34415EA9B3",
            "private_key_pem": String(decoding: try merchantKey.pem().bytes, as: UTF8.self), "apiv3_key": apiV3Key,
            "public_key_id": publicKeyID, "public_key_pem": try key.publicKey().pem(),
            "platform_certificates_pem": oldCertificate.pem,
        ]
        for (name, value) in changes { members[name] = value }
        return Array(try JSONSerialization.data(withJSONObject: members))
    }

    /// Headers that sign a body now, with the public key unless told otherwise.
    func headers(
        _ body: [UInt8], key: RSAPrivateKey? = nil, serial: String? = nil, secondsFromNow: Int64 = 0
    ) throws -> [(name: String, value: String)] {
        let time = String(clock.now.seconds + secondsFromNow)
        let signature = try (key ?? self.key).sign(Array("\(time)\nc5ac7061fccab6bf\n".utf8) + body + [0x0A])
        return [
            (name: "Wechatpay-Timestamp", value: time), (name: "Wechatpay-Nonce", value: "c5ac7061fccab6bf"),
            (name: "Wechatpay-Serial", value: serial ?? publicKeyID),
            (name: "Wechatpay-Signature", value: Base64.encode(signature)),
        ]
    }

    func signed(_ status: Int, _ body: String) throws -> ChannelResponse {
        let bytes = Array(body.utf8)
        return ChannelResponse(status: status, headers: ChannelHeaders(try headers(bytes)), body: bytes)
    }

    func client(
        _ settings: [UInt8]? = nil, _ exchange: @escaping ChannelExchange = { _ in throw ExchangeFault.lost("none") }
    ) throws -> any ChannelClient {
        let clock = clock
        let book = ChannelBook(exchange: exchange, clock: { clock.now }, nonce: { "593BEC0C930BF1AFEB40B4A08C8FB242" })
        return try book.client(of: .wechatPay, settings: try settings ?? self.settings())
    }

    /// What the client makes of one answer to its order.
    func refund(_ response: ChannelResponse) async throws -> ChannelAnswer {
        try await client(nil) { _ in response }.refund(.sample())
    }

    /// What the client makes of one answer to its query.
    func query(_ response: ChannelResponse) async throws -> ChannelAnswer {
        try await client(nil) { _ in response }.query(.sample())
    }

    /// A signed and sealed notice of a refund.
    func notice(
        _ changes: [String: Any] = [:], event: String = "REFUND.SUCCESS", envelope: [String: Any] = [:],
        resource: [String: Any] = [:]
    ) throws -> (headers: [(name: String, value: String)], body: [UInt8]) {
        var plain: [String: Any] = [
            "mchid": "1900000109", "transaction_id": "4200000001", "out_trade_no": "ORDER-1",
            "out_refund_no": "RF-1", "refund_id": "50000000382019052709732678859", "refund_status": "SUCCESS",
            "success_time": "2026-11-22T17:00:00+08:00", "user_received_account": "招商银行信用卡0403",
            "amount": ["total": 10_000, "refund": 5_000, "payer_total": 10_000, "payer_refund": 5_000],
        ]
        for (name, value) in changes { plain[name] = value }
        let sealed = try AESGCM.seal(
            Array(JSONSerialization.data(withJSONObject: plain)), key: Array(apiV3Key.utf8),
            nonce: Array("fdasflkja484".utf8), aad: Array("refund".utf8))
        var inner: [String: Any] = [
            "original_type": "refund", "algorithm": "AEAD_AES_256_GCM", "ciphertext": Base64.encode(sealed),
            "associated_data": "refund", "nonce": "fdasflkja484",
        ]
        for (name, value) in resource { inner[name] = value }
        var outer: [String: Any] = [
            "id": "EV-2018022511223320873", "create_time": "2026-11-22T17:00:00+08:00", "event_type": event,
            "summary": "退款成功", "resource_type": "encrypt-resource", "resource": inner,
        ]
        for (name, value) in envelope { outer[name] = value }
        let body = Array(try JSONSerialization.data(withJSONObject: outer))
        return (try headers(body), body)
    }
}

extension RefundOrder {
    static func sample(
        number: String = "RF-1", transaction: String? = "4200000001", order: String? = "ORDER-1", fen: Int64 = 5_000,
        totalFen: Int64 = 10_000, reason: String? = "商品质量问题", notice: String? = "https://refund.example/callbacks/w/a"
    ) -> RefundOrder {
        RefundOrder(
            refundNumber: number, firstSentAt: Moment(milliseconds: 1_795_000_000_000),
            channelTransactionNumber: transaction, merchantOrderNumber: order,
            paidAt: Moment(milliseconds: 1_794_000_000_000),
            amount: Money(minor: fen, currency: .cny) ?? .zero(.cny),
            paymentTotal: Money(minor: totalFen, currency: .cny) ?? .zero(.cny), reason: reason, noticeAddress: notice)
    }
}

/// A refund as the channel tells it, with changes; nil takes a field away.
func answerJSON(_ changes: [String: Any?] = [:]) throws -> String {
    var members: [String: Any] = [
        "refund_id": "50000000382019052709732678859", "out_refund_no": "RF-1", "transaction_id": "4200000001",
        "out_trade_no": "ORDER-1", "channel": "ORIGINAL", "user_received_account": "招商银行信用卡0403",
        "success_time": "2026-11-22T17:00:00+08:00", "create_time": "2026-11-22T16:59:00+08:00", "status": "SUCCESS",
        "amount": ["total": 10_000, "refund": 5_000, "currency": "CNY"],
    ]
    for (name, value) in changes { members[name] = value }
    return String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
}

/// Keeps what a client sent.
final class SentBox: Sendable {
    private let sent = Mutex<[ChannelRequest]>([])

    var all: [ChannelRequest] { sent.withLock { $0 } }

    func add(_ request: ChannelRequest) { sent.withLock { $0.append(request) } }
}

/// One published test vector of the channels.
struct Vector: Decodable, Sendable {
    let id: String
    let message: String?
    let signatureB64: String?
    let authorizationPrefix: String?
    let publicKeyPem: String?
    let privateKeyPkcs8DerB64: String?
    let ciphertextB64: String?
    let body: String?
    let headers: [String: String]?
    let key: String?
    let nonce: String?
    let aad: String?
    let plaintext: String?

    static func named(_ id: String) throws -> Vector {
        struct File: Decodable { let vectors: [Vector] }
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/channels.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = try decoder.decode(File.self, from: Data(contentsOf: path))
        guard let vector = file.vectors.first(where: { $0.id == id }) else { throw CancellationError() }
        return vector
    }
}

/// A port of this machine where connections are made and nothing is ever read.
struct SilentListener {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, generic, &size) == 0
            }
        }
        guard isBound else { throw CancellationError() }
        port = UInt16(bigEndian: address.sin_port)
    }

    func close() {
        Foundation.close(descriptor)
    }
}
