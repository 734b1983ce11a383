/// What only two people can do to a case's money or to an ended case: one proposes it with evidence, another confirms.
public enum JointAction: String, Sendable, Hashable, CaseIterable {
    /// M12: send the same order under the same number again although nobody knows what became of it.
    case resend
    /// M12: call an unknown movement failed, on evidence that the channel did not pay.
    case giveUp = "give-up"
    /// M19: a bank sent the money back, by paper or a statement instead of the channel's own word.
    case recordReturn = "record-return"
    /// M20: pay returned money to another destination, which the cardholder named with proof.
    case reroute
    /// M21: returned money goes back to the merchant.
    case giveBack = "give-back"
    /// M22: returned money that nobody claims.
    case leaveUnclaimed = "leave-unclaimed"
    /// M24: the amount was too small; another movement pays the difference.
    case correctUp = "correct-up"
    /// M24: the amount was too large and the cardholder agreed to owe the difference, or it is given as goodwill (P16).
    case correctDown = "correct-down"
    /// M29: the merchant paid by other means.
    case payOutside = "pay-outside"
    /// R23: a closed case is looked at again.
    case reopen

    /// Who may propose it.
    public var proposers: Set<Role> {
        switch self {
        case .resend, .giveUp, .giveBack, .leaveUnclaimed: [.finance]
        case .recordReturn, .reroute, .correctUp, .correctDown, .payOutside: [.finance, .operatorReviewer]
        case .reopen: [.support, .finance]
        }
    }

    /// Who may confirm what somebody else proposed; never the same person.
    public var confirmers: Set<Role> {
        switch self {
        case .resend, .giveUp, .giveBack, .leaveUnclaimed, .recordReturn, .reroute, .correctUp, .correctDown,
            .payOutside:
            [.finance, .operatorReviewer]
        case .reopen: [.support, .finance]
        }
    }

    /// Whether one of this role may confirm what one of another role proposed.
    ///
    /// Reopening takes one of support and one of finance.
    public func mayConfirm(_ role: Role, proposedBy proposer: Role) -> Bool {
        guard confirmers.contains(role) else { return false }
        return self == .reopen ? role != proposer : true
    }
}

/// What stops every approval and every sending of a payment's money, whatever the state of its cases.
public enum Block: String, Sendable, Hashable, CaseIterable {
    /// The cardholder's bank has taken the payment up with the merchant's (M25); refunds wait both ways.
    case dispute
    /// A court or an authority asks that nothing moves.
    case legalHold = "legal-hold"
    /// The account that the money would go to is closed.
    case accountClosed = "account-closed"
    /// The channel or the terminal cannot do it now.
    case capabilityOff = "capability-off"
    /// Somebody looks at a risk.
    case riskReview = "risk-review"
}
