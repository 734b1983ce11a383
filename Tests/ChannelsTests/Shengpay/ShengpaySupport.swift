import Channels
import Foundation
import RefundDomain
import TestSupport
import Vault

/// Shengpay's side of one account, for tests without sockets: it signs whatever it is told to answer, with 1024 bits.
struct ShengpayPlatform: Sendable {
    static let shared = ShengpayPlatform()

    private let key: RSAPrivateKey
    private let publicKeyPEM: String
    private let merchantKeyPEM: String
    let merchantPublicKeyPEM: String

    private init() {
        do {
            let own = try AcquirerVector.named("SHP-REQUEST")
            let theirs = try AcquirerVector.named("SHP-ANSWER")
            key = try RSAPrivateKey(weakPEM: Secret(theirs.privateKeyPem ?? ""), digest: .sha1)
            publicKeyPEM = theirs.publicKeyPem ?? ""
            merchantKeyPEM = own.privateKeyPem ?? ""
            merchantPublicKeyPEM = own.publicKeyPem ?? ""
        } catch { fatalError("no keys: \(error)") }
    }

    /// The account's settings, with every question answered; nil takes a key away.
    func settings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var members: [String: Any] = [
            "channel": "shengpay", "name": "Test", "mch_id": "1900000109", "private_key_pem": merchantKeyPEM,
            "platform_public_key_pem": publicKeyPEM, "confirmed_with_acquirer": "2026-11-20, Li Na, ticket 4711",
            "failed_codes": "NOT_ALLOWED,TOO_LATE", "no_funds_codes": "NO_BALANCE", "query_path": "/refund/query",
            "query_state_name": "refundStatus", "query_succeeded": "REFUND_SUCCESS,DONE",
            "query_pending": "PROCESSING", "query_failed": "REFUND_FAIL", "query_not_found_codes": "NO_SUCH_REFUND",
        ]
        for (name, value) in changes { members[name] = value }
        return Array(try JSONSerialization.data(withJSONObject: members))
    }

    /// Settings with only what public documents tell.
    func publicFactsOnly() throws -> [UInt8] {
        try settings([
            "failed_codes": nil, "no_funds_codes": nil, "query_path": nil, "query_state_name": nil,
            "query_succeeded": nil, "query_pending": nil, "query_failed": nil, "query_not_found_codes": nil,
        ])
    }

    /// A signed message; nil takes a field away.
    func signed(_ fields: [String: Any?]) throws -> [UInt8] {
        var members = fields.compactMapValues(\.self)
        let text = members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        members["sign"] = Base64.encode(try key.sign(Array(text.utf8)))
        return Array(try JSONSerialization.data(withJSONObject: members, options: .withoutEscapingSlashes))
    }

    /// A success about the sample order, with changes.
    func answer(_ changes: [String: Any?] = [:]) throws -> ChannelResponse {
        var fields: [String: Any?] = [
            "returnCode": "SUCCESS", "returnMsg": "OK", "resultCode": "SUCCESS", "outRefundNo": "RF-1",
            "outTradeNo": "ORDER-1", "refundFee": 5_000, "totalFee": 10_000, "refundId": "R1",
            "transactionId": "4200000001", "nonceStr": "abc", "signType": "RSA",
        ]
        for (name, value) in changes { fields[name] = .some(value) }
        return ShengpayPlatform.response(try signed(fields))
    }

    /// A signed no about the sample order, with changes.
    func refusal(_ code: String, _ changes: [String: Any?] = [:]) throws -> ChannelResponse {
        var fields: [String: Any?] = [
            "returnCode": "SUCCESS", "resultCode": "FAIL", "errorCode": code, "errorCodeDes": "不行",
            "outRefundNo": "RF-1",
        ]
        for (name, value) in changes { fields[name] = .some(value) }
        return ShengpayPlatform.response(try signed(fields.filter { $0.value as? String != "" }))
    }

    static func response(_ body: [UInt8]) -> ChannelResponse {
        ChannelResponse(status: 200, headers: ChannelHeaders([]), body: body)
    }

    func client(
        _ settings: [UInt8]? = nil, _ exchange: @escaping ChannelExchange = { _ in throw ExchangeFault.lost("none") }
    ) throws -> any ChannelClient {
        let book = ChannelBook(
            exchange: exchange, clock: { TestClock.start }, nonce: { "593BEC0C930BF1AFEB40B4A08C8FB242" })
        return try book.client(of: .shengpay, settings: try settings ?? self.settings())
    }

    /// What the client makes of one answer to its order.
    func refund(_ response: ChannelResponse, settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await client(settings) { _ in response }.refund(.sample())
    }

    /// What the client makes of one answer to its question.
    func query(_ response: ChannelResponse, settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await client(settings) { _ in response }.query(.sample())
    }
}
