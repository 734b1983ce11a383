import RefundDomain

extension Helipay {
    /// What is asked of Helipay for one order: a form whose fields always stand in the same order.
    struct Requests: Sendable {
        let account: AccountSettings

        /// The two things that are asked.
        enum Kind: String {
            case refund = "AppPayRefund"
            case question = "AppPayRefundQuery"

            /// The signed fields of the answer, in their order.
            var answerNames: [String] {
                let start = [
                    "rt1_bizType", "rt2_retCode", "rt4_customerNumber", "rt5_orderId", "rt6_refundOrderNum",
                    "rt7_serialNumber",
                ]
                return switch self {
                case .refund: start + ["rt8_amount", "rt9_currency"]
                case .question: start + ["rt8_orderStatus", "rt9_amount", "rt10_currency"]
                }
            }
        }

        private static let numberBytesMax = 50

        /// The body that orders the refund; nil when the order cannot be said to this channel.
        ///
        /// Helipay knows a payment by the merchant's order number alone.
        func refund(_ order: RefundOrder) -> [UInt8]? {
            guard Self.isNumber(order.refundNumber), let payment = order.merchantOrderNumber, Self.isNumber(payment),
                order.purpose == .refund, order.detour == nil, order.amount.minor > 0,
                order.paymentTotal.currency == .cny, let amount = YuanText.write(order.amount),
                order.noticeAddress?.contains("&") != true
            else { return nil }
            return signed([
                ("P1_bizType", Kind.refund.rawValue), ("P2_orderId", payment),
                ("P3_customerNumber", account.merchantNumber), ("P4_refundOrderId", order.refundNumber),
                ("P5_amount", amount), ("P6_callbackUrl", order.noticeAddress ?? ""),
            ])
        }

        /// The body that asks what became of it.
        func question(_ order: RefundOrder) -> [UInt8]? {
            guard Self.isNumber(order.refundNumber) else { return nil }
            return signed([
                ("P1_bizType", Kind.question.rawValue), ("P2_refundOrderId", order.refundNumber),
                ("P3_customerNumber", account.merchantNumber),
            ])
        }

        /// Every field here is signed; an empty one is left out and signed as empty.
        private func signed(_ fields: [(name: String, value: String)]) -> [UInt8] {
            let signature = account.seal.signature(over: fields.map(\.value))
            let all =
                fields.filter { !$0.value.isEmpty } + [
                    (name: "signatureType", value: "MD5"), (name: "sign", signature),
                ]
            return Array(all.map { "\($0.name)=\(FormText.encode($0.value))" }.joined(separator: "&").utf8)
        }

        /// Letters, digits, `_` and `-`: which others may stand in a number is not public.
        private static func isNumber(_ text: String) -> Bool {
            text.utf8.count <= numberBytesMax && PlainWord.isOne(text) && !text.contains(".")
        }
    }
}
