extension Channel {
    /// Whether no machine is called for its refunds: they go into batches, whose files people pay at a bank.
    public var isPaidInBatches: Bool { self == .manual }
}

extension ChannelCapability {
    /// People pay, by a file: no channel sets a window, a number or a gap. A file that was handed over twice could be
    /// paid twice, so that nothing is ever sent again by itself; and nobody can be asked, so that a question a day only
    /// finds out that it is still waiting for the bank's file.
    public static let manual = ChannelCapability(
        windowDays: 3650, refundsMax: 50, gapSeconds: 0, visibilityDelaySeconds: 86_400, replaySafe: false,
        queryPlanSeconds: [86_400])
}

/// What becomes of a batch of refunds that people pay.
public enum PayoutBatchState: String, Sendable, Hashable, CaseIterable {
    /// One person put it together; it waits for another.
    case made
    /// Another person released it: its orders are on their way, and its file can be taken.
    case released
    /// It was given up before it was released; its orders wait for another batch.
    case discarded
}

/// What becomes of a bank's file.
public enum BankAnswerState: String, Sendable, Hashable, CaseIterable {
    /// One person brought it; it changes nothing before another confirms it.
    case open
    case confirmed
    case refused
}

/// What a bank says became of an order.
public enum PayoutResult: String, Sendable, Hashable, CaseIterable {
    case paid
    case failed
}

/// A line of a bank's file about one order of a batch.
public struct BankAnswerLine: Sendable, Hashable {
    /// The line of the file, counted from 1.
    public let line: Int
    public let refundNumber: String
    public let amount: Money
    public let result: PayoutResult
    /// The bank's own number of the payment; every paid one has it.
    public let reference: String?
    /// When the bank paid it.
    public let paidOn: Day?
    /// The bank's words for a failure.
    public let reason: String?

    public init(
        line: Int, refundNumber: String, amount: Money, result: PayoutResult, reference: String? = nil,
        paidOn: Day? = nil, reason: String? = nil
    ) {
        self.line = line
        self.refundNumber = refundNumber
        self.amount = amount
        self.result = result
        self.reference = reference
        self.paidOn = paidOn
        self.reason = reason
    }
}

/// What a line of a bank's file is to a batch; only the first changes anything.
public enum BankFinding: String, Sendable, Hashable, CaseIterable {
    /// Its number and amount are those of an order that waits for its end.
    case fits
    /// No order of the batch has its number.
    case unknownNumber = "unknown-number"
    /// The order is of another amount.
    case amount
    /// The file speaks of the order more than once.
    case repeated
    /// The order has ended already.
    case ended

    /// What a line is, given how often its number is in the file and the order that bears it.
    public static func of(
        _ line: BankAnswerLine, times: Int, gross: Money?, isWaiting: Bool
    ) -> BankFinding {
        guard let gross else { return .unknownNumber }
        guard times == 1 else { return .repeated }
        guard isWaiting else { return .ended }
        return line.amount == gross ? .fits : .amount
    }
}
