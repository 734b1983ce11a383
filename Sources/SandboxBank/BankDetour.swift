import Foundation
import Vault

/// The way of a refund that was stuck to another account (merchant document 4012810603).
package struct BankDetour: Codable, Sendable, Hashable {
    /// From 1.
    let round: Int
    /// `USER_BANK_CARD` or `MERCHANT_BANK_CARD`.
    let type: String
    /// As people read it: the bank and the last four digits.
    let account: String
    /// Tells whether a request is the same again; made with the merchant's secret, so that no card can be read from it.
    let fingerprint: String
    /// The last four digits of the account; empty for the merchant's.
    let last4: String
    /// Milliseconds since 1970.
    let takenAt: Int64

    /// An account that ends in 0001 to 0019 misbehaves as ¥6.01 to ¥6.19 do.
    var misbehaviour: Misbehaviour? { BankDetour.misbehaviour(last4) }

    static func misbehaviour(_ last4: String) -> Misbehaviour? {
        last4.count == 4 ? Int64(last4).flatMap { Misbehaviour(rawValue: 600 + $0) } : nil
    }
}

/// A request to pay a stuck refund elsewhere; names are the channel's, in our spelling.
struct DetourMessage: Codable, Sendable {
    let outRefundNo: String
    let type: String
    let bankType: String?
    /// Encrypted, base 64.
    let bankAccount: String?
    /// Encrypted, base 64.
    let realName: String?

    /// Banks whose debit cards are paid to.
    static let bankTypes: Set<String> = [
        "ICBC_DEBIT", "ABC_DEBIT", "BOC_DEBIT", "CCB_DEBIT", "COMM_DEBIT", "CMB_DEBIT", "PSBC_DEBIT", "SPDB_DEBIT",
        "CMBC_DEBIT", "CITIC_DEBIT", "CEB_DEBIT", "CIB_DEBIT", "GDB_DEBIT", "PAB_DEBIT", "NBCB_DEBIT",
    ]
    private static let cardDigits = 12...19

    /// Where the money is to go.
    struct Account {
        let text: String
        let number: String
        let name: String
    }

    /// Opens and checks the account.
    func account(_ keys: BankKeyRing) -> Result<Account, RefundMessage.Fault> {
        if type == "MERCHANT_BANK_CARD" { return .success(Account(text: "商户银行账户", number: "", name: "")) }
        guard type == "USER_BANK_CARD" else { return .failure(.init(text: "type 错误")) }
        guard let bankType, DetourMessage.bankTypes.contains(bankType) else {
            return .failure(.init(text: "bank_type 错误"))
        }
        guard let number = bankAccount.flatMap(keys.decrypted), DetourMessage.cardDigits.contains(number.utf8.count),
            number.utf8.allSatisfy({ (48...57).contains($0) })
        else { return .failure(.init(text: "bank_account 解密失败或格式错误")) }
        guard let name = realName.flatMap(keys.decrypted), !name.isEmpty else {
            return .failure(.init(text: "real_name 解密失败或为空"))
        }
        return .success(Account(text: "\(bankType) \(number.suffix(4))", number: number, name: name))
    }
}

extension BankKeyRing {
    /// A field that was encrypted with the bank's public key; nil for any other.
    func decrypted(_ field: String) -> String? {
        guard let sealed = Base64.decode(field), let plain = try? platform.decrypt(sealed) else { return nil }
        return String(validating: plain, as: UTF8.self)
    }

    /// Tells two accounts apart without naming them.
    func fingerprint(_ account: DetourMessage.Account, of merchant: String) -> String {
        let secret = Array((merchants[merchant]?.apiV3Key ?? "").utf8)
        let text = "\(account.number)\n\(account.name)"
        return String(Hex.encode(Digest.hmacSHA256(key: secret, message: Array(text.utf8))))
    }
}

extension Bank {
    /// Pays a stuck refund to another account: the same refund goes on, so that it can never be paid twice.
    func goOn(
        _ request: BankRequest, refundID: String, from merchant: String, _ books: BankBooks, now: Int64
    ) -> Decision {
        guard let order = try? BankJSON.decode(DetourMessage.self, from: request.body) else {
            return refuse(.paramError("请求不是有效的JSON或缺少参数"))
        }
        guard let refund = books.refund(id: refundID, of: merchant) else { return refuse(.notFound) }
        guard refund.number == order.outRefundNo else { return refuse(.invalidRequest("退款单号与微信退款单号不一致")) }
        guard request.serial == keys.publicKeyID else { return refuse(.paramError("Wechatpay-Serial 错误")) }
        let account: DetourMessage.Account
        switch order.account(keys) {
        case .success(let found): account = found
        case .failure(let fault): return refuse(.paramError(fault.text))
        }
        let fingerprint = keys.fingerprint(account, of: merchant)
        let status = refund.status(at: now, tempo)
        guard status == .abnormal else {
            // The same order again gets the state of it.
            guard refund.detour?.fingerprint == fingerprint else { return refuse(.invalidRequest("退款单状态不是退款异常")) }
            return Decision(answer: BankAnswer(refund.message(status, tempo)))
        }
        let detour = BankDetour(
            round: (refund.detour?.round ?? 0) + 1, type: order.type, account: account.text, fingerprint: fingerprint,
            last4: String(account.number.suffix(4)), takenAt: now)
        let attempt = "\(refundID)/\(detour.round)"
        if let (count, no) = detour.misbehaviour?.noes, books.refusalCount(attempt, of: merchant) < count {
            let record = BankRecord.refused(merchant: merchant, number: attempt, code: "\(no)")
            return Decision(records: [record], answer: BankAnswer(Refusal(no)))
        }
        var next = refund
        next.detour = detour
        return Decision(
            records: [.detour(merchant: merchant, number: refund.number, detour: detour)],
            answer: firstAnswer(to: next, now: now))
    }
}
