/// The rules that a case is decided under; the case keeps the version it was submitted with.
///
/// Every value lies within its bounds: a policy is made from the standard by ``with(_:_:)`` or read from text.
public struct Policy: Sendable, Hashable {
    /// Names it for ever: `standard-1`, or the merchant's code and a number, `lanting-3`.
    public let version: String
    private var numbers: [PolicyNumber: Int64]
    /// The reasons that the rule may approve by itself.
    public private(set) var autoReasons: Set<RequestReason>
    /// From which asked amount on a reason demands proof, in minor units; a reason that is not here never does.
    public private(set) var proofFrom: [RequestReason: Int64]
    private var choices: [PolicyChoice: String]

    /// The standard rules under a version of their own.
    public init(version: String) {
        self.version = version
        numbers = [:]
        for number in PolicyNumber.allCases { numbers[number] = number.standard }
        autoReasons = []
        proofFrom = [:]
        choices = [:]
        for reason in RequestReason.allCases where reason.proof.isDemanded { proofFrom[reason] = 0 }
    }

    /// What holds until a merchant has a policy of its own: ¥1,000 for a reviewer, ¥20,000 for an approver.
    public static let standard = Policy(version: "standard-1")

    /// All of a payment, in hundredths of a percent.
    static let wholeShare: Int64 = 10_000

    /// A number of the policy; nil where it limits nothing.
    public subscript(number: PolicyNumber) -> Int64? { numbers[number] }

    /// The same rules under another version.
    public func named(_ version: String) -> Policy {
        var policy = Policy(version: version)
        policy.numbers = numbers
        policy.autoReasons = autoReasons
        policy.proofFrom = proofFrom
        policy.choices = choices
        return policy
    }

    /// The word chosen for a rule.
    public subscript(choice: PolicyChoice) -> String { choices[choice] ?? choice.standard }

    /// The same rules with another word chosen for one.
    ///
    /// - Throws: ``PolicyFault/unreadable(_:)`` for a word that the rule does not have.
    public func with(_ choice: PolicyChoice, _ word: String) throws(PolicyFault) -> Policy {
        guard choice.options.contains(word) else { throw .unreadable(choice.rawValue) }
        var policy = self
        policy.choices[choice] = word == choice.standard ? nil : word
        return policy
    }

    /// The same rules with another number.
    ///
    /// - Parameter value: nil takes the limit away, where there may be none.
    /// - Throws: ``PolicyFault/outOfBounds(_:)``, ``PolicyFault/missing(_:)``.
    public func with(_ number: PolicyNumber, _ value: Int64?) throws(PolicyFault) -> Policy {
        if value == nil, number.standard != nil { throw .missing(number.rawValue) }
        if let value, !number.bounds.contains(value) { throw .outOfBounds(number.rawValue) }
        var policy = self
        policy.numbers[number] = value
        return policy
    }

    /// The same rules with other reasons that the rule may approve by itself.
    public func approvingAlone(_ reasons: Set<RequestReason>) -> Policy {
        var policy = self
        policy.autoReasons = reasons
        return policy
    }

    /// The same rules, with proof demanded for a reason from an amount on; nil never demands it.
    ///
    /// - Throws: ``PolicyFault/outOfBounds(_:)``.
    public func demandingProof(for reason: RequestReason, from minor: Int64?) throws(PolicyFault) -> Policy {
        if let minor, !(0...Money.minorMax).contains(minor) { throw .outOfBounds(PolicyText.proofKey(reason)) }
        var policy = self
        policy.proofFrom[reason] = minor
        return policy
    }

    /// The same rules with another time for taking a decision back, in seconds; none when it is out of bounds.
    public func undoing(within seconds: Int64) -> Policy {
        var policy = self
        policy.numbers[.undoSeconds] = PolicyNumber.undoSeconds.bounds.contains(seconds) ? seconds : 0
        return policy
    }
}

