import RefundDesk
import RefundDomain
import Words

/// What somebody may do with a case and what not, in words: the rows of the transition table for the person's kinds of
/// actor, without those whose guards the page can see fail.
struct DecisionLimits {
    let file: CaseFile
    let member: StaffMember
    let policy: Policy
    let now: Moment
    let phrases: Phrases

    static var keys: [String] {
        [
            "role", "limit", "decided", "waiting", "second", "maker", "earlier", "first", "block", "undo-over", "sent",
        ].map { "staff.cannot.\($0)" }
    }

    /// What the page offers no button for: others do it, or it happens by itself.
    private static let elsewhere: Set<RefundCase.Command> = [
        .begin, .submit, .answer, .answerLate, .withdraw, .appeal, .reopen, .revive,
    ]

    /// The rows that this person could use now if every guard held.
    private var rows: [RefundCase.Transition] {
        member.role.kinds.flatMap { kind in
            RefundCase.commands(in: file.state, for: kind).compactMap { command in
                RefundCase.transition(command, from: file.state, by: kind)
                    ?? RefundCase.transition(command, from: .inReview, by: kind)
            }
        }.filter { !DecisionLimits.elsewhere.contains($0.command) && member.role.may($0.command) }
    }

    /// What this person can do to the case.
    var commands: Set<RefundCase.Command> {
        Set(rows.filter { row in !row.guards.contains(where: fails) }.map(\.command))
    }

    /// Whether this person says what a file is worth: whoever decides, while there is something to decide.
    var judgesProof: Bool { member.role.mayDecide && file.state.isUndecided && !isMaker }

    /// Why this person cannot decide, or not everything.
    var facts: [String] {
        let words = CaseWords(phrases)
        if rows.isEmpty { return [nothing(words)] }
        let failing = Set(rows.flatMap { $0.guards.filter(fails) })
        let order: [TransitionGuard] = [
            .notMaker, .notFirstApprover, .notEarlierDecider, .noBlock, .withinUndo, .nothingSent,
        ]
        return order.filter(failing.contains).compactMap(reason) + above
    }

    private func nothing(_ words: CaseWords) -> String {
        guard member.role.mayDecide else {
            return phrases.text("staff.cannot.role", ["role": words.role(member.role)])
        }
        switch file.state {
        case .infoNeeded, .counterOffered: return phrases.text("staff.cannot.waiting")
        case .awaitingSecond: return phrases.text("staff.cannot.second")
        case .submitted, .inReview, .appealed, .approved, .declined, .withdrawn, .expired, .closed, .draft:
            return phrases.text("staff.cannot.decided", ["state": words.state(file.state)])
        }
    }

    /// Whether a guard is seen to fail on the page; those that depend on what is typed, or on what only the verb can
    /// know, are the verb's.
    private func fails(_ condition: TransitionGuard) -> Bool {
        switch condition {
        case .notMaker: isMaker
        case .notFirstApprover: file.process.firstByID == member.id
        case .notEarlierDecider: hasDecidedBefore
        case .noBlock: !file.blocks.isEmpty
        case .ownDecision: file.process.decidedByID != member.id
        case .withinUndo: file.process.undoUntil.map { $0 <= now } ?? true
        case .nothingSent: file.movements.contains { !$0.state.isBeforeSending && $0.state != .cancelled }
        case .eligible, .answersComplete, .contactProved, .termsAccepted, .withinPolicy, .amountLeft, .timePassed,
            .withinTime, .reminded, .answerGiven, .questionNamed, .noted, .explained, .newGrounds, .ruleFits, .inScope,
            .checksTicked, .upToAsked, .lessThanAsked, .lessApprovedThanAsked, .withinLimit, .allFinal, .twoPeople,
            .evidence:
            false
        }
    }

    /// Words for a guard that fails; nil where the rest of the page says it, as with somebody else's decision.
    private func reason(_ condition: TransitionGuard) -> String? {
        let isDecided = file.state == .approved || file.state == .declined
        switch condition {
        case .notMaker: return phrases.text("staff.cannot.maker")
        case .notFirstApprover: return phrases.text("staff.cannot.first")
        case .notEarlierDecider: return phrases.text("staff.cannot.earlier")
        case .noBlock: return phrases.text("staff.cannot.block")
        case .withinUndo:
            guard isDecided, file.process.decidedByID == member.id else {
                return isDecided ? nothing(CaseWords(phrases)) : nil
            }
            return phrases.text("staff.cannot.undo-over")
        case .nothingSent:
            return file.process.decidedByID == member.id ? phrases.text("staff.cannot.sent") : nil
        case .eligible, .answersComplete, .contactProved, .termsAccepted, .withinPolicy, .amountLeft, .timePassed,
            .withinTime, .reminded, .answerGiven, .questionNamed, .noted, .explained, .newGrounds, .ruleFits, .inScope,
            .ownDecision, .checksTicked, .upToAsked, .lessThanAsked, .lessApprovedThanAsked, .withinLimit, .allFinal,
            .twoPeople, .evidence:
            return nil
        }
    }

    /// What is asked for lies above what the person decides alone: a second one has to agree.
    private var above: [String] {
        let limit = policy.approvalLimitMinor(of: member.role)
        guard commands.contains(.approve), file.request.amount.minor > limit,
            let most = Money(minor: limit, currency: file.request.amount.currency)
        else { return [] }
        return [phrases.text("staff.cannot.limit", ["limit": most.text])]
    }

    private var isMaker: Bool { file.isMaker(member) }

    /// Whoever decided the case before its appeal does not decide it again.
    private var hasDecidedBefore: Bool {
        guard let appealed = file.process.appealed else { return false }
        let deciding: Set<String> = ["R9", "R12", "R13", "R14", "R16", "R26"]
        return file.events.contains { event in
            event.actorID == member.id && event.at <= appealed && event.transition.map(deciding.contains) == true
        }
    }
}

extension CaseFile {
    /// Whether somebody made the request, by the same rule as the verbs, and so may not decide it.
    func isMaker(_ member: StaffMember) -> Bool { makers.contains(member.id) }
}
