import RefundDomain

extension WeChatPay {
    /// The body of a refund request (merchant document 4012587971).
    ///
    /// Written by hand in a fixed order, so that the same order makes the same bytes for ever: a retry must not
    /// differ from what was sent first.
    enum RefundBody {
        /// The longest `reason` that the channel takes, in bytes of UTF-8.
        static let reasonBytesMax = 80

        /// The body; nil when the order has neither number of its payment or is not in CNY.
        static func bytes(_ order: RefundOrder, subMerchantNumber: String?) -> [UInt8]? {
            guard order.amount.currency == .cny, order.paymentTotal.currency == .cny else { return nil }
            guard let payment = paymentMember(order) else { return nil }
            var members: [String] = []
            if let subMerchantNumber { members.append(JSONText.member("sub_mchid", subMerchantNumber)) }
            members.append(payment)
            members.append(JSONText.member("out_refund_no", order.refundNumber))
            if let reason = order.reason.map({ TextCut.text($0, bytesMax: reasonBytesMax) }), !reason.isEmpty {
                members.append(JSONText.member("reason", reason))
            }
            if let address = order.noticeAddress { members.append(JSONText.member("notify_url", address)) }
            let figures = "\"refund\":\(order.amount.minor),\"total\":\(order.paymentTotal.minor),\"currency\":\"CNY\""
            members.append("\"amount\":{\(figures)}")
            return Array("{\(members.joined(separator: ","))}".utf8)
        }

        /// Exactly one of the two; the channel's own number is preferred.
        private static func paymentMember(_ order: RefundOrder) -> String? {
            if let number = order.channelTransactionNumber { return JSONText.member("transaction_id", number) }
            return order.merchantOrderNumber.map { JSONText.member("out_trade_no", $0) }
        }
    }
}
