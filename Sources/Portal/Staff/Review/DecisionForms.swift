import RefundDesk
import RefundDomain
import Web
import Words

/// The ways to decide; one form is shown at a time, so that nobody mistakes one for another.
enum DecisionAct: String, Sendable, CaseIterable {
    case second
    case approve
    case offer
    case ask
    case decline

    /// The field of a page's address that chooses the form.
    static let field = "do"

    /// The commands that the form can lead to; it is shown when one of them can be used.
    var commands: Set<RefundCase.Command> {
        switch self {
        case .second: [.approveSecond, .sendBack]
        case .approve: [.approve, .approveFirst]
        case .offer: [.offer]
        case .ask: [.ask]
        case .decline: [.decline]
        }
    }
}

/// The forms of a decision: `staff/decision`.
struct DecisionPanel: Sendable, Hashable {
    struct Tab: Sendable, Hashable {
        let name: String
        let address: String
        let isCurrent: Bool

        static let sample = Tab(name: "同意", address: "/merchant/cases/RF?do=approve#decide", isCurrent: true)
    }

    struct Approve: Sendable, Hashable {
        let amount: TextField
        let checks: Choices
        let note: TextArea

        static let sample = Approve(amount: .sample, checks: .sample, note: .sample)
    }

    struct Second: Sendable, Hashable {
        let decision: Choices
        let note: TextArea

        static let sample = Second(decision: .sample, note: .sample)
    }

    struct Offer: Sendable, Hashable {
        let amount: TextField
        let reason: SelectField
        let explanation: TextArea

        static let sample = Offer(amount: .sample, reason: .sample, explanation: .sample)
    }

    struct Ask: Sendable, Hashable {
        let items: Choices
        let question: TextArea
        let due: TextField

        static let sample = Ask(items: .sample, question: .sample, due: .sample)
    }

    struct Decline: Sendable, Hashable {
        let reason: SelectField
        let explanation: TextArea
        let remedy: SelectField

        static let sample = Decline(reason: .sample, explanation: .sample, remedy: .sample)
    }

    /// Below which the forms go.
    let address: String
    let version: String
    let canTake: Bool
    let tabs: [Tab]
    let second: Second?
    let approve: Approve?
    let offer: Offer?
    let ask: Ask?
    let decline: Decline?

    static let sample = DecisionPanel(
        address: "/merchant/cases/RF-7K3M-Q9TX-D", version: "3", canTake: true, tabs: [.sample], second: .sample,
        approve: .sample, offer: .sample, ask: .sample, decline: .sample)
}

/// What was typed into a decision's form that did not fit.
struct TypedDecision: Sendable {
    let act: DecisionAct
    let fields: FormFields
    let fault: FormFault?
}

/// Makes the forms of a decision, filled with what was typed.
struct DecisionFormWriter {
    let file: CaseFile
    let phrases: Phrases
    let clock: StaffClock
    let policy: Policy
    /// Below which the forms go, and the page that they stand on.
    let folder: String
    let page: String
    let chosen: DecisionAct?
    let typed: TypedDecision?

    private var words: CaseWords { CaseWords(phrases) }
    private var asked: Money { file.request.amount }

    static var keys: [String] {
        DecisionAct.allCases.map { "staff.act.\($0.rawValue)" }
            + [
                "approve.amount", "approve.amount.hint", "approve.checks", "approve.checks.hint", "approve.note",
                "approve.note.hint", "offer.amount", "offer.amount.hint", "reason", "reason.choose", "explanation",
                "explanation.hint", "ask.items", "ask.items.hint", "ask.question", "ask.question.hint", "ask.due",
                "ask.due.hint", "remedy", "remedy.choose", "second.decision", "second.approve", "second.approve.hint",
                "second.send-back", "second.send-back.hint", "second.note", "second.note.hint",
            ].map { "staff.field.\($0)" }
    }

    /// The panel; nil when nothing can be decided now.
    func panel(_ commands: Set<RefundCase.Command>) -> DecisionPanel? {
        let acts = DecisionAct.allCases.filter { !$0.commands.isDisjoint(with: commands) }
        guard let act = chosen.flatMap({ acts.contains($0) ? $0 : nil }) ?? acts.first else { return nil }
        return DecisionPanel(
            address: folder, version: String(file.version), canTake: !commands.isDisjoint(with: [.take, .routeAppeal]),
            tabs: acts.map { tab($0, isCurrent: $0 == act) },
            second: act == .second ? second(commands) : nil, approve: act == .approve ? approve : nil,
            offer: act == .offer ? offer : nil, ask: act == .ask ? ask : nil,
            decline: act == .decline ? decline : nil)
    }

