import RefundDomain

extension Lakala {
    /// What is asked of Lakala for one order (documents 1826 to 1828).
    ///
    /// `req_data` is written by hand in a fixed order, so that the same order makes the same text for ever.
    struct Requests: Sendable {
        let account: AccountSettings

        private static let refundFrontPath = "/api/v3/rfd/refund_front/"
        private static let tradeRefundPath = "/api/v3/lams/trade/trade_"
        /// The longest numbers, the longest reason and the longest address, in bytes.
        private static let numberBytesMax = 32
        private static let reasonBytesMax = 32
        private static let noticeAddressBytesMax = 128
        /// Bytes of the number that Lakala's own statements have (对账单流水号).
        private static let logNumberBytes = 14

        var refundPath: String { account.envelope.path(path + "refund") }
        var queryPath: String { account.envelope.path(path + "refund_query") }

        private var path: String {
            switch account.product {
            case .refundFront: Self.refundFrontPath
            case .tradeRefund: Self.tradeRefundPath
            }
        }

        /// `req_data` of the refund; nil when the order cannot be said to this channel.
        func refund(_ order: RefundOrder) -> String? {
            guard Self.isOurNumber(order.refundNumber), order.purpose == .refund, order.detour == nil,
                order.paymentTotal.currency == .cny, let amount = AmountText.write(order.amount)
            else { return nil }
            let numbers = numbers(of: order)
            guard !numbers.isEmpty else { return nil }
            let ours = merchant(order) + [("out_trade_no", order.refundNumber), ("refund_amount", amount)]
            switch account.product {
            case .refundFront: return withPlace(ours + numbers + options(order))
            case .tradeRefund(let rules):
                guard let slip = slip(order, rules) else { return nil }
                let balance = account.refundAccount.map { [("refund_type", $0)] } ?? []
                return withPlace(ours + slip + numbers + balance)
            }
        }

        /// The payment by every number that we know of it, with their names; Lakala's own counts before the merchant's.
        /// Empty when there is none, or when Lakala's cannot be one.
        func numbers(of order: RefundOrder) -> [(String, String)] {
            var numbers: [(String, String)] = []
            if let own = order.channelTransactionNumber ?? logNumber(order) {
                guard Self.isNumber(own) else { return [] }
                numbers.append((Self.isLogNumber(own) ? "origin_log_no" : "origin_trade_no", own))
            }
            if case .refundFront = account.product, let number = order.merchantOrderNumber, Self.isNumber(number) {
                numbers.append(("origin_out_trade_no", number))
            }
            return numbers
        }

        /// `req_data` of the question what became of it; nil when the order cannot be said to this channel.
        ///
        /// - Parameter serial: the question's own number, which one of the products wants to be new each time.
        func query(_ order: RefundOrder, serial: String) -> String? {
            guard Self.isOurNumber(order.refundNumber) else { return nil }
            switch account.product {
            case .refundFront: return Self.object(merchant(order) + [("out_trade_no", order.refundNumber)])
            case .tradeRefund(let rules):
                let day = rules.asksByPaymentDate ? paymentDay(order) : BeijingTime.day(order.firstSentAt)
                return Self.object(
                    merchant(order) + [
                        ("out_trade_no", serial), ("origin_biz_type", rules.businessType),
                        ("origin_trade_date", BeijingTime.text(day)), ("origin_out_trade_no", order.refundNumber),
                    ])
            }
        }

        /// The whole body; only `req_time` differs from one sending to the next.
        func body(_ data: String, at now: Moment) -> [UInt8] {
            let head = JSONText.member("req_time", BeijingTime.text(now)) + "," + JSONText.member("version", "3.0")
            return Array("{\(head),\"req_data\":\(data)}".utf8)
        }

        private func merchant(_ order: RefundOrder) -> [(String, String)] {
            var terminal = account.terminalNumber
            if case .tradeRefund(let rules) = account.product, rules.namesSlipTerminal, let own = order.slip.terminal,
                own.utf8.count == terminal.utf8.count, Self.isNumber(own)
            {
                terminal = own
            }
            return [("merchant_no", account.merchantNumber), ("term_no", terminal)]
        }

        private func logNumber(_ order: RefundOrder) -> String? {
            guard case .tradeRefund(let rules) = account.product else { return nil }
            return rules.logNumber(of: order.slip, paidOn: paymentDay(order))
        }

        /// The day that the slip shows.
        private func paymentDay(_ order: RefundOrder) -> Day {
            order.paidOn ?? BeijingTime.day(order.paidAt)
        }

        /// The payment as its slip names it.
        private func slip(_ order: RefundOrder, _ rules: SlipRules) -> [(String, String)]? {
            let day = BeijingTime.text(paymentDay(order))
            let slip = [("origin_biz_type", rules.businessType), ("origin_trade_date", day)]
            guard rules.needsCard else { return slip }
            return rules.maskedCard(order.card).map { slip + [("origin_card_no", $0)] }
        }

        private func options(_ order: RefundOrder) -> [(String, String)] {
            var options: [(String, String)] = []
            if let reason = order.reason.map({ TextCut.text($0, bytesMax: Self.reasonBytesMax) }), !reason.isEmpty {
                options.append(("refund_reason", reason))
            }
            if let balance = account.refundAccount { options.append(("refund_acc_mode", balance)) }
            if let address = order.noticeAddress, address.utf8.count <= Self.noticeAddressBytesMax {
                options.append(("notify_url", address))
            }
            return options
        }

        private func withPlace(_ members: [(String, String)]) -> String {
            let place = "\"location_info\":\(Self.object([("request_ip", account.requestAddress)]))"
            return "{" + (members.map(Self.member) + [place]).joined(separator: ",") + "}"
        }

        private static func object(_ members: [(String, String)]) -> String {
            "{" + members.map(member).joined(separator: ",") + "}"
        }

        private static func member(_ pair: (name: String, value: String)) -> String {
            JSONText.member(pair.name, pair.value)
        }

        /// Our own numbers are letters and digits; what else Lakala takes is not public.
        private static func isOurNumber(_ text: String) -> Bool {
            isNumber(text) && text.utf8.allSatisfy { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
        }

        private static func isNumber(_ text: String) -> Bool {
            (1...numberBytesMax).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                }
        }

        private static func isLogNumber(_ text: String) -> Bool {
            text.utf8.count == logNumberBytes && text.utf8.allSatisfy { (48...57).contains($0) }
        }
    }
}
