import Foundation
import RefundDomain
import TestSupport
import Vault

@testable import Channels

/// Helipay's side of one account, for tests without sockets: it signs whatever it is told to answer.
struct HelipayPlatform: Sendable {
    static let shared = HelipayPlatform()
    static let key = "Zk0NqTz3eV8yB7cW"
    static let merchant = "C1800000002"

    /// The account's settings; nil takes a key away.
    func settings(_ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var members: [String: Any] = [
            "channel": "helipay", "name": "Test", "customer_number": Self.merchant, "md5_key": Self.key,
            "confirmed_with_acquirer": "2026-11-20, Li Na, ticket 4711", "failed_codes": "8101,8102",
            "no_funds_codes": "8200", "query_not_found_codes": "0005",
        ]
        for (name, value) in changes { members[name] = value }
        return Array(try JSONSerialization.data(withJSONObject: members))
    }

    /// Settings with only what public clients tell.
    func publicFactsOnly() throws -> [UInt8] {
        try settings(["failed_codes": nil, "no_funds_codes": nil, "query_not_found_codes": nil])
    }

    /// The order of the vectors.
    static func order(number: String = "RF1", payment: String? = "ORDER-1", fen: Int64 = 57) -> RefundOrder {
        .sample(number: number, order: payment, fen: fen, notice: "https://refund.example/callbacks/h/a")
    }

    /// A signed answer; nil takes a field away.
    func answer(_ kind: Helipay.Requests.Kind, _ changes: [String: String?] = [:]) -> String {
        var fields: [String: String?] = [
            "rt1_bizType": kind.rawValue, "rt2_retCode": "0000", "rt4_customerNumber": Self.merchant,
            "rt5_orderId": "ORDER-1", "rt6_refundOrderNum": "RF1", "rt7_serialNumber": "S1",
        ]
        switch kind {
        case .refund: fields.merge(["rt8_amount": "0.57", "rt9_currency": "CNY"]) { $1 }
        case .question:
            fields.merge(["rt8_orderStatus": "SUCCESS", "rt9_amount": "0.57", "rt10_currency": "CNY"]) { $1 }
        }
        for (name, value) in changes { fields[name] = .some(value) }
        let seal = Helipay.Seal(key: Secret(Self.key))
        let signature = seal.signature(over: kind.answerNames.map { (fields[$0] ?? nil) ?? "" })
        let told = kind.answerNames.compactMap { name in (fields[name] ?? nil).map { "\"\(name)\":\"\($0)\"" } }
        return "{" + (told + ["\"sign\":\"\(signature)\""]).joined(separator: ",") + "}"
    }

    func client(
        _ settings: [UInt8]? = nil, _ exchange: @escaping ChannelExchange = { _ in throw ExchangeFault.lost("none") }
    ) throws -> any ChannelClient {
        let book = ChannelBook(exchange: exchange, clock: { TestClock.start }, nonce: { "unused" })
        return try book.client(of: .helipay, settings: try settings ?? self.settings())
    }

    /// What the client makes of one answer to its order.
    func refund(_ body: String, settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await refund(Array(body.utf8), settings: settings)
    }

    func refund(_ body: [UInt8], settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await client(settings) { _ in Self.response(body) }.refund(Self.order())
    }

    /// What the client makes of one answer to its question.
    func query(_ body: String, settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await query(Array(body.utf8), settings: settings)
    }

    func query(_ body: [UInt8], settings: [UInt8]? = nil) async throws -> ChannelAnswer {
        try await client(settings) { _ in Self.response(body) }.query(Self.order())
    }

    private static func response(_ body: [UInt8]) -> ChannelResponse {
        ChannelResponse(status: 200, headers: ChannelHeaders([]), body: body)
    }
}
