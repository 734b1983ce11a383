import RefundDomain

extension Lakala {
    /// How the refund of a bank card's payment is put into words, where Lakala's public documents leave it open.
    struct SlipRules: Sendable {
        /// `origin_biz_type`: 1 bank card, 2 foreign card, 3 code, 4 online.
        let businessType: String
        private let cardMask: CardMask
        /// `log_no_from_reference`: whether Lakala's 14-digit number of a card payment is taken to be the year's last
        /// two digits and the slip's reference number.
        let takesReferenceForLogNumber: Bool
        /// `slip_terminal`: whether the slip's own terminal is named instead of the account's.
        let namesSlipTerminal: Bool
        /// `query_date`: whether a query names the day of the payment instead of the refund's.
        let asksByPaymentDate: Bool

        static let names: Set<String> = [
            "origin_biz_type", "card_mask", "log_no_from_reference", "slip_terminal", "query_date",
        ]

        /// How many digits a masked card shows before its stars.
        private enum CardMask: String, CaseIterable {
            /// As the document's own example has it.
            case four = "4****4"
            case six = "6******4"
        }

        init(_ fields: AccountFields) throws(AccountFault) {
            businessType = try fields.text("origin_biz_type", 1...1, .digits) ?? "1"
            guard ["1", "2", "3", "4"].contains(businessType) else {
                throw AccountFault(key: "origin_biz_type", problem: "must be 1, 2, 3 or 4")
            }
            let mask = try fields.text("card_mask", 1...16, .anything) ?? CardMask.four.rawValue
            guard let cardMask = CardMask(rawValue: mask) else {
                throw AccountFault(key: "card_mask", problem: "must be 4****4 or 6******4")
            }
            self.cardMask = cardMask
            takesReferenceForLogNumber = try fields.flag("log_no_from_reference") ?? false
            namesSlipTerminal = try fields.flag("slip_terminal") ?? false
            let date = try fields.text("query_date", 1...16, .token) ?? "refund"
            guard date == "refund" || date == "payment" else {
                throw AccountFault(key: "query_date", problem: "must be refund or payment")
            }
            asksByPaymentDate = date == "payment"
        }

        /// Whether the payment was made with a card, so that a refund has to name it.
        var needsCard: Bool { businessType == "1" || businessType == "2" }

        /// The card as far as it is kept, with stars in its middle; nil when not enough of it is known.
        func maskedCard(_ card: StatementCard) -> String? {
            guard let first = card.first6, let last = card.last4, isDigits(first, 6), isDigits(last, 4) else {
                return nil
            }
            switch cardMask {
            case .four: return first.prefix(4) + "****" + last
            case .six: return first + "******" + last
            }
        }

        /// Lakala's number of a card payment, made from its slip; nil unless the account says that this holds.
        func logNumber(of slip: SlipNumbers, paidOn day: Day) -> String? {
            guard takesReferenceForLogNumber, let reference = slip.reference, isDigits(reference, 12) else {
                return nil
            }
            let year = day.year % 100
            return (year < 10 ? "0" : "") + String(year) + reference
        }

        private func isDigits(_ text: String, _ count: Int) -> Bool {
            text.utf8.count == count && text.utf8.allSatisfy { (48...57).contains($0) }
        }
    }
}