/// What is wrong with the text or a value of a policy; each names the key.
public enum PolicyFault: Error, Sendable, Hashable {
    case unknownKey(String)
    case unreadable(String)
    case outOfBounds(String)
    case repeated(String)
    case missing(String)
}

extension Policy {
    private func value(_ number: PolicyNumber) -> Int64 {
        numbers[number] ?? number.standard ?? 0
    }

    /// The most that one reviewer may approve alone, in minor units of the payment's currency.
    public var reviewerLimitMinor: Int64 { value(.reviewerMax) }
    /// The most that one approver may approve alone, in minor units.
    public var approverLimitMinor: Int64 { value(.approverMax) }
    /// Working days until the merchant's first answer.
    public var answerWorkingDays: Int { Int(value(.answerDays)) }
    /// Working days until the merchant's decision.
    public var decisionWorkingDays: Int { Int(value(.decisionDays)) }
    /// Working days until the second approval.
    public var secondWorkingDays: Int { Int(value(.secondDays)) }
    /// Days the cardholder has to answer a question when the reviewer names no other date.
    public var questionDays: Int64 { value(.questionDays) }
    /// Days the cardholder has to answer an offer; silence is refusal.
    public var offerDays: Int64 { value(.offerDays) }
    /// Days in which a decision can be appealed against.
    public var appealDays: Int64 { value(.appealDays) }
    /// Days that a movement waits for the merchant's funds before the operator's finance desk hears of it.
    public var fundsDays: Int64 { value(.fundsDays) }
    /// Days that money which a bank sent back is kept before it counts as unclaimed.
    public var returnedDays: Int64 { value(.returnedDays) }
    /// Working days after the last success until a case closes without complaint.
    public var closeWorkingDays: Int { Int(value(.closeDays)) }
    /// Hours a draft is kept without being sent.
    public var draftHours: Int64 { value(.draftHours) }
    /// Seconds in which a reviewer can take back a decision of their own; until then nothing of it leaves the house.
    public var undoSeconds: Int64 { value(.undoSeconds) }

    /// Handling fee, fee given back and rate of exchange.
    public var fees: FeeRule {
        FeeRule(
            fixedMinor: value(.feeFixed), basisPoints: value(.feeShare),
            bearer: FeeBearer(rawValue: self[PolicyChoice.feeBearer]) ?? FeeRule.standard.bearer,
            returnsFee: self[PolicyChoice.originalFee] == PolicyChoice.givenBack,
            exchange: ExchangePolicy(rawValue: self[PolicyChoice.exchange]) ?? FeeRule.standard.exchange,
            leastMinor: self[.feeMin] ?? 0, mostMinor: self[.feeMax])
    }

    /// The most that somebody of a role may approve alone, in minor units; 0 for those who do not, finance among them:
    /// it only signs as the second of two.
    public func approvalLimitMinor(of role: Role) -> Int64 {
        switch role {
        case .reviewer: reviewerLimitMinor
        case .approver, .operatorReviewer: approverLimitMinor
        case .clerk, .merchantAdmin, .support, .finance, .operatorAdmin: 0
        }
    }

    /// What a reason asks for as proof of a request for so much.
    public func proof(for reason: RequestReason, asking asked: Money?) -> ProofDemand {
        let kinds = reason.proof.kinds
        guard let from = proofFrom[reason] else { return .helpful(kinds) }
        return (asked?.minor ?? Money.minorMax) >= from ? .demanded(kinds) : .helpful(kinds)
    }

    /// Whether a request is approved without a person: small enough, for a reason that the merchant chose, the first
    /// one of its payment, and nothing stops it.
    public func approvesAlone(_ asked: Money, for reason: RequestReason, isFirst: Bool, isStopped: Bool) -> Bool {
        guard let most = self[.autoMax], asked.minor <= most else { return false }
        return autoReasons.contains(reason) && isFirst && !isStopped
    }
}
