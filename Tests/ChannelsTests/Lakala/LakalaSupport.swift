import Channels
import Foundation
import RefundDomain
import TestSupport
import Vault

/// Lakala's side of one account, for tests without sockets: it signs whatever it is told to answer.
struct LakalaPlatform: Sendable {
    static let shared = LakalaPlatform()

    let key: RSAPrivateKey
    let noticeKey: RSAPrivateKey
    let merchantKey: RSAPrivateKey
    let certificate: Certificate
    let noticeCertificate: Certificate
    let clock = TestClock()
    static let merchantNumber = "822290059430BCY"
    static let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242"

    private init() {
        do {
            key = try RSAPrivateKey.generate()
            noticeKey = try RSAPrivateKey.generate()
            merchantKey = try RSAPrivateKey.generate()
            certificate = try Self.certificate(key)
            noticeCertificate = try Self.certificate(noticeKey)
        } catch { fatalError("no keys: \(error)") }
    }

    /// A certificate that is valid a day around now.
    static func certificate(_ key: RSAPrivateKey, daysLater: Int64 = 0) throws -> Certificate {
        let now = TestClock.start.seconds + daysLater * 86_400
        return try Certificate.selfSigned(
            key, commonName: "APIGW.LAKALA.COM", notBefore: now - 86_400, notAfter: now + 86_400)
    }

