extension Movement {
    /// Every transition there is.
    ///
    /// A dispute (M25) is no state: it lies over the payment and stops what would be sent, see ``Block``.
    public static let transitions: [Transition] = plans + answers + queries + afterwards

    private static let plans: [Transition] =
        [
            row("M1", .plan, nil, .planned, [.system]),
            row(
                "M23", .replace, nil, .planned, [.staff], posts: [.hold, .holdAdjusted, .rerouted], tells: [.cardholder]
            ),
            row(
                "M24", .correct, nil, .planned, [.twoPeople], posts: [.hold, .holdAdjusted, .correctedDown],
                tells: [.cardholder]),
            row("M2", .cover, .planned, .ready, [.system]),
            row("M3", .fallShort, .planned, .waitingFunds, [.system], tells: [.cardholder]),
            row("M4", .fundsArrive, .waitingFunds, .ready, [.system, .staff], posts: [.holdAdjusted, .advanced]),
        ]
        + [State.planned, .waitingFunds, .ready].map { state in
            row("M5", .cancel, state, .cancelled, [.cardholder, .staff, .system], posts: [.holdReleased])
        }
        + [row("M6", .take, .ready, .sending, [.system], posts: [.sent, .handlingFee, .exchanged])]

    /// P7 with P6; or, for a payment that is called off, P18 after P4 is undone and what was held is free.
    private static let confirming: [Posting.Kind] = [.confirmed, .channelFee, .unsent, .holdReleased, .voided]

    private static let answers: [Transition] = [
        row("M7", .accept, .sending, .accepted, [.channel], tells: [.cardholder]),
        row("M8", .succeed, .sending, .succeeded, [.channel], posts: confirming, tells: [.cardholder]),
        row("M9", .fail, .sending, .failed, [.channel], posts: [.failed], tells: [.cardholder]),
        row("M10", .loseTrack, .sending, .unknown, [.system]),
        row("M26", .refuseForFunds, .sending, .waitingFunds, [.channel], posts: [.unsent], tells: [.cardholder]),
        row("M27", .refuseUnexecuted, .sending, .ready, [.channel], posts: [.unsent]),
    ]

    private static let queries: [Transition] = [
        row("M11", .accept, .unknown, .accepted, [.channel], tells: [.cardholder]),
        row("M11", .succeed, .unknown, .succeeded, [.channel], posts: confirming, tells: [.cardholder]),
        row("M11", .fail, .unknown, .failed, [.channel], posts: [.failed], tells: [.cardholder]),
        row("M11", .needPayee, .unknown, .needsPayeeAction, [.channel], tells: [.cardholder]),
        row("M28", .proveUnsent, .unknown, .ready, [.channel], posts: [.unsent]),
        row("M12", .resend, .unknown, .ready, [.twoPeople], posts: [.unsent]),
        row("M12", .giveUp, .unknown, .failed, [.twoPeople], posts: [.failed], tells: [.cardholder]),
        row("M13", .handToBank, .accepted, .atBank, [.channel]),
        row(
            "M14", .succeed, .accepted, .succeeded, [.channel], posts: confirming, tells: [.cardholder]),
        row("M14", .succeed, .atBank, .succeeded, [.channel], posts: confirming, tells: [.cardholder]),
        row(
            "M14", .succeed, .needsPayeeAction, .succeeded, [.channel], posts: confirming,
            tells: [.cardholder]),
        row("M15", .fail, .accepted, .failed, [.channel], posts: [.failed], tells: [.cardholder]),
        row("M15", .fail, .atBank, .failed, [.channel], posts: [.failed], tells: [.cardholder]),
        row("M16", .needPayee, .accepted, .needsPayeeAction, [.channel], tells: [.cardholder]),
        row("M16", .needPayee, .atBank, .needsPayeeAction, [.channel], tells: [.cardholder]),
        row("M16", .needPayee, .sending, .needsPayeeAction, [.channel], tells: [.cardholder]),
        row("M17", .accept, .needsPayeeAction, .accepted, [.channel], tells: [.cardholder]),
        row("M17", .fail, .needsPayeeAction, .failed, [.channel, .system], posts: [.failed], tells: [.cardholder]),
    ]

    private static let afterwards: [Transition] =
        [row("M18", .arrive, .succeeded, .arrived, [.cardholder, .staff], tells: [])]
        + [State.succeeded, .atBank, .accepted, .needsPayeeAction].map { state in
            row(
                "M19", .comeBack, state, .returned,
                state == .needsPayeeAction ? [.channel, .twoPeople, .system] : [.channel, .twoPeople],
                posts: [.returned],
                tells: [.cardholder, .finance])
        }
        + [
            row(
                "M17", .reroute, .needsPayeeAction, .rerouted, [.twoPeople], posts: [.returned, .rerouted],
                tells: [.cardholder]),
            row("M20", .reroute, .returned, .rerouted, [.twoPeople], posts: [.rerouted], tells: [.cardholder]),
            row("M21", .giveBack, .returned, .givenBack, [.twoPeople], posts: [.givenBack], tells: [.cardholder]),
            row("M22", .leaveUnclaimed, .returned, .unclaimed, [.twoPeople], posts: [.unclaimed]),
        ]
        + [State.planned, .waitingFunds, .failed].map { state in
            row(
                "M29", .payOutside, state, .givenOutside, [.twoPeople], posts: [.paidOutside, .givenBack],
                tells: [.cardholder])
        }
        + [
            row("M29", .payOutside, .returned, .givenOutside, [.twoPeople], posts: [.givenBack], tells: [.cardholder])
        ]

    private static func row(
        _ id: String, _ happening: Happening, _ from: State?, _ to: State, _ triggers: Set<Trigger>,
        posts: [Posting.Kind] = [], tells: [Addressee] = []
    ) -> Transition {
        Transition(id: id, happening: happening, from: from, to: to, triggers: triggers, posts: posts, tells: tells)
    }
}
