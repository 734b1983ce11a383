import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

@testable import Channels

/// What goes over the wire to Lakala.
struct LakalaRequestTests {
    private let platform = LakalaPlatform.shared

    private func sent(
        _ order: RefundOrder = .lakala(), settings: [UInt8]? = nil, asks: Bool = false
    ) async throws -> ChannelRequest {
        let box = SentBox()
        let client = try platform.client(settings) { request in
            box.add(request)
            throw ExchangeFault.lost("test")
        }
        _ = asks ? await client.query(order) : await client.refund(order)
        return try #require(box.all.first)
    }

    private func text(_ request: ChannelRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test func aRefundNamesMerchantNumbersAndAmountInFen() async throws {
        let request = try await sent(.lakala(fen: 57))
        #expect(request.url == "https://s2.lakala.com/api/v3/rfd/refund_front/refund")
        let time = Lakala.BeijingTime.text(platform.clock.now)
        #expect(
            text(request)
                == #"{"req_time":"\#(time)","version":"3.0","req_data":{"merchant_no":"822290059430BCY","#
                + #""term_no":"A9254710","out_trade_no":"RP00000001","refund_amount":"57","#
                + #""origin_log_no":"66262500001111","origin_out_trade_no":"ORDER-1","refund_reason":"商品质量问题商品质量","#
                + #""notify_url":"https://refund.example/n","location_info":{"request_ip":"127.0.0.1"}}}"#)
    }

    @Test func theFiveLinesAreSigned() async throws {
        let request = try await sent()
        let header = try #require(request.headers.first { $0.name == "Authorization" }?.value)
        let time = platform.clock.now.seconds
        let start =
            #"LKLAPI-SHA256withRSA appid="OP00000003",nonce_str="\#(LakalaPlatform.nonce)",timestamp="\#(time)","#
            + #"serial_no="00dfba8194c41b84cf",signature=""#
        #expect(header.hasPrefix(start) && header.hasSuffix("\""))
        let signature = try #require(Base64.decode(String(header.dropFirst(start.count).dropLast())))
        let lines = "OP00000003\n00dfba8194c41b84cf\n\(time)\n\(LakalaPlatform.nonce)\n"
        let signed = Array(lines.utf8) + request.body + [0x0A]
        #expect(try platform.merchantKey.publicKey().verify(signed, signature: signature))
    }

    @Test func theSameOrderIsTheSameRequestButForItsTime() async throws {
        let first = try await text(sent())
        #expect(try await text(sent()) == first)
        #expect(try await text(sent(.lakala(transaction: "2026111811012001101"))).contains(#""origin_trade_no":"2026"#))
        #expect(
            try await text(sent(.lakala(transaction: nil))).contains(#""refund_amount":"5000","origin_out_trade_no""#))
        let long = "https://refund.example/" + String(repeating: "x", count: 110)
        #expect(try await !text(sent(.lakala(notice: long))).contains("notify_url"))
        let settings = try platform.settings(["refund_account": "05", "request_ip": "10.0.0.7"])
        let other = try await text(sent(settings: settings))
        #expect(other.contains(#""refund_acc_mode":"05""#) && other.contains(#""request_ip":"10.0.0.7""#))
    }

    @Test func aQueryNamesOurNumber() async throws {
        let request = try await sent(asks: true)
        #expect(request.url == "https://s2.lakala.com/api/v3/rfd/refund_front/refund_query")
        let data = #""merchant_no":"822290059430BCY","term_no":"A9254710","out_trade_no":"RP00000001""#
        #expect(text(request).hasSuffix(#""req_data":{\#(data)}}"#))
    }

    @Test func aCardsPaymentIsNamedAsOnItsSlip() async throws {
        let request = try await sent(settings: platform.slipSettings())
        #expect(request.url == "https://s2.lakala.com/api/v3/lams/trade/trade_refund")
        #expect(
            text(request).hasSuffix(
                #""req_data":{"merchant_no":"822290059430BCY","term_no":"A9254710","out_trade_no":"RP00000001","#
                    + #""refund_amount":"5000","origin_biz_type":"1","origin_trade_date":"20261117","#
                    + #""origin_card_no":"6226****8223","origin_log_no":"66262500001111","#
                    + #""location_info":{"request_ip":"127.0.0.1"}}}"#))
        let asked = try await sent(settings: platform.slipSettings(), asks: true)
        #expect(asked.url == "https://s2.lakala.com/api/v3/lams/trade/trade_refund_query")
        #expect(
            text(asked).hasSuffix(
                #""term_no":"A9254710","out_trade_no":"\#(LakalaPlatform.nonce)","origin_biz_type":"1","#
                    + #""origin_trade_date":"20261118","origin_out_trade_no":"RP00000001"}}"#))
    }

    @Test func theAccountSaysHowSlipsAreRead() async throws {
        let settings = try platform.slipSettings([
            "card_mask": "6******4", "log_no_from_reference": true, "slip_terminal": true, "query_date": "payment",
            "refund_account": "06",
        ])
        let refund = try await text(sent(.lakala(transaction: nil), settings: settings))
        #expect(refund.contains(#""origin_card_no":"622612******8223","origin_log_no":"26250011223344""#))
        #expect(refund.contains(#""term_no":"B1234567""#) && refund.contains(#""refund_type":"06""#))
        #expect(try await text(sent(settings: settings, asks: true)).contains(#""origin_trade_date":"20261117""#))
        let codes = try platform.slipSettings(["origin_biz_type": "3"])
        let byCode = try await text(sent(.lakala(card: StatementCard()), settings: codes))
        #expect(byCode.contains(#""origin_biz_type":"3""#) && !byCode.contains("origin_card_no"))
    }

    @Test func bodiesGoEncryptedToTheirOwnAddresses() async throws {
        let key = "uIj6CPg1GZAY10dXFfsEAQ=="
        let request = try await sent(settings: platform.settings(["sm4_key": key]))
        #expect(request.url == "https://s2.lakala.com/api/v3/rfd/refund_front/refund_encry")
        let sealed = try #require(Base64.decode(text(request)))
        let plain = try SM4.open(sealed, key: #require(Base64.decode(key)))
        let unsealed = try await sent()
        #expect(plain == unsealed.body)
        let same = try platform.settings(["sm4_key": key, "encrypted_path_suffix": ""])
        #expect(try await sent(settings: same).url.hasSuffix("/refund_front/refund"))
    }

    @Test func theTestEnvironmentHasAPath() async throws {
        let settings = try platform.settings(["base_url": "https://test.wsmsd.cn/sit"])
        #expect(try await sent(settings: settings).url == "https://test.wsmsd.cn/sit/api/v3/rfd/refund_front/refund")
    }

    @Test func anOrderThatLakalaCannotTakeIsNotSent() async throws {
        let detour = Detour(refundNumber: "RP00000000", channelRefundNumber: "1", destination: nil)
        let orders: [RefundOrder] = [
            .lakala(transaction: nil, order: nil), .lakala(number: ""), .lakala(number: "RP-1"),
            .lakala(number: String(repeating: "1", count: 33)), .lakala(fen: 0), .lakala(currency: .hkd),
            .lakala(purpose: .void), .lakala(transaction: "no number"), .lakala(detour: detour),
        ]
        try await expectNotSent(orders, settings: platform.settings())
        try await expectNotSent(
            [.lakala(transaction: nil), .lakala(card: StatementCard(last4: "8223"))], settings: platform.slipSettings())
    }

    private func expectNotSent(_ orders: [RefundOrder], settings: [UInt8]) async throws {
        let client = try platform.client(settings) { _ in
            Issue.record("sent")
            throw ExchangeFault.lost("test")
        }
        for order in orders {
            let answer = await client.refund(order)
            #expect(answer.verdict == .refusedOperator && answer.code == "incomplete order")
        }
    }

    @Test(arguments: [
        (Int64(1), "1"), (57, "57"), (100, "100"), (1_005_000, "1005000"), (999_999_999_999, "999999999999"),
    ])
    func amountsAreFenInDigits(fen: Int64, text: String) throws {
        let amount = try #require(Money(minor: fen, currency: .cny))
        #expect(Lakala.AmountText.write(amount) == text)
        #expect(Lakala.AmountText.read(text) == amount)
    }

    @Test(arguments: ["", "-1", "+1", "1.00", "1e3", "１", " 1", "1 ", "1000000000000", "0x1"])
    func whatIsNoAmountIsNotRead(text: String) {
        #expect(Lakala.AmountText.read(text) == nil)
    }

    @Test func amountsThatTheChannelCannotTakeAreNotWritten() throws {
        #expect(Lakala.AmountText.write(.zero(.cny)) == nil)
        #expect(Lakala.AmountText.write(try #require(Money(minor: 1_000_000_000_000, currency: .cny))) == nil)
        #expect(Lakala.AmountText.write(try #require(Money(minor: 1, currency: .hkd))) == nil)
    }
}
