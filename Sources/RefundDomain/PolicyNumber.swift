/// The numbers of a policy: each has a key in its text, a unit, bounds and what holds where nobody says otherwise.
public enum PolicyNumber: String, Sendable, Hashable, CaseIterable {
    /// Days after the payment in which a refund may be asked for; unset, the channel's window alone counts.
    case windowDays = "window-days"
    /// The share of a payment that may be refunded in all.
    case shareMax = "share-max"
    /// The most that one request may ask for.
    case refundMax = "refund-max"
    /// The most that may be asked for, and approved, on one day of the merchant's clock.
    case dayMax = "day-max"
    /// The most that the rule approves without a person; unset, it approves nothing.
    case autoMax = "auto-max"
    /// The most that one reviewer may approve alone.
    case reviewerMax = "reviewer-max"
    /// The most that one approver may approve alone.
    case approverMax = "approver-max"
    /// The part of the handling fee that is the same for every refund.
    case feeFixed = "fee-fixed"
    /// The part of the handling fee that is a share of what is refunded.
    case feeShare = "fee-share"
    /// The handling fee is never less than this.
    case feeMin = "fee-min"
    /// The handling fee is never more than this.
    case feeMax = "fee-max"
    /// The merchant's first answer.
    case answerDays = "answer-days"
    /// The merchant's decision, from sending.
    case decisionDays = "decision-days"
    /// The second approval.
    case secondDays = "second-days"
    /// The cardholder's answer to a question.
    case questionDays = "question-days"
    /// The cardholder's answer to an offer.
    case offerDays = "offer-days"
    /// Appealing against a decision.
    case appealDays = "appeal-days"
    /// Waiting for the merchant's funds before the operator is told.
    case fundsDays = "funds-days"
    /// Keeping money that a bank sent back before it counts as unclaimed.
    case returnedDays = "returned-days"
    /// From the last success until a case without complaint is closed.
    case closeDays = "close-days"
    /// Keeping a request that was not sent.
    case draftHours = "draft-hours"
    /// Taking back a decision of one's own; 0: none can be taken back.
    case undoSeconds = "undo-seconds"

    /// What a number counts.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// Minor units of the payment's currency.
        case money
        /// Hundredths of a percent.
        case basisPoints = "basis-points"
        case days
        case workingDays = "working-days"
        case hours
        case seconds
    }

    public var unit: Unit {
        switch self {
        case .refundMax, .dayMax, .autoMax, .reviewerMax, .approverMax, .feeFixed, .feeMin, .feeMax: .money
        case .shareMax, .feeShare: .basisPoints
        case .windowDays, .questionDays, .offerDays, .appealDays, .fundsDays, .returnedDays: .days
        case .answerDays, .decisionDays, .secondDays, .closeDays: .workingDays
        case .draftHours: .hours
        case .undoSeconds: .seconds
        }
    }

    /// What holds where a policy says nothing; nil where it then limits nothing.
    public var standard: Int64? {
        switch self {
        case .windowDays, .refundMax, .dayMax, .autoMax, .feeMin, .feeMax: nil
        case .shareMax: 10_000
        case .reviewerMax: 100_000
        case .approverMax: 2_000_000
        case .feeFixed, .feeShare: 0
        case .answerDays: 3
        case .decisionDays, .offerDays, .fundsDays: 7
        case .secondDays: 2
        case .questionDays, .undoSeconds: 10
        case .appealDays, .closeDays: 30
        case .returnedDays: 90
        case .draftHours: 24
        }
    }

    /// What may be set. Times that people wait for a merchant can only be made shorter than usual; times that
    /// cardholders have never fall below what they need: a question's two reminders come on the third and the seventh
    /// day.
    public var bounds: ClosedRange<Int64> {
        switch self {
        case .windowDays: 1...365
        case .shareMax: 1...10_000
        case .feeShare: 0...1_000
        case .refundMax, .dayMax, .autoMax, .feeMin, .feeMax: 1...Money.minorMax
        case .reviewerMax, .approverMax, .feeFixed: 0...Money.minorMax
        case .answerDays: 1...3
        case .decisionDays, .fundsDays: 1...7
        case .secondDays: 1...2
        case .questionDays: 8...10
        case .offerDays: 3...7
        case .appealDays: 15...30
        case .returnedDays: 30...90
        case .closeDays: 5...30
        case .draftHours: 1...24
        case .undoSeconds: 0...10
        }
    }
}

/// The rules of a policy that are one of a few words.
public enum PolicyChoice: String, Sendable, Hashable, CaseIterable {
    /// Who bears the handling fee.
    case feeBearer = "fee-bearer"
    /// Whether the payment's own fee goes back to the merchant in proportion.
    case originalFee = "original-fee"
    /// The rate of a refund in another currency.
    case exchange

    static let givenBack = "given-back"

    /// The words there are.
    public var options: [String] {
        switch self {
        case .feeBearer: FeeBearer.allCases.map(\.rawValue)
        case .originalFee: [PolicyChoice.givenBack, "kept"]
        case .exchange: ExchangePolicy.allCases.map(\.rawValue)
        }
    }

    /// The word where a policy says nothing.
    public var standard: String {
        switch self {
        case .feeBearer: FeeRule.standard.bearer.rawValue
        case .originalFee: PolicyChoice.givenBack
        case .exchange: FeeRule.standard.exchange.rawValue
        }
    }
}
