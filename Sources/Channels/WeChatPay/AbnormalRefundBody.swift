import RefundDomain
import Vault

extension WeChatPay {
    /// The order to pay a refund that is stuck to another card (merchant document 4012810603, "abnormal refund").
    ///
    /// It continues the refund under its own two numbers, so that it can never be paid twice. Card and name are
    /// encrypted, with other bytes each time: this body is not the same twice, unlike that of a refund.
    struct AbnormalRefundBody: Sendable {
        let bytes: [UInt8]
        /// Names the key that the card and the name are encrypted with.
        let serial: String

        /// The order; nil when it cannot be said: no account, a bank that the channel does not pay to, another
        /// currency, or no key to encrypt with.
        init?(_ order: RefundOrder, subMerchantNumber: String?, keys: PlatformKeys, at now: Moment) {
            guard order.amount.currency == .cny, let detour = order.detour, let payee = detour.destination,
                let bank = PayeeBank(named: payee.bank), let key = keys.encryptionKey(at: now),
                let account = try? key.encrypter.encrypt(Array(payee.account.utf8)),
                let holder = try? key.encrypter.encrypt(Array(payee.holder.utf8))
            else { return nil }
            var members: [String] = []
            if let subMerchantNumber { members.append(JSONText.member("sub_mchid", subMerchantNumber)) }
            members += [
                JSONText.member("out_refund_no", detour.refundNumber), JSONText.member("type", "USER_BANK_CARD"),
                JSONText.member("bank_type", Self.word(for: bank)),
                JSONText.member("bank_account", Base64.encode(account)),
                JSONText.member("real_name", Base64.encode(holder)),
            ]
            bytes = Array("{\(members.joined(separator: ","))}".utf8)
            serial = key.serial
        }

        /// The channel's word for a debit card of a bank (document v2/merchant/4011941162, "bank types").
        private static func word(for bank: PayeeBank) -> String {
            "\(bank.rawValue.uppercased())_DEBIT"
        }
    }
}
