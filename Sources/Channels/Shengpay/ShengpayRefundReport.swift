import RefundDomain

extension Shengpay {
    /// Reads what an answer says of a refund, whose signature was checked where it has one.
    struct RefundReport: Sendable {
        let account: AccountSettings

        /// The answer to sending: a success says that the order was taken on, never that it is done.
        func ofRefund(_ fields: Fields, _ order: RefundOrder) -> ChannelAnswer {
            guard Self.isSuccess(fields) else { return refusal(fields, order) }
            guard fields.isSigned else { return .alert(.unsigned) }
            guard fields["outRefundNo"] != nil, fields["refundFee"] != nil else {
                return .alert(.unreadable, verified: true)
            }
            return answer(fields, order, status: "SUCCESS", verdict: .accepted)
        }

        /// The answer to asking: only the words that the acquirer named mean anything.
        func ofQuestion(_ fields: Fields, _ question: Question, _ order: RefundOrder) -> ChannelAnswer {
            guard Self.isSuccess(fields) else {
                let code = fields.word("errorCode")
                let isNotFound = isNo(fields, to: order) && question.notFoundCodes.contains(code)
                return ChannelAnswer(
                    verdict: isNotFound ? .neverSeen : .unknown, code: shown(code), verified: fields.isSigned)
            }
            guard fields.isSigned else { return .alert(.unsigned) }
            let status = fields.word(question.stateName)
            guard fields["outRefundNo"] != nil, fields["refundFee"] != nil, !status.isEmpty else {
                return .alert(.unreadable, verified: true)
            }
            return answer(fields, order, status: status, verdict: Self.verdict(status, question))
        }

        /// What a notice says, to be held against the order that it names; it never decides.
        func ofNotice(_ fields: Fields, number: String) -> ReportedRefund {
            let status = account.question.map { fields.word($0.stateName) } ?? ""
            let verdict = account.question.flatMap { Self.verdict(status, $0) }
            return report(fields, number: number, status: status, verdict: verdict ?? .accepted)
        }

        private static func isSuccess(_ fields: Fields) -> Bool {
            fields["returnCode"] == "SUCCESS" && fields["resultCode"] == "SUCCESS"
        }

        /// A no ends a refund only when it is signed, about this refund, and the acquirer named its code as final.
        private func refusal(_ fields: Fields, _ order: RefundOrder) -> ChannelAnswer {
            let code = fields.word("errorCode")
            let verdict: ChannelVerdict =
                switch code {
                case _ where !isNo(fields, to: order): .unknown
                case _ where account.failedCodes.contains(code): .failed
                case _ where account.noFundsCodes.contains(code): .noFunds
                default: .unknown
                }
            return ChannelAnswer(verdict: verdict, code: shown(code), verified: fields.isSigned)
        }

        /// Whether it is a signed no to this order: one to another order must never end it.
        private func isNo(_ fields: Fields, to order: RefundOrder) -> Bool {
            guard fields.isSigned, fields["returnCode"] == "SUCCESS", fields["resultCode"] == "FAIL",
                let number = fields["outRefundNo"], sameBytes(number, order.refundNumber)
            else { return false }
            return fields["mchId"].map { sameBytes($0, account.merchantNumber) } ?? true
        }

        private static func verdict(_ status: String, _ question: Question) -> ChannelVerdict? {
            if question.succeeded.contains(status) { return .succeeded }
            if question.pending.contains(status) { return .accepted }
            return question.failed.contains(status) ? .failed : nil
        }

        private func answer(
            _ fields: Fields, _ order: RefundOrder, status: String, verdict: ChannelVerdict?
        ) -> ChannelAnswer {
            if let told = fields["mchId"], !sameBytes(told, account.merchantNumber) {
                return .alert(.wrongPayment, verified: true)
            }
            let number = fields["outRefundNo"] ?? ""
            return report(fields, number: number, status: status, verdict: verdict).answer(to: order)
        }

        private func report(
            _ fields: Fields, number: String, status: String, verdict: ChannelVerdict?
        ) -> ReportedRefund {
            ReportedRefund(
                refundNumber: number, channelRefundNumber: fields["refundId"],
                channelTransactionNumber: fields["transactionId"], merchantOrderNumber: fields["outTradeNo"],
                status: status, verdict: verdict, amount: Self.money(fields["refundFee"]),
                paymentTotal: Self.money(fields["totalFee"]), destinationText: nil, settledAt: nil)
        }

        /// Fen as digits; what is told and is no amount is an amount that fits no order.
        private static func money(_ text: String?) -> Money? {
            guard let text else { return nil }
            let isPlain = (1...15).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
            return (isPlain ? Int64(text) : nil).flatMap { Money(minor: $0, currency: .cny) } ?? .zero(.cny)
        }

        private func shown(_ code: String) -> String { code.isEmpty ? "FAIL" : code }
    }
}
