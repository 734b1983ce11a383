/// What is proposed, besides which action on which movement; each action needs its own part and no other.
public struct JointDetails: Sendable, Hashable {
    /// What the bank gave as the reason of a return, at most 64 characters.
    public var returnCode: String?
    /// The day on which the money came back, at the merchant's place.
    public var returnedOn: Day?
    /// By how much a correction changes what was paid.
    public var amount: Money?
    /// Whether too much is given away instead of being owed by the cardholder, who must have agreed to owe it.
    public var isGoodwill: Bool
    /// The account that the cardholder named, for paying elsewhere.
    public var destinationID: String?
    /// What is new about a closed case, or how a merchant paid outside: shown to colleagues.
    public var grounds: String?

    public init(
        returnCode: String? = nil, returnedOn: Day? = nil, amount: Money? = nil, isGoodwill: Bool = false,
        destinationID: String? = nil, grounds: String? = nil
    ) {
        self.returnCode = returnCode
        self.returnedOn = returnedOn
        self.amount = amount
        self.isGoodwill = isGoodwill
        self.destinationID = destinationID
        self.grounds = grounds
    }
}

extension JointAction {
    /// What it makes of a movement; nil for what makes a new movement, a posting only, or concerns the case.
    public var happening: Movement.Happening? {
        switch self {
        case .resend: .resend
        case .giveUp: .giveUp
        case .recordReturn: .comeBack
        case .reroute: .reroute
        case .giveBack: .giveBack
        case .leaveUnclaimed: .leaveUnclaimed
        case .payOutside: .payOutside
        case .correctUp, .correctDown, .reopen: nil
        }
    }
}

/// How long money waits before people may decide about it.
public enum JointLimits {
    /// Hours for which nobody knew what became of an order, before two people may (M12): by then the channel was asked
    /// more than fifty times. The evidence that they name replaces waiting any longer.
    public static let unknownHours: Int64 = 24
    /// The shortest evidence, in characters.
    public static let evidenceCharactersMin = 10
}
