import Channels
import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

struct UnionPayRefundTests {
    private let platform = UnionPayPlatform.shared

    @Test func aRefundIsSaidAsTheChannelWantsIt() async throws {
        let sent = SentBox()
        let answer = try platform.response(platform.signed())
        let client = try platform.client { request in
            sent.add(request)
            return answer
        }
        #expect(await client.refund(.unionPay()).verdict == .accepted)
        let request = try #require(sent.all.first)
        #expect(request.url == "https://gateway.95516.com/gateway/api/backTransReq.do")
        #expect(request.method == .post)
        var fields = platform.fields(ofForm: request.body)
        let signature = try #require(Base64.decode(fields.removeValue(forKey: "signature") ?? ""))
        #expect(
            fields == [
                "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01",
                "certId": platform.merchantCertificate.serialDecimal, "txnType": "04", "txnSubType": "00",
                "bizType": "000201", "accessType": "0", "channelType": "07", "merId": "777290058167151",
                "orderId": "RP00000001", "txnTime": "20261118190640", "txnAmt": "5000", "currencyCode": "156",
                "origQryId": "512611170906401234567", "backUrl": "https://refund.example/callbacks/unionpay/a",
            ])
        let text = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let digest = Array(Hex.encode(Digest.sha256(text)).utf8)
        #expect(try platform.merchantKey.publicKey().verify(digest, signature: signature))
    }

    @Test func theSameOrderIsTheSameBytesWheneverItIsSent() async throws {
        let sent = SentBox()
        let clock = TestClock()
        let book = ChannelBook(
            exchange: { request in
                sent.add(request)
                throw ExchangeFault.lost("cut")
            }, clock: { clock.now }, nonce: { UUID().uuidString })
        let client = try book.client(of: .unionPay, settings: platform.settings())
        _ = await client.refund(.unionPay())
        clock.advance(seconds: 86_400)
        _ = await client.refund(.unionPay())
        #expect(sent.all.map(\.body).count == 2)
        #expect(Set(sent.all.map(\.body)).count == 1)
    }

    @Test func anOrderWithoutTheChannelsNumberNamesTheMerchantsAndItsTime() async throws {
        let fields = try await sent(.unionPay(transaction: nil, order: "ORDER00001"))
        #expect(fields["origQryId"] == nil)
        #expect(fields["origOrderId"] == "ORDER00001")
        #expect(fields["origTxnTime"] == "20261117190640")
    }

    @Test func aQueryNamesTheRefundByNumberAndTime() async throws {
        let sent = SentBox()
        let client = try platform.client { request in
            sent.add(request)
            throw ExchangeFault.lost("cut")
        }
        _ = await client.query(.unionPay())
        let request = try #require(sent.all.first)
        #expect(request.url == "https://gateway.95516.com/gateway/api/queryTrans.do")
        let fields = platform.fields(ofForm: request.body)
        #expect(fields["txnType"] == "00")
        #expect(fields["txnSubType"] == "00")
        #expect(fields["bizType"] == "000000")
        #expect(fields["orderId"] == "RP00000001")
        #expect(fields["txnTime"] == "20261118190640")
        #expect(fields["txnAmt"] == nil)
    }

    @Test func theOrderSaysWhetherThePaymentIsCalledOff() async throws {
        #expect(try await self.sent(.unionPay(purpose: .void, fen: 10_000))["txnType"] == "31")
        #expect(try await self.sent(.unionPay(fen: 10_000))["txnType"] == "04")
    }

    @Test func aVoidIsBelievedOnlyAsAVoid() async throws {
        let order = RefundOrder.unionPay(purpose: .void, fen: 10_000)
        for (type, verdict) in [("31", ChannelVerdict.succeeded), ("04", .unknown), ("01", .unknown)] {
            let answer = try platform.response(platform.state("00", ["txnType": type, "txnAmt": "10000"]))
            #expect(try await platform.client { _ in answer }.query(order).verdict == verdict)
        }
    }

    @Test(arguments: [
        RefundOrder.unionPay(number: "RP-0000001"), .unionPay(number: "RP00001"), .unionPay(transaction: nil),
        .unionPay(number: String(repeating: "A", count: 41)), .unionPay(transaction: "5&1"), .unionPay(fen: 0),
        .unionPay(fen: 1_000_000_000_000, totalFen: 1_000_000_000_000), .unionPay(purpose: .void),
        .unionPay(transaction: nil, order: "ORDER_0001"), .unionPay(notice: nil),
    ])
    func anOrderThatCannotBeSaidIsNotSent(order: RefundOrder) async throws {
        let sent = SentBox()
        let client = try platform.client { request in
            sent.add(request)
            throw ExchangeFault.lost("cut")
        }
        let answer = await client.refund(order)
        #expect(answer.verdict == .refusedOperator)
        #expect(answer.alert == .incompleteOrder)
        #expect(sent.all.isEmpty)
    }

    @Test func aSharedKeySignsAndChecksWithSM3() async throws {
        let key = "0123456789abcdef"
        let settings = try platform.settings([
            "private_key_pem": nil, "certificate_pem": nil, "root_certificates_pem": nil,
            "middle_certificates_pem": nil, "sign_method": "12", "secure_key": key,
        ])
        func keyed(_ fields: [String: String]) -> String {
            let text = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
            let keyHash = Hex.encode(Digest.sm3(Array(key.utf8)))
            return Hex.encode(Digest.sm3(Array("\(text)&\(keyHash)".utf8)))
        }
        var request = try await sent(.unionPay(), settings)
        let signature = request.removeValue(forKey: "signature")
        #expect(request["signMethod"] == "12")
        #expect(request["certId"] == nil)
        #expect(signature == keyed(request))
        var answer = try platform.signed(["signMethod": "12", "signPubKeyCert": nil])
        answer["signature"] = nil
        answer["signature"] = keyed(answer)
        #expect(try await platform.refund(platform.response(answer), settings: settings).verdict == .accepted)
        answer["txnAmt"] = "5001"
        #expect(try await platform.refund(platform.response(answer), settings: settings).alert == .badSignature)
        let certified = try platform.response(platform.signed())
        #expect(try await platform.refund(certified, settings: settings).alert == .unsigned)
    }

    private func sent(_ order: RefundOrder, _ settings: [UInt8]? = nil) async throws -> [String: String] {
        let sent = SentBox()
        let client = try platform.client(settings) { request in
            sent.add(request)
            throw ExchangeFault.lost("cut")
        }
        _ = await client.refund(order)
        return platform.fields(ofForm: try #require(sent.all.first).body)
    }
}
