/// UnionPay's days: from 23:00 to 23:00 on the clock of Beijing.
public enum UnionPayDay {
    private static let secondsAheadOfUTC: Int64 = 8 * 3600
    /// From 23:00 to midnight, in seconds.
    private static let startsEarlierSeconds: Int64 = 3600
    /// How long before its end a day is taken for over, in seconds: an order has to arrive within it.
    static let marginSeconds: Int64 = 300

    /// Whether an order that is sent at a moment still falls on the day of a payment.
    public static func isSame(_ payment: Moment, sendingAt sending: Moment) -> Bool {
        payment <= sending && day(payment) == day(sending.adding(seconds: marginSeconds))
    }

    private static func day(_ moment: Moment) -> Day {
        LocalTime(moment.adding(seconds: startsEarlierSeconds), secondsAheadOfUTC: secondsAheadOfUTC).day
    }
}

extension VoidRule {
    /// Whether a payment of one moment can be called off at another.
    public func allows(_ payment: Moment, sendingAt sending: Moment) -> Bool {
        switch self {
        case .never: false
        case .sameUnionPayDay: UnionPayDay.isSame(payment, sendingAt: sending)
        }
    }
}

extension RefundQuote {
    /// Whether calling the payment off comes to the same for everybody: all of it goes back, the whole fee with it, and
    /// nobody is charged anything.
    ///
    /// - Parameters:
    ///   - captured: what was paid.
    ///   - fee: the payment's fee.
    public func isWhole(of captured: Money, fee: Money) -> Bool {
        taken == captured && gross == captured && feeGivenBack == fee && handlingFee.minor == 0 && exchange == nil
    }

    /// P4-, P3 and P18: a void that was confirmed. There is no refund in the channel's books: what was posted when it
    /// was sent is undone, what was held is free, and the sale is taken back.
    public var voided: [Posting] {
        [unsent, .holdReleased(cost), .voided(net: cost, fee: feeGivenBack)].filter { !$0.lines.isEmpty }
    }
}
