/// The part of a payment's fee that goes back to the merchant with a refund.
public enum Fee {
    /// The fee to give back with one more refund, rounded so that all refunds of a payment add up to the whole fee.
    ///
    /// It is round(fee × everything refunded with this one ÷ captured) − what was given back already, rounding half up.
    ///
    /// - Parameters:
    ///   - refundedWithThis: all refunds of the payment up to and with this one; at most `captured`.
    ///   - alreadyGivenBack: the fee given back with the earlier ones.
    /// - Returns: the fee part, in the fee's currency, which may be another than the payment's; zero when the other
    ///   currencies do not match or nothing was captured.
    public static func givenBack(
        fee: Money, captured: Money, refundedWithThis: Money, alreadyGivenBack: Money
    ) -> Money {
        let share = share(of: fee.minor, refundedWithThis.minor, outOf: captured.minor)
        guard fee.currency == alreadyGivenBack.currency, refundedWithThis.currency == captured.currency,
            let part = Money(minor: share - alreadyGivenBack.minor, currency: fee.currency)
        else { return .zero(fee.currency) }
        return part
    }

    /// So many hundredths of a percent of an amount, cut off: a limit is never rounded up.
    static func part(_ basisPoints: Int64, of whole: Int64) -> Int64 {
        let total = Policy.wholeShare
        guard basisPoints >= 0, basisPoints <= total, whole >= 0 else { return 0 }
        return total.dividingFullWidth(whole.multipliedFullWidth(by: basisPoints)).quotient
    }

    /// round(whole × part ÷ total), half up, without overflow; 0 when there is no total.
    public static func share(of whole: Int64, _ part: Int64, outOf total: Int64) -> Int64 {
        guard total > 0, whole >= 0, part >= 0, part <= total else { return 0 }
        let product = whole.multipliedFullWidth(by: part)
        let (quotient, remainder) = total.dividingFullWidth(product)
        return remainder >= total - remainder ? quotient + 1 : quotient
    }
}