    private func tab(_ act: DecisionAct, isCurrent: Bool) -> DecisionPanel.Tab {
        DecisionPanel.Tab(
            name: phrases.text("staff.act.\(act.rawValue)"),
            address: "\(page)?\(DecisionAct.field)=\(act.rawValue)#decide", isCurrent: isCurrent)
    }

    private func second(_ commands: Set<RefundCase.Command>) -> DecisionPanel.Second {
        let ways: [(String, RefundCase.Command)] = [("approve", .approveSecond), ("send-back", .sendBack)]
        return DecisionPanel.Second(
            decision: Choices(
                "decision", legend: text("second.decision"), problem: problem("decision"),
                options: ways.filter { commands.contains($1) }.map { way, _ in
                    (way, text("second.\(way)"), text("second.\(way).hint"))
                }, chosen: list("decision")),
            note: TextArea(
                "note", label: text("second.note"), hint: text("second.note.hint"), problem: problem("note"),
                value: value("note"), rows: 3))
    }

    private var approve: DecisionPanel.Approve {
        DecisionPanel.Approve(
            amount: amount("approve.amount", hint: ["asked": asked.text], standard: asked.decimal),
            checks: Choices(
                "checks", legend: text("approve.checks"), hint: text("approve.checks.hint"), problem: problem("checks"),
                options: Check.allCases.map { ($0.rawValue, words.check($0), nil) }, chosen: list("checks"),
                several: true),
            note: TextArea(
                "note", label: text("approve.note"), hint: text("approve.note.hint"), problem: problem("note"),
                value: value("note"), rows: 2, isOptional: true))
    }

    private var offer: DecisionPanel.Offer {
        DecisionPanel.Offer(
            amount: amount("offer.amount", hint: ["asked": asked.text], standard: nil), reason: reason,
            explanation: explanation)
    }

    private var ask: DecisionPanel.Ask {
        let usual = clock.today.adding(days: policy.questionDays)
        return DecisionPanel.Ask(
            items: Choices(
                "items", legend: text("ask.items"), hint: text("ask.items.hint"), problem: problem("items"),
                options: ProofKind.allCases.map { ($0.rawValue, words.proof($0), nil) }, chosen: list("items"),
                several: true),
            question: TextArea(
                "question", label: text("ask.question"), hint: text("ask.question.hint"), problem: problem("question"),
                value: value("question"), rows: 4),
            due: TextField(
                "due", label: text("ask.due"), hint: text("ask.due.hint"), problem: problem("due"),
                value: value("due") ?? usual.iso, type: "date", width: "input--short"))
    }

    private var decline: DecisionPanel.Decline {
        DecisionPanel.Decline(
            reason: reason, explanation: explanation,
            remedy: SelectField(
                "remedy", label: text("remedy"), problem: problem("remedy"),
                options: [("", text("remedy.choose"))] + Remedy.allCases.map { ($0.rawValue, words.remedy($0)) },
                chosen: value("remedy")))
    }

    private var reason: SelectField {
        SelectField(
            "reason", label: text("reason"), problem: problem("reason"),
            options: [("", text("reason.choose"))] + DeclineReason.allCases.map { ($0.rawValue, words.decline($0)) },
            chosen: value("reason"))
    }

    private var explanation: TextArea {
        TextArea(
            "explanation", label: text("explanation"), hint: text("explanation.hint"), problem: problem("explanation"),
            value: value("explanation"), rows: 4)
    }

    private func amount(_ key: String, hint: [String: String], standard: String?) -> TextField {
        TextField(
            "amount", label: text(key), hint: phrases.text("staff.field.\(key).hint", hint), problem: problem("amount"),
            value: value("amount") ?? standard, inputMode: "decimal", width: "input--amount",
            prefix: asked.currency.sign)
    }

    private func text(_ key: String) -> String { phrases.text("staff.field.\(key)") }

    private func value(_ name: String) -> String? {
        typed?.fields.typed(name)
    }

    private func list(_ name: String) -> [String] {
        typed?.fields.list(name) ?? []
    }

    private func problem(_ name: String) -> String? {
        typed?.fault?.text(name, phrases)
    }
}
