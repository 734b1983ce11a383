extension RefundCase {
    /// Every transition there is; buttons are shown by it and verbs act by it.
    ///
    /// No row changes the payment that a case belongs to (R24): withdraw it and make a new one.
    public static let transitions: [Transition] = requests + reviews + decisions + endings

    private static let requests: [Transition] = [
        row("R1", .begin, nil, .draft, [.cardholder, .agent], [.eligible]),
        row(
            "R2", .submit, .draft, .submitted, [.cardholder, .agent],
            [.answersComplete, .contactProved, .termsAccepted, .withinPolicy, .amountLeft], posts: [.hold],
            tells: [.cardholder, .merchant]),
        row("R3", .letDraftExpire, .draft, .expired, [.system], [.timePassed]),
        row(
            "R5", .approveByRule, .submitted, .approved, [.system], [.ruleFits, .noBlock, .amountLeft],
            posts: [.holdAdjusted], tells: [.cardholder, .merchant]),
        row("R7", .answer, .infoNeeded, .inReview, [.cardholder, .agent], [.answerGiven], tells: [.merchant]),
        row(
            "R7", .answerLate, .expired, .inReview, [.cardholder, .agent], [.answerGiven, .withinTime, .amountLeft],
            posts: [.hold], tells: [.merchant]),
        row(
            "R8", .letQuestionExpire, .infoNeeded, .expired, [.system], [.timePassed, .reminded],
            posts: [.holdReleased], tells: [.cardholder]),
        row(
            "R10", .acceptOffer, .counterOffered, .approved, [.cardholder], [.contactProved, .withinTime, .noBlock],
            posts: [.holdAdjusted], tells: [.cardholder, .merchant]),
        row(
            "R10", .acceptOfferForSecond, .counterOffered, .awaitingSecond, [.cardholder],
            [.contactProved, .withinTime], tells: [.merchant]),
        row("R11", .refuseOffer, .counterOffered, .inReview, [.cardholder], [.contactProved], tells: [.merchant]),
        row("R11", .letOfferLapse, .counterOffered, .inReview, [.system], [.timePassed], tells: [.merchant]),
    ]

    private static let reviews: [Transition] = [
        row("R4", .take, .submitted, .inReview, [.reviewer, .system], [.inScope, .notMaker], tells: [.cardholder]),
        row(
            "R6", .ask, .inReview, .infoNeeded, [.reviewer, .agent], [.inScope, .questionNamed], tells: [.cardholder]),
        row(
            "R9", .offer, .inReview, .counterOffered, [.reviewer],
            [.inScope, .notMaker, .notEarlierDecider, .lessThanAsked, .explained], tells: [.cardholder]),
        row(
            "R19", .routeAppeal, .appealed, .inReview, [.reviewer, .system],
            [.inScope, .notMaker, .notEarlierDecider]),
    ]

    private static let decisions: [Transition] = [
        row(
            "R12", .approveFirst, .inReview, .awaitingSecond, [.reviewer],
            [.inScope, .notMaker, .notEarlierDecider, .checksTicked, .upToAsked, .noBlock], tells: [.approvers]),
        row(
            "R13", .approve, .inReview, .approved, [.reviewer],
            [.inScope, .notMaker, .notEarlierDecider, .checksTicked, .upToAsked, .withinLimit, .noBlock],
            posts: [.holdAdjusted, .hold], tells: [.cardholder]),
        row(
            "R14", .approveSecond, .awaitingSecond, .approved, [.approver],
            [.inScope, .notMaker, .notEarlierDecider, .notFirstApprover, .withinLimit, .noBlock],
            posts: [.holdAdjusted, .hold], tells: [.cardholder]),
        row(
            "R15", .sendBack, .awaitingSecond, .inReview, [.approver],
            [.inScope, .notMaker, .notFirstApprover, .noted],
            tells: [.merchant]),
        row(
            "R16", .decline, .inReview, .declined, [.reviewer],
            [.inScope, .notMaker, .notEarlierDecider, .explained], posts: [.holdReleased], tells: [.cardholder]),
        row(
            "R16", .decline, .awaitingSecond, .declined, [.approver],
            [.inScope, .notMaker, .notEarlierDecider, .notFirstApprover, .explained], posts: [.holdReleased],
            tells: [.cardholder]),
        row(
            "R26", .undo, .approved, .inReview, [.reviewer, .approver],
            [.ownDecision, .withinUndo, .nothingSent, .amountLeft], posts: [.holdAdjusted]),
        row(
            "R26", .undo, .declined, .inReview, [.reviewer, .approver], [.ownDecision, .withinUndo, .amountLeft],
            posts: [.hold, .holdAdjusted]),
    ]

    private static let endings: [Transition] =
        [
            row(
                "R17", .appeal, .declined, .appealed, [.cardholder, .agent],
                [.contactProved, .withinTime, .newGrounds, .amountLeft], posts: [.hold, .holdAdjusted],
                tells: [.cardholder, .otherReviewers]),
            row(
                "R18", .appeal, .approved, .appealed, [.cardholder, .agent],
                [.contactProved, .withinTime, .newGrounds, .lessApprovedThanAsked, .amountLeft],
                posts: [.hold, .holdAdjusted], tells: [.cardholder, .otherReviewers]),
        ]
        + [State.submitted, .inReview, .infoNeeded, .counterOffered, .awaitingSecond, .approved].map { state in
            row(
                "R20", .withdraw, state, .withdrawn, [.cardholder, .agent], [.contactProved, .nothingSent],
                posts: [.holdReleased], tells: [.cardholder, .merchant])
        }
        + [
            row(
                "R21", .close, .approved, .closed, [.system], [.allFinal, .timePassed], posts: [.holdReleased],
                tells: [.cardholder])
        ]
        + [State.declined, .withdrawn, .expired].map { state in
            row("R22", .closeEnded, state, .closed, [.system], [.allFinal, .timePassed])
        }
        + [
            row(
                "R23", .reopen, .closed, .inReview, [.agent, .finance], [.twoPeople, .newGrounds, .amountLeft],
                posts: [.hold, .holdAdjusted], tells: [.cardholder]),
            row("R25", .revive, .closed, .approved, [.channel, .finance], [], tells: [.cardholder, .merchant]),
        ]

    private static func row(
        _ id: String, _ command: Command, _ from: State?, _ to: State, _ actors: Set<ActorKind>,
        _ guards: [TransitionGuard], posts: [Posting.Kind] = [], tells: [Addressee] = []
    ) -> Transition {
        Transition(
            id: id, command: command, from: from, to: to, actors: actors, guards: guards, posts: posts, tells: tells)
    }
}
