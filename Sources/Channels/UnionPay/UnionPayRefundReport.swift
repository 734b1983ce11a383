import RefundDomain

extension UnionPay {
    /// Reads what a message whose signature held says of a refund.
    enum RefundReport {
        /// The refund; nil when a field that we need is missing or of another kind.
        ///
        /// - Parameters:
        ///   - code: the state, which stands in different fields of answers and notices.
        ///   - order: the order that an answer was asked for; answers need not repeat the payment's numbers.
        static func read(
            _ fields: Fields, state code: String, verdict: ChannelVerdict, order: RefundOrder? = nil
        ) -> ReportedRefund? {
            guard let number = fields["orderId"], let amount = money(fields) else { return nil }
            return ReportedRefund(
                refundNumber: number, channelRefundNumber: fields["queryId"],
                channelTransactionNumber: fields["origQryId"] ?? order?.channelTransactionNumber,
                merchantOrderNumber: fields["origOrderId"] ?? order?.merchantOrderNumber, status: code,
                verdict: verdict, amount: amount, paymentTotal: nil,
                destinationText: fields["accNo"].flatMap(MaskedCard.text), settledAt: nil)
        }

        /// The code of a state or an answer; nil for anything but two letters or digits.
        static func code(_ text: String?) -> String? {
            guard let text, text.utf8.count == 2,
                text.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
            else { return nil }
            return text
        }

        /// An amount in fen, written in digits alone.
        private static func money(_ fields: Fields) -> Money? {
            guard let text = fields["txnAmt"], (1...12).contains(text.utf8.count),
                text.utf8.allSatisfy({ (48...57).contains($0) }), let fen = Int64(text),
                (fields["currencyCode"] ?? "156") == "156"
            else { return nil }
            return Money(minor: fen, currency: .cny)
        }
    }
}
