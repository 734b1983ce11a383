/// What has to hold for a transition; every verb also asks for the version of the page that it was called from.
public enum TransitionGuard: String, Sendable, Hashable, CaseIterable {
    case eligible, answersComplete, contactProved, termsAccepted, withinPolicy, amountLeft
    case timePassed, withinTime, reminded, answerGiven, questionNamed, noted, explained, newGrounds
    case ruleFits, noBlock, inScope, notMaker, notEarlierDecider, notFirstApprover, ownDecision, withinUndo
    case checksTicked, upToAsked, lessThanAsked, lessApprovedThanAsked, withinLimit
    case nothingSent, allFinal, twoPeople, evidence

    /// What it asks, in a few words, for the printed table.
    public var sentence: String {
        switch self {
        case .eligible: "the payment was proved by a look-up and something can be asked for now"
        case .answersComplete: "every answer and the proof that the reason demands are there"
        case .contactProved: "the contact was proved by a code"
        case .termsAccepted: "the terms were accepted"
        case .withinPolicy: "within the merchant's policy of that day"
        case .amountLeft: "the payment has so much left"
        case .timePassed: "its time has passed"
        case .withinTime: "its time has not passed"
        case .reminded: "reminded twice"
        case .answerGiven: "words or a file are given"
        case .questionNamed: "a question and a day are named"
        case .noted: "a note says why"
        case .explained: "a reason's code and an explanation for the cardholder"
        case .newGrounds: "says what is new"
        case .ruleFits: "the policy's rule for approving by itself fits"
        case .noBlock: "nothing blocks the payment"
        case .inScope: "the person sees this merchant"
        case .notMaker: "not a maker"
        case .notEarlierDecider: "has not decided this case before an appeal"
        case .notFirstApprover: "not the first approver"
        case .ownDecision: "the person's own decision"
        case .withinUndo: "within the seconds for undoing"
        case .checksTicked: "all checks ticked"
        case .upToAsked: "at most what was asked"
        case .lessThanAsked: "less than was asked"
        case .lessApprovedThanAsked: "less was approved than asked"
        case .withinLimit: "within the person's own limit"
        case .nothingSent: "no money has been sent"
        case .allFinal: "every movement is final"
        case .twoPeople: "two people"
        case .evidence: "evidence is named"
        }
    }
}

/// Who hears of a transition.
public enum Addressee: String, Sendable, Hashable, CaseIterable {
    case cardholder
    /// The merchant's queue.
    case merchant
    /// Those who may give the second approval.
    case approvers
    /// Reviewers who have not decided the case.
    case otherReviewers = "other reviewers"
    /// The operator's finance desk.
    case finance
}
