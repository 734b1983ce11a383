import RefundDesk
import RefundDomain
import Web
import Words

/// The page on which the support desk asks a cardholder, or acts for one.
struct BehalfView: View {
    static let template = "staff/behalf"
    static let sample = BehalfView(
        frame: .sample, problems: .sample, title: "代持卡人回答", number: "RF-7K3M-Q9TX-D", back: "/support/cases/RF",
        lead: "会记为您代办。", facts: [.sample], hasFacts: true, action: "/support/cases/RF/behalf/answer",
        version: "3", encoding: "multipart/form-data", items: .sample, words: .sample, due: .sample, file: .sample,
        consent: .sample, button: "代为提交")

    let frame: StaffFrame
    let problems: Problems?
    let title: String
    let number: String
    let back: String
    let lead: String
    /// What it is about: the question, the decision, the amount.
    let facts: [Fact]
    let hasFacts: Bool
    let action: String
    let version: String
    /// How the form travels; files need their own way.
    let encoding: String
    let items: Choices?
    let words: TextArea
    let due: TextField?
    let file: FileField?
    let consent: Choices?
    let button: String
}

/// Puts together the page of one act.
struct BehalfWriter {
    let act: BehalfAct
    let file: CaseFile
    let policy: Policy
    let clock: StaffClock
    let phrases: Phrases
    var fields: FormFields?
    var fault: FormFault?

    static let prefix = "staff.behalf"

    static var keys: [String] {
        let own = BehalfAct.allCases.flatMap { act in
            ["", ".lead", ".button", ".field", ".field.hint"].map { "\(act.rawValue)\($0)" }
                + ["missing", "too-long", "too-short", "unreadable", "not-offered"].map { "\(act.field).\($0)" }
        }
        return
            (own + [
                "consent", "consent.yes", "consent.missing", "file", "due.not-offered", "due.unreadable",
                "items.missing",
                "fact.asked", "fact.question", "fact.until", "fact.reason", "fact.explanation", "fact.approved",
                "grounds.gone", "text.gone",
            ]).map { "\(prefix).\($0)" }
            + ["ask.items", "ask.items.hint", "ask.due", "ask.due.hint"].map {
                "staff.field.\($0)"
            }
    }

    func view(frame: StaffFrame) -> BehalfView {
        let folder = CaseDesk.support.folder(file.number.text)
        let facts = self.facts
        return BehalfView(
            frame: frame, problems: Problems(fault, phrases), title: text(act.rawValue), number: file.number.text,
            back: "\(folder)#do", lead: text("\(act.rawValue).lead"), facts: facts, hasFacts: !facts.isEmpty,
            action: "\(folder)/\(act.path)", version: String(file.version),
            encoding: act.takesFiles ? "multipart/form-data" : "application/x-www-form-urlencoded",
            items: act == .question ? items : nil,
            words: TextArea(
                act.field, label: text("\(act.rawValue).field"), hint: text("\(act.rawValue).field.hint"),
                problem: problem(act.field), value: fields?.typed(act.field), rows: 4,
                isOptional: act == .withdraw),
            due: act == .question ? due : nil,
            file: act.takesFiles ? FileField(fault, phrases, label: text("file")) : nil,
            consent: act.needsConsent ? consent : nil, button: text("\(act.rawValue).button"))
    }

    private var facts: [Fact] {
        let question = file.questions.first { $0.answered == nil }
        var rows: [(String, String?)] = [("asked", file.request.amount.text)]
        switch act {
        case .question, .withdraw: break
        case .answer: rows += [("question", question?.text), ("until", (question?.due).map(clock.day))]
        case .appeal:
            rows += [
                ("approved", file.request.approved?.text),
                ("reason", file.decision?.declineReason.map(CaseWords(phrases).decline)),
                ("explanation", file.decision?.explanation), ("until", file.process.appealUntil.map(clock.time)),
            ]
        }
        return rows.compactMap { key, value in value.map { Fact(text("fact.\(key)"), $0) } }
    }

    private var items: Choices {
        Choices(
            "items", legend: phrases.text("staff.field.ask.items"), hint: phrases.text("staff.field.ask.items.hint"),
            problem: problem("items"),
            options: ProofKind.allCases.map { ($0.rawValue, CaseWords(phrases).proof($0), nil) },
            chosen: fields?.list("items") ?? [], several: true)
    }

    private var due: TextField {
        let usual = clock.today.adding(days: policy.questionDays)
        return TextField(
            "due", label: phrases.text("staff.field.ask.due"), hint: phrases.text("staff.field.ask.due.hint"),
            problem: problem("due"), value: fields?.typed("due") ?? usual.iso, type: "date", width: "input--short")
    }

    private var consent: Choices {
        Choices(
            "consent", legend: text("consent"), problem: problem("consent"),
            options: [("yes", text("consent.yes"), nil)],
            chosen: fields?.list("consent") ?? [], several: true)
    }

    private func text(_ key: String) -> String { phrases.text("\(BehalfWriter.prefix).\(key)") }

    private func problem(_ name: String) -> String? { fault?.text(name, phrases) }
}
