/// The postings of one movement by its frozen figures.
extension RefundQuote {
    /// P4 or, in another currency, P8, and P5: what happens on the books when it is sent.
    public var sending: [Posting] {
        [transfer, Posting.handlingFee(charged)].filter { !$0.lines.isEmpty }
    }

    /// P4-: the channel did not execute the order, and all of ``sending`` is undone.
    public var unsent: Posting { undone(as: .unsent) }

    /// P9: it failed for good, and all of ``sending`` is undone.
    public var failed: Posting { undone(as: .failed) }

    /// P7 and, for a fee that the operator bears, P6.
    public var confirmation: [Posting] {
        let fee: Posting? = bearer == .operator ? .channelFee(handlingFee) : nil
        return [.confirmed(gross: gross), fee].compactMap { $0 }.filter { !$0.lines.isEmpty }
    }

    /// P12: returned money is the merchant's again, in the currency that it paid in; a handling fee stays charged.
    public var givenBack: Posting {
        Posting(
            .givenBack,
            transfer.lines.map { line in
                PostingLine(
                    debit: line.credit == .refundInFlight ? .payeeReturned : line.credit,
                    credit: line.debit == .merchantHeld ? .merchantAvailable : line.debit, amount: line.amount)
            })
    }

    /// What the merchant is made whole with when so much of it was too much, in the currency that it paid in.
    public func overpaid(_ less: Money) -> Money {
        guard exchange != nil else { return less }
        let share = Fee.share(of: cost.minor, less.minor, outOf: taken.minor)
        return Money(minor: share, currency: cost.currency) ?? .zero(cost.currency)
    }

    private var transfer: Posting {
        guard let exchange else { return .sent(cost: net, feeGivenBack: feeGivenBack) }
        return .exchanged(cost: net, feeGivenBack: feeGivenBack, spent: exchange.spent, gross: gross)
    }

    private func undone(as kind: Posting.Kind) -> Posting {
        Posting(
            kind,
            sending.flatMap(\.lines).map { line in
                PostingLine(debit: line.credit, credit: line.debit, amount: line.amount)
            })
    }
}

extension Posting {
    /// P9 of money that had come back before: it is the cardholder's still, and waits again.
    public static func failedAgain(gross: Money) -> Posting {
        Posting(.failed, [line(.refundInFlight, .payeeReturned, gross)])
    }
}
