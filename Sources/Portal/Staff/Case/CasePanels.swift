import RefundDesk
import RefundDomain
import Web
import Words

/// What both the merchant's and the support desk's page show of a case, as finished text.
struct CasePanels: Sendable {
    let number: String
    let tag: StateTag
    /// Where the newest movement stands; nil before there is one.
    let moneyTag: StateTag?
    let dueText: String
    let isOverdue: Bool
    let merchantName: String
    let assignee: String
    let comparisons: [Comparison]
    let details: String?
    let numbers: [Fact]
    let sums: Sums
    let proofs: [ProofItem]
    let questions: [QuestionItem]
    let decision: [Fact]
    let hasDecision: Bool
    let movements: [MovementItem]
    let rails: Rails
    let notes: [Note]
    let history: [HistoryItem]
    let siblings: [SiblingItem]
    let hasSiblings: Bool
    let hasNumbers: Bool

    static let sample = CasePanels(
        number: "RF-7K3M-Q9TX-D", tag: .sample, moneyTag: .sample, dueText: "还有 2 天", isOverdue: true,
        merchantName: "山茶书店",
        assignee: "lin", comparisons: [.sample], details: "书少了一本", numbers: [.sample], sums: .sample,
        proofs: [.sample], questions: [.sample], decision: [.sample], hasDecision: true, movements: [.sample],
        rails: .sample, notes: [.sample], history: [.sample], siblings: [.sample], hasSiblings: true,
        hasNumbers: true)
}

/// Turns a case into the text of its panels.
struct CasePanelWriter {
    let file: CaseFile
    let clock: StaffClock
    let phrases: Phrases
    /// The address of the case's page, below which its files lie.
    let address: String
    /// The address of another case on the same desk.
    let caseAddress: (String) -> String
    /// Whether the person may have files as they came.
    let downloads: Bool
    /// Whether the person says what a file is worth.
    var judges = false

    var words: CaseWords { CaseWords(phrases) }
    private var events: EventWords { EventWords(phrases, clock, file.request.amount.currency) }

    static var keys: [String] { CasePanelKeys.all }

    var panels: CasePanels {
        let numbers = self.numbers
        let due = DueWords(phrases, clock)
        return CasePanels(
            number: file.number.text, tag: words.tag(file.state),
            moneyTag: file.movements.first.map { words.movementTag($0.state) },
            dueText: due.text(file.state, due: file.due),
            isOverdue: due.isOverdue(file.state, due: file.due), merchantName: file.merchant.name(in: phrases),
            assignee: file.assignee ?? phrases.text("staff.unassigned"), comparisons: comparisons,
            details: file.request.details, numbers: numbers, sums: sums, proofs: file.proofs.map(proof),
            questions: file.questions.map(question), decision: decision, hasDecision: file.decision != nil,
            movements: file.movements.map { MovementWords(phrases, clock).item($0) },
            rails: CaseRails(file, clock, phrases).rails, notes: file.notes.map(note),
            history: file.events.map(history), siblings: file.siblings.map(sibling),
            hasSiblings: !file.siblings.isEmpty, hasNumbers: !numbers.isEmpty)
    }

    /// What happened after a version of the case, newest first.
    func changes(since version: Int64) -> [HistoryItem] {
        file.events.filter { ($0.version ?? 0) > version }.map(history)
    }

    /// What happened, as far as it is asked for, newest first.
    func history(_ isAsked: (CaseFile.EventLine) -> Bool) -> [HistoryItem] {
        file.events.filter(isAsked).map(history)
    }

    private var comparisons: [Comparison] {
        let payment = file.payment
        let none = phrases.text("staff.not-asked")
        var rows = [
            row("amount", file.request.amount.text, payment.amount.text),
            row("reason", file.request.reason.map { words.reason($0) } ?? none, "–"),
            row("found", phrases.text("staff.found.\(file.request.lookUp)"), words.channel(payment.channel)),
            row("card", none, card),
            row("time", clock.exact(file.request.submitted), clock.exact(payment.paidAt)),
            row("who", file.contact.name ?? none, file.merchant.name(in: phrases)),
        ]
        if !file.contact.all.isEmpty {
            rows.append(row("contact", file.contact.all.joined(separator: " · "), phrases.text("staff.contact.proved")))
        }
        return rows
    }

    private func row(_ key: String, _ said: String, _ known: String) -> Comparison {
        Comparison(label: phrases.text("staff.compare.\(key)"), said: said, known: known)
    }

