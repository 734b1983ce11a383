import RefundDomain

extension Lakala {
    /// Amounts as Lakala writes them: fen in digits, as text.
    enum AmountText {
        /// 12 digits are the most that the channel takes.
        private static let amountMax: Int64 = 999_999_999_999

        /// `1230` for ¥12.30; nil for another currency, nothing, and more than the channel takes.
        static func write(_ amount: Money) -> String? {
            guard amount.currency == .cny, (1...amountMax).contains(amount.minor) else { return nil }
            return String(amount.minor)
        }

        /// ¥12.30 for `1230`; nil for anything but one to twelve digits.
        static func read(_ text: String) -> Money? {
            guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
                let fen = Int64(text)
            else { return nil }
            return Money(minor: fen, currency: .cny)
        }
    }

    /// Lakala's clock: Beijing time.
    enum BeijingTime {
        private static let secondsAheadOfUTC: Int64 = 8 * 3600

        /// `20261122170000`.
        static func text(_ moment: Moment) -> String {
            digits(LocalTime(moment, secondsAheadOfUTC: secondsAheadOfUTC).iso)
        }

        /// The day in Beijing.
        static func day(_ moment: Moment) -> Day {
            LocalTime(moment, secondsAheadOfUTC: secondsAheadOfUTC).day
        }

        /// `20261122`.
        static func text(_ day: Day) -> String { digits(day.iso) }

        /// The moment of `20261122170000`; nil for anything else.
        static func moment(_ text: String) -> Moment? {
            guard text.utf8.count == 14, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
            let clock = text.dropFirst(8)
            let iso = "\(text.prefix(8)) \(clock.prefix(2)):\(clock.dropFirst(2).prefix(2)):\(clock.suffix(2))"
            return LocalTime(iso: iso)?.moment(secondsAheadOfUTC: secondsAheadOfUTC)
        }

        private static func digits(_ text: String) -> String {
            text.filter { ("0"..."9").contains($0) }
        }
    }
}
