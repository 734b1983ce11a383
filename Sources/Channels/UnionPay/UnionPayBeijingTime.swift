import RefundDomain

extension UnionPay {
    /// UnionPay's clock: Beijing time, and days that begin at 23:00 of the day before.
    enum BeijingTime {
        private static let secondsAheadOfUTC: Int64 = 8 * 3600
        /// From 23:00 to midnight, in seconds.
        private static let dayStartsEarlier: Int64 = 3600
        /// How long before its end a UnionPay day is taken for over, in seconds: an order has to arrive within it.
        static let marginSeconds: Int64 = 300

        /// `20261122091005`.
        static func text(_ moment: Moment) -> String {
            LocalTime(moment, secondsAheadOfUTC: secondsAheadOfUTC).iso.filter { ("0"..."9").contains($0) }
        }

        /// Whether an order sent at one moment still falls on the UnionPay day of a payment.
        static func isSameDay(_ payment: Moment, _ sending: Moment) -> Bool {
            payment <= sending && day(payment) == day(sending.adding(seconds: marginSeconds))
        }

        private static func day(_ moment: Moment) -> Day {
            LocalTime(moment.adding(seconds: dayStartsEarlier), secondsAheadOfUTC: secondsAheadOfUTC).day
        }
    }
}
