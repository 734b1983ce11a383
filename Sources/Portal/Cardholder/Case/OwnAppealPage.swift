import RefundDesk
import RefundDomain
import Web
import Words

/// The form that asks for somebody else to look at a decision again.
struct OwnAppealView: View {
    static let template = "cardholder/case-appeal"
    static let sample = OwnAppealView(
        frame: .sample, problems: .sample, back: "/cases/x", lead: "由别人重新看", until: "请在 12 月 22 日前提出", decline: .sample,
        sums: .sample, action: "/cases/x/appeal", version: "4", grounds: .sample, file: .sample)

    let frame: Frame
    let problems: Problems?
    let back: String
    let lead: String
    let until: String?
    /// What the merchant said; nil where part of it was agreed to.
    let decline: OwnCaseView.Decline?
    let sums: Sums
    let action: String
    let version: String
    let grounds: TextArea
    let file: FileField
}

extension OwnAppealView {
    /// What was typed and did not fit.
    struct Typed: Sendable {
        var grounds: String?
        var fault: FormFault?
    }

    init(_ wording: CaseWording, typed: Typed = Typed(), frame: Frame) {
        let owned = wording.owned
        let phrases = wording.phrases
        self.frame = frame
        problems = Problems(typed.fault, phrases)
        back = Paths.cases(owned.number)
        lead = wording.text(owned.state == .declined ? "appeal.lead" : "appeal.lead.part")
        until = owned.appealUntil.map { wording.text("appeal.until", ["date": wording.dates.day($0)]) }
        decline = OwnCaseView.declined(wording)
        sums = wording.sums
        action = Paths.cases(owned.number, .appeal)
        version = String(owned.version)
        grounds = TextArea(
            "grounds", label: wording.text("grounds"), hint: wording.text("grounds.hint"),
            problem: typed.fault?.text("grounds", phrases), value: typed.grounds, rows: 6)
        file = FileField(typed.fault, phrases, label: wording.text("file.optional"))
    }

    static var words: [String] {
        [
            "appeal.lead", "appeal.lead.part", "appeal.until", "file.optional", "grounds", "grounds.hint",
            "grounds.missing", "grounds.too-long", "grounds.too-short",
            "grounds.unreadable",
        ].map { "\(CaseWording.prefix).\($0)" }
    }
}
