import RefundDomain

extension Helipay {
    /// Reads what an answer says of a refund.
    struct RefundReport: Sendable {
        let account: AccountSettings

        /// `0000` done and `0001` taken on: clients take both for an order that was taken on.
        static let acceptedCodes: Set<String> = ["0000", "0001"]

        /// The answer to sending: a success says that the order was taken on, never that it is done.
        func ofRefund(_ answer: Answer, _ order: RefundOrder) -> ChannelAnswer {
            let code = PlainWord.of(answer["rt2_retCode"])
            guard Self.acceptedCodes.contains(code) else {
                let verdict: ChannelVerdict =
                    switch code {
                    case _ where !isOurs(answer, .refund, order): .unknown
                    case _ where account.failedCodes.contains(code): .failed
                    case _ where account.noFundsCodes.contains(code): .noFunds
                    default: .unknown
                    }
                return refusal(verdict, code, answer)
            }
            return story(
                answer, .refund, order, status: code, verdict: .accepted, amount: answer["rt8_amount"],
                currency: answer["rt9_currency"])
        }

        /// The answer to asking. A question that fails says nothing about the refund.
        func ofQuestion(_ answer: Answer, _ order: RefundOrder) -> ChannelAnswer {
            let code = PlainWord.of(answer["rt2_retCode"])
            guard Self.acceptedCodes.contains(code) else {
                let isUnseen = isOurs(answer, .question, order) && account.notFoundCodes.contains(code)
                return refusal(isUnseen ? .neverSeen : .unknown, code, answer)
            }
            let status = PlainWord.of(answer["rt8_orderStatus"])
            return story(
                answer, .question, order, status: status, verdict: Self.verdict(status), amount: answer["rt9_amount"],
                currency: answer["rt10_currency"])
        }

        /// What the word for a state means; nil for one that no client documents.
        static func verdict(_ status: String) -> ChannelVerdict? {
            switch status {
            case "SUCCESS": .succeeded
            case "BEFORERECEIVE", "RECEIVE", "INIT", "DOING": .accepted
            case "FAIL", "CLOSE": .failed
            default: nil
            }
        }

        private func story(
            _ answer: Answer, _ kind: Requests.Kind, _ order: RefundOrder, status: String, verdict: ChannelVerdict?,
            amount text: String?, currency: String?
        ) -> ChannelAnswer {
            guard answer.isSigned else { return .alert(.unsigned) }
            guard let number = answer["rt6_refundOrderNum"], let amount = text.flatMap(YuanText.read),
                answer["rt1_bizType"] == kind.rawValue
            else { return .alert(.unreadable, verified: true) }
            guard let told = answer["rt4_customerNumber"], sameBytes(told, account.merchantNumber) else {
                return .alert(.wrongPayment, verified: true)
            }
            guard currency ?? "CNY" == "CNY" else { return .alert(.wrongAmount, verified: true) }
            let refund = ReportedRefund(
                refundNumber: number, channelRefundNumber: answer["rt7_serialNumber"], channelTransactionNumber: nil,
                merchantOrderNumber: answer["rt5_orderId"], status: status, verdict: verdict, amount: amount,
                paymentTotal: nil, destinationText: nil, settledAt: nil)
            return refund.answer(to: order)
        }

        /// Whether a signed answer is about this order: a no to another one must never end it.
        private func isOurs(_ answer: Answer, _ kind: Requests.Kind, _ order: RefundOrder) -> Bool {
            guard answer.isSigned, let number = answer["rt6_refundOrderNum"], let told = answer["rt4_customerNumber"]
            else { return false }
            return sameBytes(number, order.refundNumber) && sameBytes(told, account.merchantNumber)
                && answer["rt1_bizType"] == kind.rawValue
        }

        private func refusal(_ verdict: ChannelVerdict, _ code: String, _ answer: Answer) -> ChannelAnswer {
            ChannelAnswer(verdict: verdict, code: code.isEmpty ? "no rt2_retCode" : code, verified: answer.isSigned)
        }
    }
}
