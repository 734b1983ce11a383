import RefundDesk
import RefundDomain
import Words

/// What a joint action will do, said before it is done: in a sentence, and as the postings that it makes.
struct JointEffect: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let title: String
        let debit: String
        let credit: String
        let amount: String

        static let sample = Row(title: "银行退回 P10", debit: "渠道清算", credit: "被退回、代持卡人保管", amount: "¥50.00")
    }

    let sentence: String
    /// The money that it is about, with its number.
    let facts: [Fact]
    let rows: [Row]
    let hasRows: Bool
    /// What is posted when the movement that it plans is sent.
    let later: [Row]
    let hasLater: Bool

    static let sample = JointEffect(
        sentence: "同一编号再发一次。", facts: [.sample], rows: [.sample], hasRows: true, later: [.sample], hasLater: true)
}

/// Says what a joint action will do.
struct JointEffectWriter {
    let target: JointTarget
    /// What a correction changes; nil while nobody has typed it.
    let amount: Money?
    let isGoodwill: Bool
    let last4: String?
    /// What a correction upwards comes to; nil for everything else, and while nobody has typed an amount.
    var correction: RefundQuote?
    /// The most that a correction can be.
    var most: Money?
    let phrases: Phrases

    static var keys: [String] {
        JointAction.allCases.flatMap { ["staff.joint.\($0.rawValue)", "staff.joint.\($0.rawValue).text"] }
            + ["movement", "number", "state", "new-total", "destination", "most", "cost", "fee-back"].map {
                "staff.joint.fact.\($0)"
            }
            + ["staff.joint.payOutside.returned"]
    }

    var effect: JointEffect {
        let rows = table(postings)
        let later = table(correction.map { $0.sending + $0.confirmation } ?? [])
        return JointEffect(
            sentence: sentence, facts: facts, rows: rows, hasRows: !rows.isEmpty, later: later,
            hasLater: !later.isEmpty)
    }

    private func table(_ postings: [Posting]) -> [JointEffect.Row] {
        postings.flatMap { posting in
            posting.lines.map { line in
                JointEffect.Row(
                    title: phrases.text("staff.posting.\(posting.kind.rawValue)"),
                    debit: phrases.text("staff.account.\(line.debit.rawValue)"),
                    credit: phrases.text("staff.account.\(line.credit.rawValue)"), amount: line.amount.text)
            }
        }
    }

    private var sentence: String {
        if target.action == .payOutside, target.movement?.state == .returned {
            return phrases.text("staff.joint.payOutside.returned")
        }
        return phrases.text("staff.joint.\(target.action.rawValue).text")
    }

    private var facts: [Fact] {
        var facts: [Fact] = []
        if let movement = target.movement {
            facts += [
                Fact(phrases.text("staff.joint.fact.movement"), movement.gross.text),
                Fact(phrases.text("staff.joint.fact.state"), CaseWords(phrases).movement(movement.state)),
                Fact(phrases.text("staff.joint.fact.number"), movement.refundNumber, isNumber: true),
            ]
            if let amount, let total = newTotal(movement, amount) {
                facts.append(Fact(phrases.text("staff.joint.fact.new-total"), total))
            }
            if amount == nil, let most { facts.append(Fact(phrases.text("staff.joint.fact.most"), most.text)) }
            if let correction {
                facts += [
                    Fact(phrases.text("staff.joint.fact.cost"), correction.cost.text),
                    Fact(phrases.text("staff.joint.fact.fee-back"), correction.feeGivenBack.text),
                ]
            }
        }
        if let last4 { facts.append(Fact(phrases.text("staff.joint.fact.destination"), "…\(last4)", isNumber: true)) }
        return facts
    }

    /// `¥80.00 + ¥20.00 = ¥100.00`: both totals of a correction.
    private func newTotal(_ movement: CaseFile.MovementLine, _ amount: Money) -> String? {
        switch target.action {
        case .correctUp:
            movement.gross.adding(amount).map { "\(movement.gross.text) + \(amount.text) = \($0.text)" }
        case .correctDown:
            movement.gross.subtracting(amount).map { "\(movement.gross.text) − \(amount.text) = \($0.text)" }
        case .resend, .giveUp, .recordReturn, .reroute, .giveBack, .leaveUnclaimed, .payOutside, .reopen: nil
        }
    }

    /// The postings by the movement's frozen figures; those of a new movement follow when it is sent.
    private var postings: [Posting] {
        guard let movement = target.movement else { return [] }
        let gross = movement.gross
        switch target.action {
        case .resend: return movement.isFromReturned ? [] : [movement.quote.unsent] + movement.quote.sending
        case .giveUp: return [movement.isFromReturned ? .failedAgain(gross: gross) : movement.quote.failed]
        case .recordReturn:
            return [movement.state.isPaid ? .returned(gross: gross) : .returnedInFlight(gross: gross)]
        case .reroute:
            // What waits for its payee has come back as far as the channel.
            let back = movement.state == .needsPayeeAction ? [Posting.returnedInFlight(gross: gross)] : []
            return back + [.rerouted(gross: gross)]
        case .giveBack: return [movement.quote.givenBack]
        case .leaveUnclaimed: return [.unclaimed(gross: gross)]
        case .correctUp: return correction.map { [.hold($0.cost)] } ?? []
        case .correctDown:
            return amount.map { [.correctedDown(movement.quote.overpaid($0), isGoodwill: isGoodwill)] } ?? []
        case .payOutside:
            let isReturned = movement.state == .returned || movement.isFromReturned
            return [isReturned ? movement.quote.givenBack : .paidOutside(cost: movement.quote.cost)]
        case .reopen: return []
        }
    }
}
