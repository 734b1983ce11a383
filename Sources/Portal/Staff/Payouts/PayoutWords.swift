import RefundDesk
import RefundDomain
import Web
import Words

/// Batches, their orders and the banks' files in words.
struct PayoutWords: Sendable {
    private let phrases: Phrases
    private let words: CaseWords
    private let now: Moment

    init(_ phrases: Phrases, now: Moment) {
        self.phrases = phrases
        words = CaseWords(phrases)
        self.now = now
    }

    static var keys: [String] {
        let states =
            PayoutBatchState.allCases.map { "state.\($0.rawValue)" }
            + BankAnswerState.allCases.map { "answer-state.\($0.rawValue)" }
        let findings = BankFinding.allCases.map { "finding.\($0.rawValue)" } + ["finding.done"]
        let results = PayoutResult.allCases.map { "result.\($0.rawValue)" }
        let forms = PayoutForm.allCases.map { "form.\($0.rawValue)" }
        let faults = [
            "missing", "too-long", "known", "waits", "not-released", "unreadable", "columns", "line",
        ].map { "file.\($0)" }
        let others = [
            "own", "own-file", "changed", "cannot-go", "merchant", "account", "total", "orders", "made", "released",
            "discarded", "brought", "confirmed", "refused", "lines", "fitting", "by", "file-of",
        ]
        return (states + findings + results + forms + faults + others).map { "staff.payout.\($0)" }
            + ["staff.payouts.nothing", "staff.payouts.count"]
    }

    func tag(_ state: PayoutBatchState) -> StateTag {
        let tone: Tone =
            switch state {
            case .made: .turn
            case .released: .moving
            case .discarded: .stopped
            }
        return StateTag(phrases.text("staff.payout.state.\(state.rawValue)"), tone)
    }

    func tag(_ state: BankAnswerState) -> StateTag {
        let tone: Tone =
            switch state {
            case .open: .turn
            case .confirmed: .arrived
            case .refused: .stopped
            }
        return StateTag(phrases.text("staff.payout.answer-state.\(state.rawValue)"), tone)
    }

    // MARK: The list

    func waiting(
        _ waiting: PayoutWaiting, _ merchant: CaseFile.Merchant, mayMake: Bool
    ) -> PayoutsView.Waiting {
        PayoutsView.Waiting(
            name: waiting.accountName, merchant: merchant.name(in: phrases), count: count(waiting.count),
            total: waiting.total.text, account: waiting.accountID, currency: waiting.total.currency.code,
            mayMake: mayMake)
    }

    func line(_ batch: PayoutBatch, _ merchant: CaseFile.Merchant) -> PayoutsView.Line {
        PayoutsView.Line(
            number: batch.number, address: "\(Paths.supportPayouts)/\(batch.id)",
            merchant: merchant.name(in: phrases), count: count(batch.count), total: batch.total.text,
            made: StaffClock(merchant.zone, now: now, phrases).time(batch.made), tag: tag(batch.state))
    }

    private func count(_ count: Int64) -> String {
        phrases.text("staff.payouts.count", ["count": String(count)])
    }

    // MARK: One batch

    func facts(_ detail: PayoutDetail) -> [Fact] {
        let batch = detail.batch
        var facts = [
            fact("merchant", detail.merchant.name(in: phrases)), fact("account", detail.accountName),
            fact("total", batch.total.text), fact("orders", String(batch.count)),
            fact("made", by(detail.made, batch.made, detail.merchant)),
        ]
        if let decided = batch.decided {
            facts.append(fact(batch.state.rawValue, by(detail.decided, decided, detail.merchant)))
        }
        return facts
    }

    func files(_ forms: [PayoutForm], _ address: String) -> [PayoutView.File] {
        forms.map { form in
            PayoutView.File(
                name: phrases.text("staff.payout.form.\(form.rawValue)"), address: "\(address)/file/\(form.rawValue)")
        }
    }

    func item(_ item: PayoutItem, _ caseNumber: String) -> PayoutView.Item {
        PayoutView.Item(
            line: String(item.line), refundNumber: item.refundNumber, caseNumber: caseNumber,
            caseAddress: "\(Paths.supportCases)/\(caseNumber)", amount: item.gross.text,
            tag: words.movementTag(item.state), reference: item.bankReference, paidOn: item.paidOn?.iso)
    }

    func answer(
        _ answer: BankAnswer, _ who: String?, _ merchant: CaseFile.Merchant, _ address: String
    ) -> PayoutView.Answer {
        PayoutView.Answer(
            name: phrases.text("staff.payout.file-of", ["lines": String(answer.lines.count)]),
            address: "\(address)/answers/\(answer.id)", about: by(who, answer.brought, merchant),
            tag: tag(answer.state))
    }

    // MARK: A bank's file

    func facts(
        _ answer: BankAnswer, _ who: String?, _ decider: String?, _ merchant: CaseFile.Merchant,
        _ matches: [BankMatch]
    ) -> [Fact] {
        let fitting = matches.filter { counts($0, in: answer) }.count
        var facts = [
            fact("brought", by(who, answer.brought, merchant)), fact("lines", String(answer.lines.count)),
            fact("fitting", String(fitting)),
        ]
        if let decided = answer.decided {
            facts.append(fact(answer.state.rawValue, by(decider, decided, merchant)))
        }
        return facts
    }

    func line(_ match: BankMatch, of answer: BankAnswer) -> PayoutAnswerView.Line {
        let isDone = match.item?.answerID == answer.id && match.finding == .ended
        let finding = isDone ? "done" : match.finding.rawValue
        return PayoutAnswerView.Line(
            line: String(match.line.line), refundNumber: match.line.refundNumber, amount: match.line.amount.text,
            result: phrases.text("staff.payout.result.\(match.line.result.rawValue)"),
            about: [match.line.reference, match.line.paidOn?.iso, match.line.reason].compactMap(\.self)
                .joined(separator: " · "),
            finding: StateTag(
                phrases.text("staff.payout.finding.\(finding)"), isDone || match.finding == .fits ? .arrived : .stopped)
        )
    }

    /// Whether a line changes something, or did.
    private func counts(_ match: BankMatch, in answer: BankAnswer) -> Bool {
        match.finding == .fits || (match.finding == .ended && match.item?.answerID == answer.id)
    }

    private func fact(_ key: String, _ value: String) -> Fact { Fact(phrases.text("staff.payout.\(key)"), value) }

    private func by(_ who: String?, _ when: Moment, _ merchant: CaseFile.Merchant) -> String {
        let clock = StaffClock(merchant.zone, now: now, phrases)
        return phrases.text("staff.payout.by", ["who": who ?? "–", "when": clock.time(when)])
    }
}
