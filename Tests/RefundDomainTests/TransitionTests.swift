import RefundDomain
import Testing

@Suite struct CaseTransitionTests {
    /// Every move that is allowed, written out a second time: (row, command, from, to, who).
    private static let expected: [(String, RefundCase.Command, RefundCase.State?, RefundCase.State, ActorKind)] = [
        ("R1", .begin, nil, .draft, .cardholder),
        ("R2", .submit, .draft, .submitted, .cardholder),
        ("R4", .take, .submitted, .inReview, .reviewer),
        ("R6", .ask, .inReview, .infoNeeded, .reviewer),
        ("R7", .answer, .infoNeeded, .inReview, .cardholder),
        ("R9", .offer, .inReview, .counterOffered, .reviewer),
        ("R10", .acceptOffer, .counterOffered, .approved, .cardholder),
        ("R11", .refuseOffer, .counterOffered, .inReview, .cardholder),
        ("R11", .letOfferLapse, .counterOffered, .inReview, .system),
        ("R13", .approve, .inReview, .approved, .reviewer),
        ("R16", .decline, .inReview, .declined, .reviewer),
        ("R20", .withdraw, .submitted, .withdrawn, .cardholder),
        ("R20", .withdraw, .inReview, .withdrawn, .cardholder),
        ("R20", .withdraw, .infoNeeded, .withdrawn, .cardholder),
        ("R20", .withdraw, .counterOffered, .withdrawn, .cardholder),
        ("R20", .withdraw, .approved, .withdrawn, .cardholder),
        ("R21", .close, .approved, .closed, .system),
    ]

    @Test func everyCommandInEveryStateByEveryActorIsAsWritten() {
        let states: [RefundCase.State?] = [nil] + RefundCase.State.allCases
        var allowed = 0
        for command in RefundCase.Command.allCases {
            for state in states {
                for actor in ActorKind.allCases {
                    let wanted = CaseTransitionTests.expected.first {
                        $0.1 == command && $0.2 == state && $0.4 == actor
                    }
                    let found = RefundCase.transition(command, from: state, by: actor)
                    #expect(found?.id == wanted?.0 && found?.to == wanted?.3, "\(command) \(String(describing: state))")
                    if found != nil { allowed += 1 }
                }
            }
        }
        #expect(allowed == CaseTransitionTests.expected.count)
        #expect(RefundCase.transitions.count == CaseTransitionTests.expected.count)
    }

    @Test func anAgentNeverDecidesAndNeverActsAsThePerson() {
        #expect(RefundCase.transitions.allSatisfy { !$0.actors.contains(.agent) && !$0.actors.contains(.channel) })
        for role in Role.allCases where !role.mayDecide {
            #expect(Actor.staff(id: "a", role: role).kind == .agent)
        }
    }

    @Test func nothingFollowsAnEndedCase() {
        for state in [RefundCase.State.declined, .withdrawn, .closed] {
            for actor in ActorKind.allCases { #expect(RefundCase.commands(in: state, for: actor).isEmpty) }
        }
    }

    @Test func aSubmittedCaseShowsAReviewerWhatCanBeDoneOnceTaken() {
        #expect(RefundCase.commands(in: .submitted, for: .reviewer) == [.take, .ask, .offer, .approve, .decline])
        #expect(RefundCase.commands(in: .inReview, for: .reviewer) == [.ask, .offer, .approve, .decline])
        #expect(RefundCase.commands(in: .counterOffered, for: .cardholder) == [.acceptOffer, .refuseOffer, .withdraw])
        #expect(RefundCase.commands(in: .approved, for: .reviewer).isEmpty)
    }

    @Test func everyStateCanBeReached() {
        var reached: Set<RefundCase.State> = []
        var waiting: [RefundCase.State?] = [nil]
        while let state = waiting.popLast() {
            for step in RefundCase.transitions where step.from == state && reached.insert(step.to).inserted {
                waiting.append(step.to)
            }
        }
        #expect(reached == Set(RefundCase.State.allCases))
    }
}

@Suite struct MovementTransitionTests {
    typealias State = Movement.State

