import RefundDomain

extension Lakala {
    /// Reads what an answer whose signature held says of a refund.
    struct RefundReport: Sendable {
        let account: AccountSettings

        /// What the bank cards' refund may leave out of its answers; the other one has both.
        private static let number: Set<String> = ["out_trade_no"]
        private static let numberAndAmount: Set<String> = ["out_trade_no", "refund_amount"]

        /// The answer to sending with code `000000`.
        ///
        /// The bank cards' refund need not tell a state: it was taken on, and asking tells the rest.
        func ofRefund(_ data: StrictJSON?, _ order: RefundOrder) -> ChannelAnswer {
            guard let data, case .object = data else { return doubtful(.unreadable) }
            switch account.product {
            case .refundFront:
                guard let merchant = Self.text(data, "merchant_no") else { return doubtful(.unreadable) }
                guard sameBytes(merchant, account.merchantNumber) else { return doubtful(.wrongPayment) }
                return answer(data, order, data["trade_state"])
            case .tradeRefund:
                let state = Self.has(data, "trade_state") ? data["trade_state"] : .string("PROCESSING")
                return answer(data, order, state, mayOmit: Self.numberAndAmount)
            }
        }

        /// The answer to asking with code `000000`; nil when it tells of no refund at all.
        func ofQuery(_ data: StrictJSON?, _ order: RefundOrder) -> ChannelAnswer? {
            guard let data, case .object = data else { return doubtful(.unreadable) }
            switch account.product {
            case .refundFront: return answer(data, order, data["trade_state"])
            case .tradeRefund:
                guard case .array(let list)? = data["refund_list"] else { return doubtful(.unreadable) }
                return answer(list, order)
            }
        }

        /// The one of a list that carries our number. Asked for by it, a bank card's refund may come alone and without.
        private func answer(_ list: [StrictJSON], _ order: RefundOrder) -> ChannelAnswer? {
            if list.isEmpty { return nil }
            let ours = list.filter { $0["out_trade_no"]?.text.map { sameBytes($0, order.refundNumber) } ?? false }
            let found = ours.isEmpty ? list : ours
            guard found.count == 1, let one = found.first else { return doubtful(.wrongNumber) }
            return answer(one, order, one["trade_state"], mayOmit: Self.number)
        }

        private func answer(
            _ data: StrictJSON, _ order: RefundOrder, _ state: StrictJSON?, mayOmit: Set<String> = []
        ) -> ChannelAnswer {
            guard let state = state?.text, Answer.isWord(state),
                Self.numberAndAmount.subtracting(mayOmit).allSatisfy({ Self.has(data, $0) }),
                let amount = Self.money(data, "refund_amount", or: order.amount),
                let paid = Self.money(data, "payer_amount", or: amount)
            else { return doubtful(.unreadable) }
            // What the payer gets back may be less, when a coupon paid a part; never more.
            guard paid <= amount else { return doubtful(.wrongAmount) }
            guard isOfPayment(data, order) else { return doubtful(.wrongPayment) }
            let verdict = ErrorMeaning.ofState(state)
            let refund = ReportedRefund(
                refundNumber: Self.has(data, "out_trade_no") ? data["out_trade_no"]?.text ?? "" : order.refundNumber,
                channelRefundNumber: Self.text(data, "trade_no") ?? Self.text(data, "log_no"),
                channelTransactionNumber: nil, merchantOrderNumber: nil, status: state, verdict: verdict,
                amount: amount, paymentTotal: nil, destinationText: Self.destination(data),
                settledAt: verdict == .succeeded ? data["trade_time"]?.text.flatMap(BeijingTime.moment) : nil,
                mayOmitPayment: true)
            return refund.answer(to: order)
        }

        /// Whether every number of the payment that the answer repeats is the one that was sent; it need repeat none.
        private func isOfPayment(_ data: StrictJSON, _ order: RefundOrder) -> Bool {
            let numbers = Requests(account: account).numbers(of: order)
            return numbers.allSatisfy { name, sent in
                Self.text(data, name).map { sameBytes($0, sent) } ?? true
            }
        }

        /// The card with its middle hidden, or Lakala's word for the wallet.
        private static func destination(_ data: StrictJSON) -> String? {
            if let card = text(data, "crd_no").flatMap(MaskedCard.text) { return card }
            return text(data, "account_type").flatMap { Answer.isWord($0) ? $0 : nil }
        }

        /// An amount; the other one where the channel leaves it out, nil for what is none.
        private static func money(_ data: StrictJSON, _ name: String, or other: Money) -> Money? {
            has(data, name) ? data[name]?.text.flatMap(AmountText.read) : other
        }

        /// Whether a member is there and neither null nor empty, which the channel takes for the same.
        private static func has(_ data: StrictJSON, _ name: String) -> Bool {
            guard let member = data[name] else { return false }
            return member != .null && member != .string("")
        }

        private static func text(_ data: StrictJSON, _ name: String) -> String? {
            guard let text = data[name]?.text, (1...64).contains(text.utf8.count) else { return nil }
            return text
        }

        private func doubtful(_ alert: ChannelAlert) -> ChannelAnswer {
            ChannelAnswer(verdict: .unknown, code: alert.rawValue, verified: true)
        }
    }
}
