/// What the bank does wrong with a refund, chosen by its exact amount, ¥6.01 to ¥6.19, or on a detour by the end of
/// the account, 0001 to 0019.
///
/// `docs/sandbox-bank.md` is this table for people.
public enum Misbehaviour: Int64, Sendable, CaseIterable {
    /// ¥6.01: done in the answer itself.
    case doneAtOnce = 601
    /// ¥6.02: pending for 30 s, then done.
    case slow = 602
    /// ¥6.03: taken on, then closed for good without paying.
    case closed = 603
    /// ¥6.04: taken on, then stuck: the payer's account is abnormal.
    case abnormal = 604
    /// ¥6.05: executed, then the connection is closed without an answer.
    case replyLost = 605
    /// ¥6.06: no funds the first two times, then fine.
    case noFundsTwice = 606
    /// ¥6.07: never any funds.
    case noFundsEver = 607
    /// ¥6.08: executed; the answer's signature does not fit it.
    case badSignature = 608
    /// ¥6.09: the same notice three times.
    case noticeThrice = 609
    /// ¥6.10: the notice comes long after a query could tell.
    case noticeLate = 610
    /// ¥6.11: the notice of success comes before the answer, which still says pending.
    case noticeFirst = 611
    /// ¥6.12: executed, then answered with a system error.
    case errorAfter = 612
    /// ¥6.13: a system error the first time and nothing executed, then fine.
    case errorBefore = 613
    /// ¥6.14: too many requests the first two times, then fine.
    case busyTwice = 614
    /// ¥6.15: a signed final no: the payer's account is gone.
    case accountGone = 615
    /// ¥6.16: a state that no document names, until it is done.
    case unknownWord = 616
    /// ¥6.17: no notice at all; only a query can tell.
    case noNotice = 617
    /// ¥6.18: executed; the answer names one fen more.
    case wrongAmount = 618
    /// ¥6.19: executed; the answer is signed but no JSON.
    case garbage = 619
}

/// How long the bank takes; shorter in tests.
public struct BankTempo: Sendable {
    /// Milliseconds from a refund's acceptance until it is done.
    public let settle: Int64
    /// The same for ¥6.02.
    public let slow: Int64
    /// Milliseconds from acceptance until the late notice of ¥6.10.
    public let lateNotice: Int64
    /// Milliseconds from one try of a notice to the next; after the last one it is given up.
    public let noticeRetries: [Int64]
    /// Milliseconds from acceptance until somebody at the bank has dealt with ¥6.04: paid where the bank's number ends
    /// in 0 to 7, closed otherwise. Nil when nobody does.
    public let handling: Int64?

    public init(settle: Int64, slow: Int64, lateNotice: Int64, noticeRetries: [Int64], handling: Int64? = nil) {
        self.settle = settle
        self.slow = slow
        self.lateNotice = lateNotice
        self.noticeRetries = noticeRetries
        self.handling = handling
    }

    /// 2 s, 30 s and 20 s; notices are tried over a quarter of an hour instead of a day.
    public static let ordinary = BankTempo(
        settle: 2000, slow: 30_000, lateNotice: 20_000,
        noticeRetries: [1000, 2000, 5000, 15_000, 30_000, 60_000, 300_000, 600_000])
}
