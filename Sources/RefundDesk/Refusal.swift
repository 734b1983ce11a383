public import RefundDomain

/// The rules' answer to a person: shown, not logged.
public enum Refusal: Error, Sendable, Hashable {
    /// There is no such thing, or not for whoever asked.
    case notFound
    /// The case changed since the page was made; it has this version now.
    case stale(version: Int64)
    /// The transition table has no row for this.
    case notNow(state: RefundCase.State)
    /// Nothing, or not so much, can be asked for.
    case ineligible(Ineligible)
    /// More than is left; at most this can be asked for.
    case aboveMost(Money)
    /// More than the merchant gives back at once, in all or in a day; at most this can be asked for or approved now.
    case limited(Money, by: Ceiling)
    /// Only the whole amount can be asked for.
    case onlyWhole(Money)
    /// Proof has to be there for this reason.
    case proofNeeded
    /// So many files or bytes are the most for a case.
    case tooMuchProof
    /// The contact has not been proved with a code.
    case contactUnproved
    /// A step before this one is not done.
    case stepMissing(DraftStep)
    /// The code is wrong; so many tries are left.
    case wrongCode(triesLeft: Int64)
    /// The code is used up, too old or was never made.
    case codeExpired
    /// Too many tries or codes; try again after so many seconds.
    case tooMany(retryAfterSeconds: Int64)
    /// Somebody of this role may not do this.
    case notAllowed
    /// The person filed, changed or uploaded for the cardholder and so may not decide.
    case makerMayNotDecide
    /// The person decided the case before: an appeal goes to somebody else.
    case decidedBefore
    /// The person gave the first approval; the second is another's.
    case firstApprover
    /// Only whoever decided may take the decision back.
    case notYours
    /// It is too late to take the decision back, or part of it has left the house.
    case undoOver
    /// Nobody acts for a cardholder without their consent.
    case consentMissing
    /// An earlier decision granted this much, which is not taken back: after an appeal it can only be more.
    case belowApproved(Money)
    /// Above what this role may approve alone.
    case aboveLimit(Money)
    /// A check that is needed for approving is open.
    case checkMissing(Check)
    /// Something stops the payment's money; nothing is approved or sent until it is lifted.
    case blocked(Block)
    /// The money is in a state from which this cannot be done.
    case moneyNotNow(state: Movement.State)
    /// Something is proposed for this case already; one thing at a time.
    case proposalOpen
    /// It can be done from then on.
    case tooEarly(from: Moment)
    /// The channel has no way to do this.
    case channelCannot
    /// A field is missing or does not fit; the name is the form's.
    case field(String, FieldFault)
    /// A merchant, terminal, account or person of that name exists already.
    case alreadyThere(String)
}

/// What is wrong with a field.
public enum FieldFault: String, Error, Sendable, Hashable, CaseIterable {
    case missing
    case tooLong
    case unreadable
    case tooShort
    case notOffered
}

/// The steps of a request, in order.
public enum DraftStep: String, Sendable, Hashable, CaseIterable {
    case reason
    case amount
    case proof
    case contact
    case code
    case check
}
