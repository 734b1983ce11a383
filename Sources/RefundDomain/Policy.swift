/// The rules that a case is decided under; the case keeps the version it was submitted with.
public struct Policy: Sendable, Hashable {
    public let version: String
    /// The most that one reviewer may approve alone, in minor units of the payment's currency.
    public let reviewerLimitMinor: Int64
    /// The most that one approver may approve alone, in minor units.
    public let approverLimitMinor: Int64
    /// Working days until the merchant's first answer.
    public let answerWorkingDays: Int
    /// Working days until the merchant's decision.
    public let decisionWorkingDays: Int
    /// Days the cardholder has to answer a question when the reviewer names no other date.
    public let questionDays: Int64
    /// Days the cardholder has to answer an offer; silence is refusal.
    public let offerDays: Int64
    /// Days in which a declined case can be appealed.
    public let appealDays: Int64
    /// Working days after the last success until a case closes without complaint.
    public let closeWorkingDays: Int
    /// Hours a draft is kept without being sent.
    public let draftHours: Int64
    /// Seconds in which a reviewer can take back a decision of their own; until then nothing of it leaves the house.
    /// 0: none can be taken back.
    public let undoSeconds: Int64
    /// Handling fee, fee given back and rate of exchange.
    public let fees: FeeRule

    public init(
        version: String, reviewerLimitMinor: Int64, approverLimitMinor: Int64, answerWorkingDays: Int,
        decisionWorkingDays: Int, questionDays: Int64, offerDays: Int64, appealDays: Int64, closeWorkingDays: Int,
        draftHours: Int64, undoSeconds: Int64, fees: FeeRule = .standard
    ) {
        self.version = version
        self.reviewerLimitMinor = reviewerLimitMinor
        self.approverLimitMinor = approverLimitMinor
        self.answerWorkingDays = answerWorkingDays
        self.decisionWorkingDays = decisionWorkingDays
        self.questionDays = questionDays
        self.offerDays = offerDays
        self.appealDays = appealDays
        self.closeWorkingDays = closeWorkingDays
        self.draftHours = draftHours
        self.undoSeconds = undoSeconds
        self.fees = fees
    }

    /// What holds until a merchant has a policy of its own: ¥1,000 for a reviewer, ¥20,000 for an approver.
    public static let standard = Policy(
        version: "standard-1", reviewerLimitMinor: 100_000, approverLimitMinor: 2_000_000, answerWorkingDays: 3,
        decisionWorkingDays: 7, questionDays: 10, offerDays: 7, appealDays: 30, closeWorkingDays: 30, draftHours: 24,
        undoSeconds: 10)

    /// The same rules with another time for taking a decision back.
    public func undoing(within seconds: Int64) -> Policy {
        Policy(
            version: version, reviewerLimitMinor: reviewerLimitMinor, approverLimitMinor: approverLimitMinor,
            answerWorkingDays: answerWorkingDays, decisionWorkingDays: decisionWorkingDays,
            questionDays: questionDays, offerDays: offerDays, appealDays: appealDays,
            closeWorkingDays: closeWorkingDays, draftHours: draftHours, undoSeconds: seconds,
            fees: fees)
    }

    /// The most that somebody of a role may approve alone, in minor units; 0 for those who decide nothing.
    public func approvalLimitMinor(of role: Role) -> Int64 {
        switch role {
        case .reviewer: reviewerLimitMinor
        case .approver, .operatorReviewer: approverLimitMinor
        case .clerk, .merchantAdmin, .support, .finance, .operatorAdmin: 0
        }
    }
}