    /// The card, masked to its last four digits; wallets pay without one.
    private var card: String {
        let card = file.payment.card
        guard let last4 = card.last4 else { return phrases.text("staff.card.none") }
        let ending = phrases.text("staff.card.ending", ["last4": last4])
        return ([card.issuer, card.kind].compactMap(\.self) + [ending]).joined(separator: " ")
    }

    private var numbers: [Fact] {
        let numbers = file.payment.numbers
        let rows: [(String, String?)] = [
            ("terminal", numbers.terminal), ("batch", numbers.batch), ("trace", numbers.trace),
            ("reference", numbers.reference), ("authorisation", numbers.authorisation),
            ("transaction", numbers.transaction), ("order", numbers.order),
            ("settled", file.payment.settledOn.map(clock.day)), ("able", able),
        ]
        return rows.compactMap { key, value in
            value.map { Fact(phrases.text("staff.number.\(key)"), $0, isNumber: key != "settled" && key != "able") }
        }
    }

    /// What the channel, the acquirer and the terminal let the merchant give back.
    private var able: String? {
        let payment = file.payment
        return payment.able.map {
            AbilityWords(phrases: phrases, clock: clock)
                .line($0, paidOn: payment.paidOn, currency: payment.amount.currency)
        }
    }

    /// What is left of the payment, and what of it this request asks for.
    private var sums: Sums {
        let payment = file.payment
        var rows = [Sums.Row(phrases.text("staff.sum.paid"), payment.amount.text)]
        if payment.refundedElsewhere.minor > 0 {
            rows.append(Sums.Row(phrases.text("staff.sum.elsewhere"), "− \(payment.refundedElsewhere.text)"))
        }
        if payment.refunded.minor > 0 {
            rows.append(Sums.Row(phrases.text("staff.sum.refunded"), "− \(payment.refunded.text)"))
        }
        if payment.open.minor > 0 {
            rows.append(Sums.Row(phrases.text("staff.sum.open"), "− \(payment.open.text)"))
        }
        let taken = payment.refundedElsewhere.minor + payment.refunded.minor + payment.open.minor
        let left = Money(minor: payment.amount.minor - taken, currency: payment.amount.currency)
        let fee = phrases.text(
            "staff.sum.fee", ["fee": payment.fee.text, "back": payment.feeGivenBack.text])
        rows.append(
            Sums.Row(
                phrases.text("staff.sum.left"), (left ?? .zero(payment.amount.currency)).text, note: fee, isTotal: true)
        )
        return Sums(rows)
    }

    private func question(_ question: CaseFile.Question) -> QuestionItem {
        let items = question.items.map(words.proof).joined(separator: phrases.text("staff.list-separator"))
        return QuestionItem(
            text: question.text, items: items.isEmpty ? nil : items, when: clock.time(question.asked),
            answer: question.answer, answeredAt: question.answered.map(clock.time))
    }

    private var decision: [Fact] {
        guard let decision = file.decision else { return [] }
        let request = file.request
        let reason = decision.declineReason ?? decision.offerReason
        let rows: [(String, String?)] = [
            ("approved", request.approved?.text), ("offered", request.offered?.text),
            ("reason", reason.map(words.decline)), ("explanation", decision.explanation),
            ("remedy", decision.remedy.map(words.remedy)), ("by", decision.by), ("at", clock.time(decision.at)),
        ]
        return rows.compactMap { key, value in value.map { Fact(phrases.text("staff.decided.\(key)"), $0) } }
    }

    private func note(_ line: CaseFile.NoteLine) -> Note {
        let who = phrases.text(
            "staff.actor.person", ["name": line.who, "role": line.role.map(words.role) ?? ""])
        return Note(
            line.text, for: line.visibility == .internal ? .staffOnly : .cardholderToo, who: who,
            when: clock.time(line.at))
    }

    private func history(_ event: CaseFile.EventLine) -> HistoryItem {
        HistoryItem(
            title: events.sentence(event), who: events.who(event), when: clock.time(event.at),
            code: events.code(event), text: event.text, isInternal: event.visibility == .internal)
    }

    private func sibling(_ sibling: CaseFile.Sibling) -> SiblingItem {
        SiblingItem(
            number: sibling.number, address: caseAddress(sibling.number),
            amount: (sibling.approved ?? sibling.asked).text, when: clock.shortDay(clock.zone.day(sibling.submitted)),
            tag: words.tag(sibling.state))
    }
}

extension CaseFile.Merchant {
    /// The merchant's name in a language.
    func name(in phrases: Phrases) -> String {
        switch phrases.language {
        case .zhHans: name
        case .en: nameEnglish ?? name
        }
    }
}
