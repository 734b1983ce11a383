import Testing
import Vault

@testable import SandboxBank

/// What the bank asks of an order to pay a stuck refund elsewhere.
struct BankDetourTests {
    @Test func anOrderThatIsNotWhatItShouldBeMovesNothing() async throws {
        let bank = try await BankUnderTest()
        let refundID = try await stuck(bank)
        let good = try order(bank)
        #expect(try await bank.goOn(refundID, good, serial: nil).code == "PARAM_ERROR")
        #expect(try await bank.goOn(refundID, good, serial: "00").code == "PARAM_ERROR")
        #expect(try await bank.goOn("50", good).code == "RESOURCE_NOT_EXISTS")
        #expect(try await bank.goOn(refundID, good.merging(["out_refund_no": "RF-2"]) { $1 }).code == "INVALID_REQUEST")
        for (name, value) in [
            ("type", "SOMEBODY"), ("bank_type", "ICBC_CREDIT"), ("bank_account", "6222021234567894"),
            ("bank_account", Base64.encode(Array("6222021234567894".utf8))), ("real_name", ""),
            ("bank_account", try encrypted("12-34", bank)), ("real_name", try encrypted("", bank)),
        ] {
            let answer = try await bank.goOn(refundID, good.merging([name: value]) { $1 })
            #expect(answer.code == "PARAM_ERROR", "\(name)")
        }
        #expect(await bank.counter.payouts().map(\.status) == ["ABNORMAL"])
        #expect(try await bank.goOn(refundID, good).status == 200)
        #expect(await bank.counter.payouts().map(\.status) == ["PROCESSING"])
    }

    @Test func onlyAStuckRefundGoesElsewhere() async throws {
        let bank = try await BankUnderTest()
        _ = try await bank.refund("RF-1", 5_000)
        bank.clock.move(2_000)
        let refundID = try await bank.refundID("RF-1")
        #expect(try await bank.goOn(refundID, try order(bank)).code == "INVALID_REQUEST")
        #expect(await bank.counter.payouts().map(\.status) == ["SUCCESS"])
    }

    @Test func theMerchantsOwnAccountNeedsNoCard() async throws {
        let bank = try await BankUnderTest()
        let refundID = try await stuck(bank)
        let order = ["out_refund_no": "RF-1", "type": "MERCHANT_BANK_CARD"]
        #expect(try await bank.goOn(refundID, order).status == 200)
        bank.clock.move(2_000)
        #expect(await bank.counter.payouts().map(\.status) == ["SUCCESS"])
    }

    private func stuck(_ bank: BankUnderTest) async throws -> String {
        _ = try await bank.refund("RF-1", 604)
        bank.clock.move(2_000)
        return try await bank.refundID("RF-1")
    }

    private func order(_ bank: BankUnderTest) throws -> [String: String] {
        [
            "out_refund_no": "RF-1", "type": "USER_BANK_CARD", "bank_type": "ICBC_DEBIT",
            "bank_account": try encrypted("6222021234567894", bank), "real_name": try encrypted("张三", bank),
        ]
    }

    private func encrypted(_ text: String, _ bank: BankUnderTest) throws -> String {
        Base64.encode(try RSAPublicKey(pem: bank.account.publicKeyPem).encrypt(Array(text.utf8)))
    }
}

extension BankUnderTest {
    fileprivate func refundID(_ number: String) async throws -> String {
        let answer = try await counter.answer(try request("GET", "/v3/refund/domestic/refunds/\(number)", []))
        return try BankJSON.decode(RefundAnswerMessage.self, from: answer.answer.body).refundId
    }

    fileprivate func goOn(_ refundID: String, _ order: [String: String]) async throws -> SignedAnswer {
        try await goOn(refundID, order, serial: account.publicKeyId)
    }

    fileprivate func goOn(
        _ refundID: String, _ order: [String: String], serial: String?
    ) async throws -> SignedAnswer {
        let path = "/v3/refund/domestic/refunds/\(refundID)/apply-abnormal-refund"
        let signed = try request("POST", path, BankJSON.encode(order))
        return try await counter.answer(
            BankRequest(
                method: signed.method, path: signed.path, authorization: signed.authorization, serial: serial,
                body: signed.body))
    }
}