    private static let expected: [(String, Movement.Happening, State?, State)] = [
        ("M1", .plan, nil, .planned), ("M2", .cover, .planned, .ready), ("M3", .fallShort, .planned, .waitingFunds),
        ("M4", .fundsArrive, .waitingFunds, .ready), ("M5", .cancel, .planned, .cancelled),
        ("M5", .cancel, .waitingFunds, .cancelled), ("M5", .cancel, .ready, .cancelled),
        ("M6", .take, .ready, .sending), ("M7", .accept, .sending, .accepted),
        ("M8", .succeed, .sending, .succeeded), ("M9", .fail, .sending, .failed),
        ("M10", .loseTrack, .sending, .unknown), ("M11", .accept, .unknown, .accepted),
        ("M11", .succeed, .unknown, .succeeded), ("M11", .fail, .unknown, .failed),
        ("M11", .needPayee, .unknown, .needsPayeeAction), ("M13", .handToBank, .accepted, .atBank),
        ("M14", .succeed, .accepted, .succeeded), ("M14", .succeed, .atBank, .succeeded),
        ("M14", .succeed, .needsPayeeAction, .succeeded), ("M15", .fail, .accepted, .failed),
        ("M15", .fail, .atBank, .failed), ("M16", .needPayee, .accepted, .needsPayeeAction),
        ("M16", .needPayee, .atBank, .needsPayeeAction), ("M16", .needPayee, .sending, .needsPayeeAction),
        ("M17", .accept, .needsPayeeAction, .accepted), ("M17", .fail, .needsPayeeAction, .failed),
        ("M26", .refuseForFunds, .sending, .waitingFunds), ("M27", .refuseUnexecuted, .sending, .ready),
        ("M28", .proveUnsent, .unknown, .ready),
    ]

    @Test func everyHappeningInEveryStateIsAsWritten() {
        let states: [State?] = [nil] + State.allCases
        var allowed = 0
        for happening in Movement.Happening.allCases {
            for state in states {
                let wanted = MovementTransitionTests.expected.first { $0.1 == happening && $0.2 == state }
                let found = Movement.transition(happening, from: state)
                #expect(found?.id == wanted?.0 && found?.to == wanted?.3, "\(happening) \(String(describing: state))")
                if found != nil { allowed += 1 }
            }
        }
        #expect(allowed == MovementTransitionTests.expected.count)
        #expect(Movement.transitions.count == MovementTransitionTests.expected.count)
    }

    @Test func moneyThatIsOutNeverComesBackByRewriting() {
        for step in Movement.transitions {
            if step.from == .succeeded || step.from == .failed || step.from == .cancelled {
                Issue.record("\(step.id) leaves a state that nothing leaves")
            }
            if step.to == .cancelled { #expect(step.from?.isBeforeSending == true) }
            if step.from == .unknown { #expect(step.to != .cancelled && step.to != .sending) }
        }
    }

    /// (verdict, sending, unknown, accepted, at bank, needs payee); `-` changes nothing, `?` only once it is visible.
    private static let verdicts: [(ChannelVerdict, [State?])] = [
        (.succeeded, [.succeeded, .succeeded, .succeeded, .succeeded, .succeeded]),
        (.accepted, [.accepted, .accepted, nil, nil, .accepted]),
        (.unknown, [.unknown, nil, nil, nil, nil]),
        (.notExecuted, [.ready, nil, nil, nil, nil]),
        (.noFunds, [.waitingFunds, nil, nil, nil, nil]),
        (.refusedOperator, [.ready, nil, nil, nil, nil]),
        (.failed, [.failed, .failed, .failed, .failed, .failed]),
        (.needsPayeeAction, [.needsPayeeAction, .needsPayeeAction, .needsPayeeAction, .needsPayeeAction, nil]),
        (.neverSeen, [.unknown, .ready, nil, nil, nil]),
    ]

    @Test func everyVerdictInEveryStateMeansWhatIsWritten() {
        let live: [State] = [.sending, .unknown, .accepted, .atBank, .needsPayeeAction]
        #expect(MovementTransitionTests.verdicts.map(\.0) == ChannelVerdict.allCases)
        for (verdict, results) in MovementTransitionTests.verdicts {
            for (state, wanted) in zip(live, results) {
                let happening = Movement.happening(for: verdict, in: state, replayMayPayTwice: false, visible: true)
                let found = happening.flatMap { Movement.transition($0, from: state)?.to }
                #expect(found == wanted, "\(verdict) in \(state)")
                #expect((happening == nil) == (found == nil), "\(verdict) in \(state) has no row")
            }
            for state in State.allCases where !live.contains(state) {
                let happening = Movement.happening(for: verdict, in: state, replayMayPayTwice: false, visible: true)
                #expect(happening == nil, "\(verdict) in \(state)")
            }
        }
    }

    @Test func aNumberIsOnlySentAgainWhenThatCannotPayTwice() {
        for (twice, visible) in [(true, true), (true, false), (false, false)] {
            let happening = Movement.happening(
                for: .neverSeen, in: .unknown, replayMayPayTwice: twice, visible: visible)
            #expect(happening == nil)
        }
    }

    @Test func theQueryPlanGoesOnForEver() {
        let able = ChannelCapability.wechatPay
        #expect((0..<8).map { able.queryDelay(after: $0) } == [60, 60, 60, 60, 60, 300, 600, 600])
        #expect(able.queryDelay(after: 8) == 1_800)
        #expect(able.queryDelay(after: Int.max) == 86_400)
        #expect(able.queryDelay(after: Int.min) == 60)
        #expect(able.queryPlanSeconds.reduce(0, +) >= 3 * 86_400)
    }
}
