import Channels
import Foundation
import RefundDomain
import TestSupport
import Vault

/// UnionPay's side of one account, for tests without sockets: it signs whatever it is told to answer.
struct UnionPayPlatform: Sendable {
    static let shared = UnionPayPlatform()

    let root: CertificateIssuer
    let middle: CertificateIssuer
    let key: RSAPrivateKey
    let certificate: Certificate
    let merchantKey: RSAPrivateKey
    let merchantCertificate: Certificate
    let clock = TestClock()
    static let signerName = "041@8310000000083040@中国银联股份有限公司@00016495"
    static let from = TestClock.start.seconds - 86_400
    static let to = TestClock.start.seconds + 86_400

    private init() {
        do {
            let rootKey = try RSAPrivateKey.generate()
            let middleKey = try RSAPrivateKey.generate()
            key = try RSAPrivateKey.generate()
            merchantKey = try RSAPrivateKey.generate()
            root = try CertificateIssuer.root(rootKey, commonName: "root", notBefore: Self.from, notAfter: Self.to)
            middle = CertificateIssuer(
                certificate: try root.issue(
                    middleKey.publicKey(), commonName: "middle", role: .authority, notBefore: Self.from,
                    notAfter: Self.to), key: middleKey)
            certificate = try middle.issue(
                key.publicKey(), commonName: Self.signerName, role: .signer, notBefore: Self.from, notAfter: Self.to)
            merchantCertificate = try middle.issue(
                merchantKey.publicKey(), commonName: "041@merchant", role: .signer, notBefore: Self.from,
                notAfter: Self.to)
        } catch { fatalError("no keys: \(error)") }
    }

    /// The account's settings; nil takes a key away.
    func settings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var members: [String: Any] = [
            "channel": "unionpay", "name": "Test", "mer_id": "777290058167151", "biz_type": "000201",
            "channel_type": "07", "sign_method": "01",
            "private_key_pem": String(decoding: try merchantKey.pem().bytes, as: UTF8.self),
            "certificate_pem": merchantCertificate.pem, "root_certificates_pem": root.certificate.pem,
            "middle_certificates_pem": middle.certificate.pem,
        ]
        for (name, value) in changes { members[name] = value }
        return Array(try JSONSerialization.data(withJSONObject: members))
    }

    func client(
        _ settings: [UInt8]? = nil, _ exchange: @escaping ChannelExchange = { _ in throw ExchangeFault.lost("none") }
    ) throws -> any ChannelClient {
        let clock = clock
        let book = ChannelBook(exchange: exchange, clock: { clock.now }, nonce: { "" })
        return try book.client(of: .unionPay, settings: try settings ?? self.settings())
    }

    /// An answer or a notice with UnionPay's certificate and signature; nil takes a field away.
    func signed(
        _ changes: [String: String?] = [:], key: RSAPrivateKey? = nil, certificate: Certificate? = nil
    ) throws -> [String: String] {
        var fields: [String: String] = [
            "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "bizType": "000201", "accessType": "0",
            "merId": "777290058167151", "orderId": "RP00000001", "txnTime": "20261118190640", "txnType": "04",
            "txnSubType": "00", "txnAmt": "5000", "currencyCode": "156", "queryId": "512611181906401234568",
            "origQryId": "512611170906401234567", "respCode": "00", "respMsg": "成功[0000000]",
            "signPubKeyCert": (certificate ?? self.certificate).pem.replacing("\n", with: "\r\n"),
        ]
        for (name, value) in changes { fields[name] = value }
        let text = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.filter { !$0.value.isEmpty }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let digest = Array(Hex.encode(Digest.sha256(text)).utf8)
        fields["signature"] = Base64.encode(try (key ?? self.key).sign(digest))
        return fields
    }

    /// The answer to asking for the order, in some state.
    func state(_ code: String?, _ changes: [String: String?] = [:]) throws -> [String: String] {
        try signed(["origRespCode": code, "accNo": "6226***********8223"].merging(changes) { $1 })
    }

    func response(_ fields: [String: String], status: Int = 200) -> ChannelResponse {
        ChannelResponse(status: status, headers: ChannelHeaders([]), body: raw(fields))
    }

    /// What the client makes of one answer to its order.
    func refund(_ response: ChannelResponse, settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await client(settings) { _ in response }.refund(.unionPay())
    }

    /// What the client makes of one answer to its query.
    func query(_ response: ChannelResponse) async throws -> ChannelAnswer {
        try await client { _ in response }.query(.unionPay())
    }

    /// Fields as answers carry them, undecoded.
    func raw(_ fields: [String: String]) -> [UInt8] {
        Array(fields.map { "\($0.key)=\($0.value)" }.joined(separator: "&").utf8)
    }

    /// Fields as notices carry them: a form.
    func form(_ fields: [String: String]) -> [UInt8] {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*")
        let pairs = fields.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")" }
        return Array(pairs.joined(separator: "&").utf8)
    }

    /// What a request's body says.
    func fields(ofForm body: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            fields[parts[0]] = parts[1].removingPercentEncoding
        }
        return fields
    }
}

extension RefundOrder {
    /// First sent on 18 November 2026 at 19:06:40 in Beijing, of a payment made the day before.
    static func unionPay(
        number: String = "RP00000001", purpose: Purpose = .refund, transaction: String? = "512611170906401234567",
        order: String? = nil, paidAt: Int64 = 1_794_913_600_000, sentAt: Int64 = 1_795_000_000_000, fen: Int64 = 5_000,
        totalFen: Int64 = 10_000, notice: String? = "https://refund.example/callbacks/unionpay/a"
    ) -> RefundOrder {
        RefundOrder(
            refundNumber: number, firstSentAt: Moment(milliseconds: sentAt), purpose: purpose,
            channelTransactionNumber: transaction, merchantOrderNumber: order, paidAt: Moment(milliseconds: paidAt),
            amount: Money(minor: fen, currency: .cny) ?? .zero(.cny),
            paymentTotal: Money(minor: totalFen, currency: .cny) ?? .zero(.cny), reason: "退货", noticeAddress: notice)
    }
}
