import RefundDomain

extension UnionPay {
    /// UnionPay's clock: Beijing time.
    enum BeijingTime {
        private static let secondsAheadOfUTC: Int64 = 8 * 3600

        /// `20261122091005`.
        static func text(_ moment: Moment) -> String {
            LocalTime(moment, secondsAheadOfUTC: secondsAheadOfUTC).iso.filter { ("0"..."9").contains($0) }
        }
    }
}
