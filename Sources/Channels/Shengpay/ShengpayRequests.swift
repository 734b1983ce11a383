import RefundDomain
import Vault

extension Shengpay {
    /// What is asked of Shengpay for one order: JSON whose members always stand in the same order.
    struct Requests: Sendable {
        let account: AccountSettings
        let nonce: @Sendable () throws -> String

        /// One member; numbers and texts are signed alike.
        struct Member {
            let name: String
            let text: String
            var isNumber = false

            var json: String {
                isNumber ? "\(JSONText.quoted(name)):\(text)" : JSONText.member(name, text)
            }
        }

        private static let numberBytesMax = 32
        private static let reasonBytesMax = 128
        private static let addressBytesMax = 300

        /// The members of the refund; nil when the order cannot be said to this channel.
        func refund(_ order: RefundOrder) -> [Member]? {
            guard Self.isNumber(order.refundNumber), let payment = payment(order), order.purpose == .refund,
                order.detour == nil, order.amount.minor > 0, order.amount.currency == .cny,
                order.paymentTotal.currency == .cny
            else { return nil }
            var members = merchant + payment
            members += [
                Member(name: "outRefundNo", text: order.refundNumber),
                Member(name: "refundFee", text: String(order.amount.minor), isNumber: true),
                Member(name: "totalFee", text: String(order.paymentTotal.minor), isNumber: true),
            ]
            if let reason = order.reason.map(Self.cut), !reason.isEmpty {
                members.append(Member(name: "refundDesc", text: reason))
            }
            if let address = order.noticeAddress {
                guard address.utf8.count <= Self.addressBytesMax, !address.contains("?") else { return nil }
                members.append(Member(name: "notifyUrl", text: address))
            }
            return members
        }

        /// The members of the question what became of it.
        func question(_ order: RefundOrder) -> [Member]? {
            guard Self.isNumber(order.refundNumber) else { return nil }
            return merchant + [Member(name: "outRefundNo", text: order.refundNumber)]
        }

        /// The signed body.
        ///
        /// - Throws: when there is no nonce or the key cannot sign.
        func body(_ members: [Member]) throws -> [UInt8] {
            var all = members
            all += [Member(name: "nonceStr", text: try nonce()), Member(name: "signType", text: "RSA")]
            let fields = Dictionary(all.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
            let signature = try account.privateKey.sign(Array(Shengpay.signedText(fields).utf8))
            all.append(Member(name: "sign", text: Base64.encode(signature)))
            return Array(("{" + all.map(\.json).joined(separator: ",") + "}").utf8)
        }

        private var merchant: [Member] {
            let names = [
                ("mchId", account.merchantNumber), ("appId", account.application),
                ("subMchId", account.subMerchantNumber),
            ]
            return names.compactMap { name, text in text.map { Member(name: name, text: $0) } }
        }

        /// Exactly one of the payment's two numbers; Shengpay's own is preferred.
        private func payment(_ order: RefundOrder) -> [Member]? {
            if let number = order.channelTransactionNumber {
                return Self.isNumber(number) ? [Member(name: "transactionId", text: number)] : nil
            }
            guard let number = order.merchantOrderNumber, Self.isNumber(number) else { return nil }
            return [Member(name: "outTradeNo", text: number)]
        }

        /// Letters, digits, `_` and `-`: which others may stand in a number is not public.
        private static func isNumber(_ text: String) -> Bool {
            text.utf8.count <= numberBytesMax && PlainWord.isOne(text) && !text.contains(".")
        }

        /// The first so many bytes, never half a character.
        private static func cut(_ text: String) -> String {
            var result = ""
            for character in text {
                guard (result + String(character)).utf8.count <= reasonBytesMax else { break }
                result.append(character)
            }
            return result
        }
    }
}
