import RefundDomain

extension Alipay {
    /// Reads what an answer whose signature held says of a refund.
    enum RefundReport {
        /// The answer to sending with code `10000`: only `fund_change` Y says that this call moved money.
        ///
        /// `refund_fee` adds up all refunds of the payment, so that it can only be held to be no less than ours.
        static func ofRefund(_ json: StrictJSON, _ order: RefundOrder) -> ChannelAnswer {
            guard isOfPayment(json, order) else { return doubtful(.wrongPayment) }
            guard json["fund_change"]?.text == "Y" else {
                return ChannelAnswer(verdict: .unknown, code: "fund_change N", verified: true)
            }
            guard let text = json["refund_fee"]?.text, let total = YuanText.read(text) else {
                return doubtful(.unreadable)
            }
            guard order.amount <= total, total <= order.paymentTotal else { return doubtful(.wrongAmount) }
            return ChannelAnswer(
                verdict: .succeeded, code: "fund_change Y", channelRefundNumber: nil,
                settledAt: moment(json["gmt_refund_pay"]), verified: true)
        }

        /// The answer to asking: without `refund_status` the refund was not executed, or was never received.
        static func ofQuery(_ json: StrictJSON, _ order: RefundOrder, depositBackFailed: String) -> ChannelAnswer {
            guard let status = json["refund_status"]?.text else {
                return ChannelAnswer(verdict: .neverSeen, code: "no refund_status", verified: true)
            }
            guard json["out_request_no"]?.text.map({ sameBytes($0, order.refundNumber) }) ?? false else {
                return doubtful(.wrongNumber)
            }
            guard isOfPayment(json, order) else { return doubtful(.wrongPayment) }
            guard let amount = money(json, "refund_amount"), amount == order.amount,
                json["total_amount"] == nil || money(json, "total_amount") == order.paymentTotal
            else { return doubtful(.wrongAmount) }
            guard status == "REFUND_SUCCESS" else { return doubtful(.unknownStatus) }
            let isReturned = json["deposit_back_info"]?["dback_status"]?.text == depositBackFailed
            return ChannelAnswer(
                verdict: isReturned ? .returned : .succeeded,
                code: isReturned ? "dback_status \(depositBackFailed)" : status,
                settledAt: moment(json["gmt_refund_pay"]), verified: true, amount: amount)
        }

        /// `2026-11-22 17:00:00` in Beijing time; nil for anything else.
        static func moment(_ member: StrictJSON?) -> Moment? {
            guard let text = member?.text, text.utf8.count == 19 else { return nil }
            return LocalTime(iso: text.replacing(" ", with: "T"))?.moment(secondsAheadOfUTC: 8 * 3600)
        }

        static func money(_ json: StrictJSON, _ name: String) -> Money? {
            json[name]?.text.flatMap(YuanText.read)
        }

        /// Whether it is of the order's payment: no number differs from one that we know, and at least one is the same.
        static func isOfPayment(_ json: StrictJSON, _ order: RefundOrder) -> Bool {
            let pairs = [
                (json["trade_no"]?.text, order.channelTransactionNumber),
                (json["out_trade_no"]?.text, order.merchantOrderNumber),
            ]
            let known = pairs.compactMap { told, ours in told.flatMap { told in ours.map { sameBytes(told, $0) } } }
            return !known.isEmpty && known.allSatisfy(\.self)
        }

        private static func doubtful(_ alert: ChannelAlert) -> ChannelAnswer {
            ChannelAnswer(verdict: .unknown, code: alert.rawValue, verified: true)
        }
    }
}
