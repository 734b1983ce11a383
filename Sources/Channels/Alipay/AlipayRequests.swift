import RefundDomain
import Vault

extension Alipay {
    /// What is asked of Alipay for one order.
    ///
    /// `biz_content` is written by hand in a fixed order, so that the same order makes the same text for ever.
    struct Requests: Sendable {
        let account: AccountSettings

        /// The methods that this client calls.
        enum Method: String {
            case refund = "alipay.trade.refund"
            case refundQuery = "alipay.trade.fastpay.refund.query"
            case tradeQuery = "alipay.trade.query"

            /// The member of the answer that holds what it says.
            var answerName: String { rawValue.map { $0 == "." ? "_" : String($0) }.joined() + "_response" }
        }

        /// The longest numbers and the longest reason that Alipay takes, in characters.
        private static let numberCharactersMax = 64
        private static let reasonCharactersMax = 256
        private static let secondsAheadOfUTC: Int64 = 8 * 3600

        /// `biz_content` of the refund; nil when the order cannot be said to this channel.
        func refund(_ order: RefundOrder) -> String? {
            guard let payment = payment(order), let amount = YuanText.write(order.amount), order.amount.minor > 0,
                order.purpose == .refund, order.paymentTotal.currency == .cny
            else { return nil }
            var members = payment + [("out_request_no", order.refundNumber), ("refund_amount", amount)]
            if let reason = order.reason, !reason.isEmpty {
                members.append(("refund_reason", String(reason.prefix(Self.reasonCharactersMax))))
            }
            return "{" + members.map(Self.member).joined(separator: ",") + "}"
        }

        /// `biz_content` of the question what became of it.
        func refundQuery(_ order: RefundOrder) -> String? {
            guard let payment = payment(order) else { return nil }
            let members = (payment + [("out_request_no", order.refundNumber)]).map(Self.member)
            let options = #""query_options":["deposit_back_info","gmt_refund_pay"]"#
            return "{" + (members + [options]).joined(separator: ",") + "}"
        }

        /// `biz_content` of the question in which state the order's payment is.
        func tradeQuery(_ order: RefundOrder) -> String? {
            payment(order).map { "{" + $0.map(Self.member).joined(separator: ",") + "}" }
        }

        /// The signed body of a request.
        ///
        /// - Throws: when the key cannot sign.
        func body(_ method: Method, _ content: String, at now: Moment) throws -> [UInt8] {
            var fields = [
                "app_id": account.application, "method": method.rawValue, "format": "JSON", "charset": "utf-8",
                "sign_type": "RSA2", "timestamp": Self.beijing(now), "version": "1.0", "biz_content": content,
            ]
            fields["app_auth_token"] = account.authorization
            if case .certificates(_, let own) = account.trust {
                fields["app_cert_sn"] = own.application
                fields["alipay_root_cert_sn"] = own.roots
            }
            let signature = try account.privateKey.sign(Array(Alipay.signedText(fields).utf8))
            fields["sign"] = Base64.encode(signature)
            let pairs = fields.sorted { $0.key < $1.key }
            return Array(pairs.map { "\($0.key)=\(FormText.encode($0.value))" }.joined(separator: "&").utf8)
        }

        /// Exactly one of the payment's two numbers; Alipay's own is preferred.
        private func payment(_ order: RefundOrder) -> [(String, String)]? {
            guard Self.isNumber(order.refundNumber) else { return nil }
            if let number = order.channelTransactionNumber {
                return Self.isNumber(number) ? [("trade_no", number)] : nil
            }
            guard let number = order.merchantOrderNumber, Self.isNumber(number) else { return nil }
            return [("out_trade_no", number)]
        }

        /// Letters, digits and `_-|*@`.
        private static func isNumber(_ text: String) -> Bool {
            (1...numberCharactersMax).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                        || "_-|*@".utf8.contains(byte)
                }
        }

        private static func member(_ pair: (name: String, value: String)) -> String {
            JSONText.member(pair.name, pair.value)
        }

        /// `2026-11-22 17:00:00`, Beijing time.
        private static func beijing(_ moment: Moment) -> String {
            LocalTime(moment, secondsAheadOfUTC: secondsAheadOfUTC).iso.replacing("T", with: " ")
        }
    }

    /// The text that a request or a notice is signed over: fields that are not empty, sorted, with their raw values.
    static func signedText(_ fields: [String: String]) -> String {
        fields.filter { !$0.value.isEmpty && $0.key != "sign" }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }
}
