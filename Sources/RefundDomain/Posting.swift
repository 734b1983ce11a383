/// The accounts of a merchant's books, as the operator keeps them.
public enum Account: String, Sendable, Hashable, CaseIterable {
    case merchantAvailable = "merchant.available"
    case merchantHeld = "merchant.held"
    /// Set aside while the cardholder's bank disputes the payment.
    case merchantDisputeHold = "merchant.dispute_hold"
    /// What the operator advanced for a merchant that had too little.
    case merchantReceivable = "merchant.receivable"
    case refundInFlight = "refund.in_flight"
    case channelSettlement = "channel.settlement"
    /// Came back from the cardholder's bank and belongs to the cardholder.
    case payeeReturned = "payee.returned"
    case unclaimed
    case feeIncome = "fee.income"
    /// Handling fees of refunds.
    case refundFeeIncome = "refund_fee.income"
    case channelFeeExpense = "channel_fee.expense"
    case goodwillExpense = "goodwill.expense"
    /// What the operator is long (credit) or short of in a currency.
    case exchangePosition = "fx.position"
    case exchangeDifference = "fx.difference"
    case cardholderReceivable = "cardholder.receivable"

    /// Whether a debit makes the account grow; the others grow by credits.
    public var growsByDebit: Bool {
        switch self {
        case .channelSettlement, .merchantReceivable, .channelFeeExpense, .goodwillExpense, .cardholderReceivable: true
        case .merchantAvailable, .merchantHeld, .merchantDisputeHold, .refundInFlight, .payeeReturned, .unclaimed,
            .feeIncome, .refundFeeIncome, .exchangePosition, .exchangeDifference:
            false
        }
    }

    /// Whether the balance may fall below nothing: a position in a currency has two sides, and a rate may lose.
    public var mayBeNegative: Bool {
        switch self {
        case .exchangePosition, .exchangeDifference: true
        case .merchantAvailable, .merchantHeld, .merchantDisputeHold, .merchantReceivable, .refundInFlight,
            .channelSettlement, .payeeReturned, .unclaimed, .feeIncome, .refundFeeIncome, .channelFeeExpense,
            .goodwillExpense, .cardholderReceivable:
            false
        }
    }
}

/// One line of a posting: an amount that leaves one account and enters another, so that it balances by construction.
public struct PostingLine: Sendable, Hashable {
    public let debit: Account
    public let credit: Account
    public let amount: Money
}

/// A double entry; each kind is a row of `docs/lifecycle.md`.
public struct Posting: Sendable, Hashable {
    /// Why money moved on the books.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case sale = "P0"
        case hold = "P1"
        case holdAdjusted = "P2"
        case holdReleased = "P3"
        case sent = "P4"
        case unsent = "P4-"
        case handlingFee = "P5"
        case channelFee = "P6"
        case confirmed = "P7"
        case exchanged = "P8"
        case failed = "P9"
        case returned = "P10"
        case rerouted = "P11"
        case givenBack = "P12"
        case unclaimed = "P13"
        case advanced = "P14"
        case correctedDown = "P16"
        case disputed = "P17"
        case voided = "P18"
        case paidOutside = "P19"
    }

    public let kind: Kind
    /// Lines of more than nothing; empty when the posting would move nothing.
    public let lines: [PostingLine]

    init(_ kind: Kind, _ lines: [PostingLine]) {
        self.kind = kind
        self.lines = lines.filter { $0.amount.minor > 0 }
    }

    /// P0: a sale was imported; the merchant gets the net amount, we the fee.
    public static func sale(net: Money, fee: Money) -> Posting {
        Posting(
            .sale,
            [line(.channelSettlement, .merchantAvailable, net), line(.channelSettlement, .feeIncome, fee)])
    }

    /// P0, second part: a later statement tells the fee of sales that were imported without one.
    public static func lateFee(_ fee: Money) -> Posting {
        Posting(.sale, [line(.merchantAvailable, .feeIncome, fee)])
    }

    /// P1: the merchant's cost of a request is held.
    public static func hold(_ cost: Money) -> Posting {
        Posting(.hold, [line(.merchantAvailable, .merchantHeld, cost)])
    }

    /// P2: a hold is made smaller or larger.
    public static func holdAdjusted(from old: Money, to new: Money) -> Posting {
        if let less = old.subtracting(new) {
            return Posting(.holdAdjusted, [line(.merchantHeld, .merchantAvailable, less)])
        }
        let more = new.subtracting(old) ?? .zero(old.currency)
        return Posting(.holdAdjusted, [line(.merchantAvailable, .merchantHeld, more)])
    }

    /// P3: a hold is released.
    public static func holdReleased(_ cost: Money) -> Posting {
        Posting(.holdReleased, [line(.merchantHeld, .merchantAvailable, cost)])
    }

    /// P4: a refund is on its way; the merchant's cost and the fee part given back make up the gross amount.
    public static func sent(cost: Money, feeGivenBack: Money) -> Posting {
        Posting(
            .sent,
            [line(.merchantHeld, .refundInFlight, cost), line(.feeIncome, .refundInFlight, feeGivenBack)])
    }

    /// P4 undone: the channel did not execute the order (M26, M27, M28); the same number will be sent again.
    public static func unsent(cost: Money, feeGivenBack: Money) -> Posting {
        Posting(.unsent, returned(cost, feeGivenBack))
    }

    /// P7: the channel confirmed the refund.
    public static func confirmed(gross: Money) -> Posting {
        Posting(.confirmed, [line(.refundInFlight, .channelSettlement, gross)])
    }

    /// P9: the refund failed for good and nothing is left with the channel.
    public static func failed(cost: Money, feeGivenBack: Money) -> Posting {
        Posting(.failed, returned(cost, feeGivenBack))
    }

    private static func returned(_ cost: Money, _ fee: Money) -> [PostingLine] {
        [line(.refundInFlight, .merchantHeld, cost), line(.refundInFlight, .feeIncome, fee)]
    }

    static func line(_ debit: Account, _ credit: Account, _ amount: Money) -> PostingLine {
        PostingLine(debit: debit, credit: credit, amount: amount)
    }
}
