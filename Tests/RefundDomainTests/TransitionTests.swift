import RefundDomain
import Testing

@Suite struct CaseTransitionTests {
    /// Every move that is allowed, written out a second time: row, command, from, to, who.
    private static let expected = """
        R1 begin - draft cardholder,agent
        R2 submit draft submitted cardholder,agent
        R3 letDraftExpire draft expired system
        R4 take submitted in_review reviewer,system
        R5 approveByRule submitted approved system
        R6 ask in_review info_needed reviewer,agent
        R7 answer info_needed in_review cardholder,agent
        R7 answerLate expired in_review cardholder,agent
        R8 letQuestionExpire info_needed expired system
        R9 offer in_review counter_offered reviewer
        R10 acceptOffer counter_offered approved cardholder
        R10 acceptOfferForSecond counter_offered awaiting_second cardholder
        R11 refuseOffer counter_offered in_review cardholder
        R11 letOfferLapse counter_offered in_review system
        R12 approveFirst in_review awaiting_second reviewer
        R13 approve in_review approved reviewer
        R14 approveSecond awaiting_second approved approver
        R15 sendBack awaiting_second in_review approver
        R16 decline in_review declined reviewer
        R16 decline awaiting_second declined approver
        R17 appeal declined appealed cardholder,agent
        R18 appeal approved appealed cardholder,agent
        R19 routeAppeal appealed in_review reviewer,system
        R20 withdraw submitted withdrawn cardholder,agent
        R20 withdraw in_review withdrawn cardholder,agent
        R20 withdraw info_needed withdrawn cardholder,agent
        R20 withdraw counter_offered withdrawn cardholder,agent
        R20 withdraw awaiting_second withdrawn cardholder,agent
        R20 withdraw approved withdrawn cardholder,agent
        R21 close approved closed system
        R22 closeEnded declined closed system
        R22 closeEnded withdrawn closed system
        R22 closeEnded expired closed system
        R23 reopen closed in_review agent,finance
        R25 revive closed approved channel,finance
        R26 undo approved in_review reviewer,approver
        R26 undo declined in_review reviewer,approver
        """.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }

    @Test func everyCommandInEveryStateByEveryActorIsAsWritten() {
        let states: [RefundCase.State?] = [nil] + RefundCase.State.allCases
        var allowed = 0
        for command in RefundCase.Command.allCases {
            for state in states {
                for actor in ActorKind.allCases {
                    let wanted = CaseTransitionTests.expected.first {
                        $0[1] == command.rawValue && $0[2] == (state?.rawValue ?? "-")
                            && $0[4].split(separator: ",").map(String.init).contains(actor.rawValue)
                    }
                    let found = RefundCase.transition(command, from: state, by: actor)
                    #expect(
                        found?.id == wanted?[0] && found?.to.rawValue == wanted?[3],
                        "\(command) \(String(describing: state)) \(actor)")
                    if found != nil { allowed += 1 }
                }
            }
        }
        let wanted = CaseTransitionTests.expected.reduce(0) { $0 + $1[4].split(separator: ",").count }
        #expect(allowed == wanted)
        #expect(RefundCase.transitions.count == CaseTransitionTests.expected.count)
    }

    @Test func anAgentNeverDecides() {
        let decisions: Set<RefundCase.Command> = [
            .approve, .approveFirst, .approveSecond, .approveByRule, .offer, .acceptOffer, .acceptOfferForSecond,
            .decline, .sendBack, .undo, .take,
        ]
        for step in RefundCase.transitions where decisions.contains(step.command) {
            #expect(!step.actors.contains(.agent) && !step.actors.contains(.channel), "\(step.id)")
        }
        for role in Role.allCases where !role.mayDecide {
            #expect(Actor.staff(id: "a", role: role).kind == .agent)
            #expect(!role.kinds.contains(.reviewer), "\(role)")
        }
    }

    @Test func everyWayToMoneyAsksForAnotherPersonThanTheMaker() {
        let yes: Set<RefundCase.Command> = [.approve, .approveFirst, .approveSecond, .offer]
        for step in RefundCase.transitions where yes.contains(step.command) {
            #expect(step.guards.contains(.notMaker), "\(step.id)")
        }
    }

    @Test func anEndedCaseIsOnlyTakenUpAgainOnNewGrounds() {
        #expect(Set(RefundCase.transitions.filter { $0.from == .closed }.map(\.command)) == [.reopen, .revive])
        #expect(Set(RefundCase.transitions.filter { $0.from == .withdrawn }.map(\.command)) == [.closeEnded])
        #expect(
            Set(RefundCase.transitions.filter { $0.from == .expired }.map(\.command)) == [.answerLate, .closeEnded])
    }

    @Test func aSubmittedCaseShowsAReviewerWhatCanBeDoneOnceTaken() {
        #expect(
            RefundCase.commands(in: .submitted, for: .reviewer) == [
                .take, .ask, .offer, .approve, .approveFirst, .decline,
            ])
        #expect(
            RefundCase.commands(in: .inReview, for: .reviewer) == [.ask, .offer, .approve, .approveFirst, .decline])
        #expect(
            RefundCase.commands(in: .counterOffered, for: .cardholder)
                == [.acceptOffer, .acceptOfferForSecond, .refuseOffer, .withdraw])
        #expect(RefundCase.commands(in: .approved, for: .reviewer) == [.undo])
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
        ("M1", .plan, nil, .planned), ("M23", .replace, nil, .planned), ("M24", .correct, nil, .planned),
        ("M2", .cover, .planned, .ready), ("M3", .fallShort, .planned, .waitingFunds),
        ("M4", .fundsArrive, .waitingFunds, .ready), ("M5", .cancel, .planned, .cancelled),
        ("M5", .cancel, .waitingFunds, .cancelled), ("M5", .cancel, .ready, .cancelled),
        ("M6", .take, .ready, .sending), ("M7", .accept, .sending, .accepted),
        ("M8", .succeed, .sending, .succeeded), ("M9", .fail, .sending, .failed),
        ("M10", .loseTrack, .sending, .unknown), ("M11", .accept, .unknown, .accepted),
        ("M11", .succeed, .unknown, .succeeded), ("M11", .fail, .unknown, .failed),
        ("M11", .needPayee, .unknown, .needsPayeeAction), ("M12", .resend, .unknown, .ready),
        ("M12", .giveUp, .unknown, .failed), ("M13", .handToBank, .accepted, .atBank),
        ("M14", .succeed, .accepted, .succeeded), ("M14", .succeed, .atBank, .succeeded),
        ("M14", .succeed, .needsPayeeAction, .succeeded), ("M15", .fail, .accepted, .failed),
        ("M15", .fail, .atBank, .failed), ("M16", .needPayee, .accepted, .needsPayeeAction),
        ("M16", .needPayee, .atBank, .needsPayeeAction), ("M16", .needPayee, .sending, .needsPayeeAction),
        ("M17", .accept, .needsPayeeAction, .accepted), ("M17", .fail, .needsPayeeAction, .failed),
        ("M17", .reroute, .needsPayeeAction, .rerouted),
        ("M18", .arrive, .succeeded, .arrived), ("M19", .comeBack, .succeeded, .returned),
        ("M19", .comeBack, .atBank, .returned), ("M19", .comeBack, .accepted, .returned),
        ("M19", .comeBack, .needsPayeeAction, .returned), ("M20", .reroute, .returned, .rerouted),
        ("M21", .giveBack, .returned, .givenBack), ("M22", .leaveUnclaimed, .returned, .unclaimed),
        ("M26", .refuseForFunds, .sending, .waitingFunds), ("M27", .refuseUnexecuted, .sending, .ready),
        ("M28", .proveUnsent, .unknown, .ready), ("M29", .payOutside, .planned, .givenOutside),
        ("M29", .payOutside, .waitingFunds, .givenOutside), ("M29", .payOutside, .failed, .givenOutside),
        ("M29", .payOutside, .returned, .givenOutside),
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
            switch step.from {
            case .arrived, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled:
                Issue.record("\(step.id) leaves a state that nothing leaves")
            case .succeeded: #expect(step.to == .arrived || step.to == .returned)
            case .failed: #expect(step.to == .givenOutside)
            case .unknown: #expect(step.triggers.isDisjoint(with: [.system, .staff, .cardholder]), "\(step.id)")
            case nil, .planned, .waitingFunds, .ready, .sending, .accepted, .atBank, .needsPayeeAction, .returned: break
            }
            if step.to == .cancelled { #expect(step.from?.isBeforeSending == true) }
            if step.to == .succeeded { #expect(step.triggers == [.channel], "\(step.id)") }
            if step.to == .givenOutside || step.from == .returned { #expect(step.triggers == [.twoPeople]) }
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
        (.returned, [nil, nil, .returned, .returned, .returned]),
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
            for state in State.allCases where !live.contains(state) && !(state == .succeeded && verdict == .returned) {
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
