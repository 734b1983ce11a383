import RefundDomain

extension UnionPay {
    /// What is asked of the channel for one order, before it is signed (interfaces 756, 757 and 800).
    ///
    /// Everything comes from the order and the account, so that the same order makes the same message for ever.
    struct Requests: Sendable {
        let account: AccountSettings

        /// The longest number of an order, and the most digits of an amount.
        private static let orderNumberBytes = 8...40
        private static let amountMax: Int64 = 999_999_999_999

        /// The refund (退货) or, where the order says so, the void (消费撤销); nil when the order cannot be
        /// said to this channel.
        func refund(_ order: RefundOrder) -> Fields? {
            guard Self.isNumber(order.refundNumber, Self.orderNumberBytes), order.amount.currency == .cny,
                order.paymentTotal.currency == .cny, (1...Self.amountMax).contains(order.amount.minor),
                let noticeAddress = order.noticeAddress, var fields = payment(of: order)
            else { return nil }
            guard order.purpose == .refund || order.amount == order.paymentTotal else { return nil }
            fields["txnType"] = kind(order).rawValue
            fields["txnSubType"] = "00"
            fields["bizType"] = account.businessType
            fields["channelType"] = account.channelType
            fields["txnAmt"] = String(order.amount.minor)
            fields["currencyCode"] = "156"
            fields["backUrl"] = noticeAddress
            fields.add(common(order))
            return fields
        }

        /// The question what became of the order.
        func query(_ order: RefundOrder) -> Fields? {
            guard Self.isNumber(order.refundNumber, Self.orderNumberBytes) else { return nil }
            var fields = common(order)
            fields["txnType"] = "00"
            fields["txnSubType"] = "00"
            fields["bizType"] = "000000"
            return fields
        }

        /// What the channel is asked for by this order, each time it is sent and asked about.
        func kind(_ order: RefundOrder) -> Kind {
            switch order.purpose {
            case .void: .void
            case .refund: .refund
            }
        }

        private func common(_ order: RefundOrder) -> Fields {
            Fields([
                "version": version, "encoding": "UTF-8", "accessType": "0", "merId": account.merchantNumber,
                "orderId": order.refundNumber, "txnTime": BeijingTime.text(order.firstSentAt),
            ])
        }

        /// The payment by the channel's own number, or else by the merchant's number and its time.
        private func payment(of order: RefundOrder) -> Fields? {
            if let number = order.channelTransactionNumber {
                return Self.isNumber(number, 1...21) ? Fields(["origQryId": number]) : nil
            }
            guard let number = order.merchantOrderNumber, Self.isNumber(number, Self.orderNumberBytes) else {
                return nil
            }
            return Fields(["origOrderId": number, "origTxnTime": BeijingTime.text(order.paidAt)])
        }

        private static func isNumber(_ text: String, _ bytes: ClosedRange<Int>) -> Bool {
            bytes.contains(text.utf8.count)
                && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
        }
    }

    /// What a transaction is (`txnType`).
    enum Kind: String, Sendable {
        case refund = "04"
        case void = "31"
    }
}
