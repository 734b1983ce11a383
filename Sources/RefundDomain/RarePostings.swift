/// The postings of fees, currencies, returns, corrections and disputes.
extension Posting {
    /// P5: a handling fee that the merchant or, out of the refund, the cardholder bears.
    public static func handlingFee(_ fee: Money) -> Posting {
        Posting(.handlingFee, [line(.merchantHeld, .refundFeeIncome, fee)])
    }

    /// P6: the channel charges the operator for a refund.
    public static func channelFee(_ fee: Money) -> Posting {
        Posting(.channelFee, [line(.channelFeeExpense, .channelSettlement, fee)])
    }

    /// P8: a refund in another currency than the merchant was settled in.
    ///
    /// - Parameters:
    ///   - cost: what the merchant pays, in its currency.
    ///   - feeGivenBack: the part of the payment's fee that helps to pay it, in the same currency.
    ///   - spent: what buying the amount costs, in the same currency; the difference is the operator's.
    ///   - gross: what goes to the cardholder, in the payment's currency.
    public static func exchanged(cost: Money, feeGivenBack: Money, spent: Money, gross: Money) -> Posting {
        var lines = [line(.merchantHeld, .exchangePosition, cost), line(.feeIncome, .exchangePosition, feeGivenBack)]
        if let paid = cost.adding(feeGivenBack) {
            if let gain = paid.subtracting(spent) { lines.append(line(.exchangePosition, .exchangeDifference, gain)) }
            if let loss = spent.subtracting(paid) { lines.append(line(.exchangeDifference, .exchangePosition, loss)) }
        }
        return Posting(.exchanged, lines + [line(.exchangePosition, .refundInFlight, gross)])
    }

    /// P0 of a sale that the merchant is settled for in another currency: what the channel owes, and what we owe.
    public static func saleExchanged(gross: Money, net: Money, fee: Money) -> Posting {
        Posting(
            .sale,
            [
                line(.channelSettlement, .exchangePosition, gross), line(.exchangePosition, .merchantAvailable, net),
                line(.exchangePosition, .feeIncome, fee),
            ])
    }

    /// P10: money that was paid came back from the cardholder's bank.
    public static func returned(gross: Money) -> Posting {
        Posting(.returned, [line(.channelSettlement, .payeeReturned, gross)])
    }

    /// P10 of money that was still on its way, or was on its way again after coming back once.
    public static func returnedInFlight(gross: Money) -> Posting {
        Posting(.returned, [line(.refundInFlight, .payeeReturned, gross)])
    }

    /// P11: returned money is on its way to another destination.
    public static func rerouted(gross: Money) -> Posting {
        Posting(.rerouted, [line(.payeeReturned, .refundInFlight, gross)])
    }

    /// P12: returned money is the merchant's again, and the fee given back with it the operator's.
    public static func givenBack(cost: Money, feeGivenBack: Money) -> Posting {
        Posting(
            .givenBack,
            [line(.payeeReturned, .merchantAvailable, cost), line(.payeeReturned, .feeIncome, feeGivenBack)])
    }

    /// P13: nobody claims returned money.
    public static func unclaimed(gross: Money) -> Posting {
        Posting(.unclaimed, [line(.payeeReturned, .unclaimed, gross)])
    }

    /// P14: the operator advances what a merchant is short of.
    public static func advanced(_ shortfall: Money) -> Posting {
        Posting(.advanced, [line(.merchantReceivable, .merchantHeld, shortfall)])
    }

    /// P14, second part: the merchant's funds have come and pay the advance back.
    public static func advanceRecovered(_ amount: Money) -> Posting {
        Posting(.advanced, [line(.merchantAvailable, .merchantReceivable, amount)])
    }

    /// P16: too much was paid; the merchant is made whole, and the cardholder owes it or it is given away.
    public static func correctedDown(_ difference: Money, isGoodwill: Bool) -> Posting {
        Posting(
            .correctedDown,
            [line(isGoodwill ? .goodwillExpense : .cardholderReceivable, .merchantAvailable, difference)])
    }

    /// P17: a disputed amount is set aside.
    public static func disputeOpened(_ amount: Money) -> Posting {
        Posting(.disputed, [line(.merchantAvailable, .merchantDisputeHold, amount)])
    }

    /// P17: the dispute was lost; the channel takes the amount, and what the merchant was short of is advanced.
    public static func disputeLost(_ held: Money, advanced: Money) -> Posting {
        Posting(
            .disputed,
            [
                line(.merchantDisputeHold, .channelSettlement, held),
                line(.merchantReceivable, .channelSettlement, advanced),
            ])
    }

    /// P17 of a sale that the merchant is settled for in another currency: the amount is bought at the sale's rate.
    public static func disputeLost(_ held: Money, advanced: Money, taken: Money) -> Posting {
        Posting(
            .disputed,
            [
                line(.merchantDisputeHold, .exchangePosition, held),
                line(.merchantReceivable, .exchangePosition, advanced),
                line(.exchangePosition, .channelSettlement, taken),
            ])
    }

    /// P17: the dispute was won or taken back.
    public static func disputeWon(_ amount: Money) -> Posting {
        Posting(.disputed, [line(.merchantDisputeHold, .merchantAvailable, amount)])
    }

    /// P18: the sale was voided on its own day; the whole fee goes back with it.
    public static func voided(net: Money, fee: Money) -> Posting {
        Posting(
            .voided,
            [line(.merchantAvailable, .channelSettlement, net), line(.feeIncome, .channelSettlement, fee)])
    }

    /// P19: the merchant paid outside; nothing goes through the channel.
    public static func paidOutside(cost: Money) -> Posting {
        Posting(.paidOutside, [line(.merchantHeld, .merchantAvailable, cost)])
    }
}
