import Channels
import Foundation
import RefundDomain
import TestSupport
import Vault

/// Alipay's side of one application, for tests without sockets: it signs whatever it is told to answer.
struct AlipayPlatform: Sendable {
    static let shared = AlipayPlatform()

    let key: RSAPrivateKey
    let merchantKey: RSAPrivateKey
    let clock = TestClock()
    /// Two roots, as Alipay's own file has several.
    let roots: [CertificateIssuer]
    let certificate: Certificate
    let merchantCertificate: Certificate

    private init() {
        do {
            key = try RSAPrivateKey.generate()
            merchantKey = try RSAPrivateKey.generate()
            let day: Int64 = 86_400
            let now = TestClock.start.seconds
            roots = try (1...2).map { number in
                try CertificateIssuer.root(
                    RSAPrivateKey.generate(), commonName: "root \(number)", notBefore: now - 10 * day,
                    notAfter: now + 900 * day)
            }
            certificate = try roots[0].issue(
                key.publicKey(), commonName: "alipay", role: .signer, notBefore: now - day, notAfter: now + day)
            merchantCertificate = try roots[1].issue(
                merchantKey.publicKey(), commonName: "merchant", role: .signer, notBefore: now - day,
                notAfter: now + day)
        } catch { fatalError("no keys: \(error)") }
    }

    /// The account's settings in public key mode; nil takes a key away.
    func settings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var members: [String: Any] = [
            "channel": "alipay", "name": "Test", "app_id": "2021000000000001",
            "private_key_pem": String(decoding: try merchantKey.pem().bytes, as: UTF8.self),
            "alipay_public_key_pem": try key.publicKey().pem(),
        ]
        for (name, value) in changes { members[name] = value }
        return Array(try JSONSerialization.data(withJSONObject: members))
    }

    /// The same in certificate mode.
    func certificateSettings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var mode: [String: Any?] = [
            "alipay_public_key_pem": nil, "app_cert_pem": merchantCertificate.pem,
            "alipay_cert_pem": certificate.pem,
            "alipay_root_cert_pem": roots.map(\.certificate.pem).joined(separator: "\n"),
        ]
        for (name, value) in changes { mode[name] = value }
        return try settings(mode)
    }

    /// An answer whose content is signed as it stands.
    func answer(
        _ name: String, _ content: String, key signer: RSAPrivateKey? = nil, serial: String? = nil
    ) throws -> ChannelResponse {
        let signature = Base64.encode(try (signer ?? key).sign(Array(content.utf8)))
        let certificate = serial.map { ",\"alipay_cert_sn\":\"\($0)\"" } ?? ""
        return response("{\"\(name)\":\(content)\(certificate),\"sign\":\"\(signature)\"}")
    }

    func refundAnswer(_ content: String) throws -> ChannelResponse {
        try answer("alipay_trade_refund_response", content)
    }

    func queryAnswer(_ content: String) throws -> ChannelResponse {
        try answer("alipay_trade_fastpay_refund_query_response", content)
    }

    func response(_ body: String) -> ChannelResponse {
        ChannelResponse(status: 200, headers: ChannelHeaders([]), body: Array(body.utf8))
    }

    func client(
        _ settings: [UInt8]? = nil, _ exchange: @escaping ChannelExchange = { _ in throw ExchangeFault.lost("none") }
    ) throws -> any ChannelClient {
        let clock = clock
        let book = ChannelBook(exchange: exchange, clock: { clock.now }, nonce: { "unused" })
        return try book.client(of: .alipay, settings: try settings ?? self.settings())
    }

    /// What the client makes of one answer to its order.
    func refund(_ response: ChannelResponse, settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await client(settings) { _ in response }.refund(.sample())
    }

    /// What the client makes of one answer to its query.
    func query(_ response: ChannelResponse, settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await client(settings) { _ in response }.query(.sample())
    }

    /// A signed notice; nil takes a field away.
    func notice(_ changes: [String: String?] = [:]) throws -> [UInt8] {
        var fields = [
            "app_id": "2021000000000001", "notify_id": "2026112200222170000", "out_biz_no": "RF-1",
            "gmt_refund": "2026-11-22 17:00:00.000", "refund_fee": "50.00", "total_amount": "100.00",
            "trade_no": "4200000001", "out_trade_no": "ORDER-1", "trade_status": "TRADE_SUCCESS", "subject": "a+b 测试",
        ]
        for (name, value) in changes { fields[name] = value }
        let text = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        fields["sign"] = Base64.encode(try key.sign(Array(text.utf8)))
        fields["sign_type"] = "RSA2"
        let plain = CharacterSet.alphanumerics
        let pairs = fields.map { field in
            "\(field.key)=\(field.value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
        }
        return Array(pairs.joined(separator: "&").utf8)
    }
}
