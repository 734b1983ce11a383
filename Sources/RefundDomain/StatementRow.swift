/// What kind of card paid, as far as a statement tells.
public enum CardKind: String, Sendable, Hashable, CaseIterable {
    case debit
    case credit
    case semiCredit = "semi-credit"
    case prepaid
}

/// The numbers that a terminal prints on a slip; every one is absent where a statement does not name it.
public struct SlipNumbers: Sendable, Hashable {
    /// 终端号, usually 8 characters.
    public var terminal: String?
    /// 批次号, usually 6 digits: one sign-on to settlement of a terminal.
    public var batch: String?
    /// 凭证号, usually 6 digits: the terminal's own count (ISO 8583 field 11).
    public var trace: String?
    /// 参考号, usually 12 characters (ISO 8583 field 37).
    public var reference: String?
    /// 授权码, usually 6 characters (ISO 8583 field 38).
    public var authCode: String?

    public init(
        terminal: String? = nil, batch: String? = nil, trace: String? = nil, reference: String? = nil,
        authCode: String? = nil
    ) {
        self.terminal = terminal
        self.batch = batch
        self.trace = trace
        self.reference = reference
        self.authCode = authCode
    }

    /// Whether the statement named none of them.
    public var isEmpty: Bool { self == SlipNumbers() }
}

/// The card as far as it may be kept: never more than the first six and the last four digits.
public struct StatementCard: Sendable, Hashable {
    /// Six digits.
    public var first6: String?
    /// Four digits.
    public var last4: String?
    public var kind: CardKind?
    /// The issuing bank as the statement words it: a name or the channel's short code.
    public var issuer: String?

    public init(first6: String? = nil, last4: String? = nil, kind: CardKind? = nil, issuer: String? = nil) {
        self.first6 = first6
        self.last4 = last4
        self.kind = kind
        self.issuer = issuer
    }
}

/// One payment as one line of a statement has it.
public struct StatementPayment: Sendable, Hashable {
    /// The line of the file, counted from 1.
    public var line: Int
    /// The merchant's number with the channel or acquirer.
    public var merchantNumber: String
    public var channel: Channel
    public var slip: SlipNumbers
    /// The clock on the slip; the merchant's zone makes it a moment.
    public var paidAt: LocalTime
    public var card: StatementCard
    /// The channel's own number of the payment (微信订单号).
    public var channelTransactionNumber: String?
    /// The merchant's number of the order (商户订单号).
    public var merchantOrderNumber: String?
    /// What was paid; never zero.
    public var amount: Money
    /// The fee in thousandths of the minor unit of the currency that is settled in, as exact as files give it; never
    /// negative.
    public var feeThousandths: Int64
    /// The day the acquirer settles it.
    public var settledOn: Day?
    /// What the merchant is settled with before the fee, where that is another currency than was paid.
    public var settlement: Money?

    public init(
        line: Int, merchantNumber: String, channel: Channel, slip: SlipNumbers = SlipNumbers(), paidAt: LocalTime,
        card: StatementCard = StatementCard(), channelTransactionNumber: String? = nil,
        merchantOrderNumber: String? = nil, amount: Money, feeThousandths: Int64 = 0, settledOn: Day? = nil,
        settlement: Money? = nil
    ) {
        self.line = line
        self.merchantNumber = merchantNumber
        self.channel = channel
        self.slip = slip
        self.paidAt = paidAt
        self.card = card
        self.channelTransactionNumber = channelTransactionNumber
        self.merchantOrderNumber = merchantOrderNumber
        self.amount = amount
        self.feeThousandths = feeThousandths
        self.settledOn = settledOn
        self.settlement = settlement?.currency == amount.currency ? nil : settlement
    }

    /// The fee in whole minor units of the currency that is settled in, rounded half up.
    public var fee: Money { Money.rounded(thousandths: feeThousandths, settlement?.currency ?? amount.currency) }
}

/// One refund as one line of a statement has it: money that went back outside a case, or one of ours.
public struct StatementRefund: Sendable, Hashable {
    /// How the money was given back.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// 退货, 退款: a part or the whole, after the sale.
        case refund
        /// 消费撤销, REVOKED: the whole sale taken back before it was settled.
        case void
    }

    /// How far the channel had come when it wrote the line; such a line is never updated by the channel.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case succeeded
        case processing
        case failed
        /// The bank did not take it; the channel holds the money (退款状态 CHANGE).
        case abnormal
    }

    /// The line of the file, counted from 1.
    public var line: Int
    public var kind: Kind
    public var status: Status
    /// The merchant's number with the channel or acquirer.
    public var merchantNumber: String
    public var channel: Channel
    /// The numbers on the slip of the refund itself, not of the sale.
    public var slip: SlipNumbers
    /// The clock on the line: when the refund was asked for.
    public var refundedAt: LocalTime
    public var card: StatementCard
    /// The merchant's number of the refund (商户退款单号): ours where the portal sent it.
    public var refundNumber: String?
    /// The channel's number of the refund (微信退款单号).
    public var channelRefundNumber: String?
    /// The channel's number of the payment that it belongs to.
    public var channelTransactionNumber: String?
    /// The merchant's number of the order that it belongs to.
    public var merchantOrderNumber: String?
    /// What goes back to the payer; never zero.
    public var amount: Money
    /// The part of the fee that was given back, in thousandths of the minor unit; never negative.
    public var feeReturnedThousandths: Int64
    public var settledOn: Day?

    public init(
        line: Int, kind: Kind, status: Status, merchantNumber: String, channel: Channel,
        slip: SlipNumbers = SlipNumbers(), refundedAt: LocalTime, card: StatementCard = StatementCard(),
        refundNumber: String? = nil, channelRefundNumber: String? = nil, channelTransactionNumber: String? = nil,
        merchantOrderNumber: String? = nil, amount: Money, feeReturnedThousandths: Int64 = 0, settledOn: Day? = nil
    ) {
        self.line = line
        self.kind = kind
        self.status = status
        self.merchantNumber = merchantNumber
        self.channel = channel
        self.slip = slip
        self.refundedAt = refundedAt
        self.card = card
        self.refundNumber = refundNumber
        self.channelRefundNumber = channelRefundNumber
        self.channelTransactionNumber = channelTransactionNumber
        self.merchantOrderNumber = merchantOrderNumber
        self.amount = amount
        self.feeReturnedThousandths = feeReturnedThousandths
        self.settledOn = settledOn
    }

    /// The part of the fee given back, in whole minor units, rounded half up.
    public var feeReturned: Money { Money.rounded(thousandths: feeReturnedThousandths, amount.currency) }
}

/// One line of a statement, whichever format it came in.
public enum StatementRow: Sendable, Hashable {
    case payment(StatementPayment)
    case refund(StatementRefund)

    /// The line of the file, counted from 1.
    public var line: Int {
        switch self {
        case .payment(let payment): payment.line
        case .refund(let refund): refund.line
        }
    }
}

extension Money {
    /// Thousandths of a minor unit as whole minor units, rounded half up; nothing below zero, ``minorMax`` at most.
    public static func rounded(thousandths: Int64, _ currency: Currency) -> Money {
        let minor = (min(max(thousandths, 0), minorMax * 1000) + 500) / 1000
        return Money(minor: min(minor, minorMax), currency: currency) ?? .zero(currency)
    }
}