    /// The account's settings; nil takes a key away.
    func settings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var members: [String: Any] = [
            "channel": "lakala", "name": "Test", "appid": "OP00000003", "serial_no": "00dfba8194c41b84cf",
            "merchant_no": Self.merchantNumber, "term_no": "A9254710", "product": "refund_front",
            "private_key_pem": String(decoding: try merchantKey.pem().bytes, as: UTF8.self),
            "platform_certificate_pem": certificate.pem, "notice_certificate_pem": noticeCertificate.pem,
        ]
        for (name, value) in changes { members[name] = value }
        return Array(try JSONSerialization.data(withJSONObject: members))
    }

    /// The settings for cards' payments as their slips name them.
    func slipSettings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        try settings(["product": "trade_refund"].merging(changes) { $1 })
    }

    func client(
        _ settings: [UInt8]? = nil, _ exchange: @escaping ChannelExchange = { _ in throw ExchangeFault.lost("none") }
    ) throws -> any ChannelClient {
        let clock = clock
        let book = ChannelBook(exchange: exchange, clock: { clock.now }, nonce: { Self.nonce })
        return try book.client(of: .lakala, settings: try settings ?? self.settings())
    }

    /// An answer with its signature; changed headers stand in place of the right ones, nil takes one away.
    func signed(
        _ body: String, key signer: RSAPrivateKey? = nil, headers changes: [String: String?] = [:]
    ) throws -> ChannelResponse {
        var headers = [
            "Lklapi-Appid": "OP00000003", "Lklapi-Serial": certificate.serialHex.lowercased(),
            "Lklapi-Timestamp": String(clock.now.seconds), "Lklapi-Nonce": "c5ac7061fccab6bf",
        ]
        for (name, value) in changes { headers[name] = value }
        let names = ["Lklapi-Appid", "Lklapi-Serial", "Lklapi-Timestamp", "Lklapi-Nonce"]
        let text = names.map { (headers[$0] ?? "") + "\n" }.joined() + body + "\n"
        let signature = Base64.encode(try (signer ?? key).sign(Array(text.utf8)))
        headers["Lklapi-Signature"] = changes["Lklapi-Signature"] ?? signature
        return ChannelResponse(
            status: 200, headers: ChannelHeaders(headers.map { (name: $0.key, value: $0.value) }),
            body: Array(body.utf8))
    }

    /// An answer with a refund in it; nil takes a field away.
    func answer(_ changes: [String: Any?] = [:], code: String = "000000") throws -> ChannelResponse {
        try signed(envelope(code, try refund(changes)))
    }

    /// An answer whose list has these refunds.
    func list(_ refunds: [[String: Any?]]) throws -> ChannelResponse {
        let items = try refunds.map { try refund($0) }.joined(separator: ",")
        return try signed(envelope("000000", "{\"refund_list\":[\(items)]}"))
    }

    /// An answer without a refund.
    func refusal(_ code: String) throws -> ChannelResponse {
        try signed(envelope(code, "null"))
    }

    func envelope(_ code: String, _ data: String) -> String {
        #"{"code":"\#(code)","msg":"执行成功","resp_time":"20261118190641","resp_data":\#(data)}"#
    }

    private func refund(_ changes: [String: Any?]) throws -> String {
        var members: [String: Any] = [
            "merchant_no": Self.merchantNumber, "out_trade_no": "RP00000001", "trade_no": "2026111811012001101011001",
            "log_no": "66262610001234", "trade_state": "SUCCESS", "refund_type": "00", "total_amount": "10000",
            "refund_amount": "5000", "payer_amount": "5000", "trade_time": "20261118190641",
            "account_type": "WECHAT", "origin_log_no": "66262500001111", "channel_ret_desc": "RFD00000#成功",
        ]
        for (name, value) in changes { members[name] = value }
        return String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
    }

    /// What the client makes of answers to its order, one after the other; the last one repeats.
    func refund(
        _ answers: ChannelResponse..., settings: [UInt8]? = nil, order: RefundOrder = .lakala()
    ) async throws -> ChannelAnswer {
        let sent = SentBox()
        return try await client(settings) { request in
            sent.add(request)
            return answers[min(sent.all.count, answers.count) - 1]
        }.refund(order)
    }

    /// What the client makes of one answer to its query.
    func query(
        _ answer: ChannelResponse, settings: [UInt8]? = nil, order: RefundOrder = .lakala()
    ) async throws -> ChannelAnswer {
        try await client(settings) { _ in answer }.query(order)
    }

    /// A notice with its header; nil takes a field away.
    func notice(
        _ changes: [String: Any?] = [:], secondsFromNow: Int64 = 0, key: RSAPrivateKey? = nil
    ) throws -> (headers: ChannelHeaders, body: [UInt8]) {
        let body = Array(try refund(changes).utf8)
        let time = String(clock.now.seconds + secondsFromNow)
        let signature = Base64.encode(try (key ?? noticeKey).sign(Array("\(time)\n9003323344\n".utf8) + body + [0x0A]))
        return (header(timestamp: time, nonce: "9003323344", signature: signature), body)
    }

    func header(timestamp: String, nonce: String, signature: String, space: String = " ") -> ChannelHeaders {
        let parts = ["timestamp=\"\(timestamp)\"", "nonce_str=\"\(nonce)\"", "signature=\"\(signature)\""]
        let value = "LKLAPI-SHA256withRSA " + parts.joined(separator: "," + space)
        return ChannelHeaders([(name: "Authorization", value: value)])
    }
}

extension RefundOrder {
    /// First sent on 18 November 2026 at 19:06:40 in Beijing, of a payment made the day before.
    static func lakala(
        number: String = "RP00000001", purpose: Purpose = .refund, transaction: String? = "66262500001111",
        order: String? = "ORDER-1", slip: SlipNumbers = SlipNumbers(terminal: "B1234567", reference: "250011223344"),
        card: StatementCard = StatementCard(first6: "622612", last4: "8223"), fen: Int64 = 5_000,
        currency: Currency = .cny, reason: String? = "商品质量问题商品质量问题", notice: String? = "https://refund.example/n",
        detour: Detour? = nil
    ) -> RefundOrder {
        RefundOrder(
            refundNumber: number, firstSentAt: Moment(milliseconds: 1_795_000_000_000), purpose: purpose,
            channelTransactionNumber: transaction, merchantOrderNumber: order,
            paidAt: Moment(milliseconds: 1_794_913_600_000), paidOn: Day(iso: "2026-11-17"), slip: slip, card: card,
            amount: Money(minor: fen, currency: currency) ?? .zero(currency),
            paymentTotal: Money(minor: 10_000, currency: currency) ?? .zero(currency), reason: reason,
            noticeAddress: notice, detour: detour)
    }
}
