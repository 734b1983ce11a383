import RefundDomain
import Web
import Words

/// The two steps of finding a case.
enum TrackStep {
    /// Number and contact, as they were typed.
    case number(String?, contact: String?)
    /// The code for a case.
    case code(CaseNumber, typed: String?)
}

/// The page that finds a case.
struct TrackView: View {
    static let template = "cardholder/track"
    static let prefix = "cardholder.track"
    static let sample = TrackView(frame: .sample, problems: .sample, ask: .sample, code: .sample)

    /// The first step's fields.
    struct Ask: Sendable {
        let number: TextField
        let contact: TextField
        static let sample = Ask(number: .sample, contact: .sample)
    }

    /// The second step's fields.
    struct Code: Sendable {
        let number: String
        let field: TextField
        /// The page that sends another code.
        let again: String
        static let sample = Code(number: "RF-7K3M-Q9TX-D", field: .sample, again: "/track?case=RF-7K3M-Q9TX-D")
    }

    let frame: Frame
    let problems: Problems?
    let ask: Ask?
    let code: Code?

    private init(frame: Frame, problems: Problems?, ask: Ask?, code: Code?) {
        self.frame = frame
        self.problems = problems
        self.ask = ask
        self.code = code
    }

    init(_ step: TrackStep, _ fault: FormFault?, _ phrases: Phrases, frame: Frame) {
        let text = { (key: String) in phrases.text("\(TrackView.prefix).\(key)") }
        self.frame = frame
        problems = Problems(fault, phrases)
        switch step {
        case .number(let number, let contact):
            code = nil
            ask = Ask(
                number: TextField(
                    "case_number", label: text("case_number"), hint: text("case_number.hint"),
                    problem: fault?.text("case_number", phrases), value: number, width: "input--wide"),
                contact: TextField(
                    "contact", label: text("contact"), hint: text("contact.hint"),
                    problem: fault?.text("contact", phrases), value: contact, autocomplete: "email"))
        case .code(let number, let typed):
            ask = nil
            code = Code(
                number: number.text,
                field: TextField(
                    "code", label: text("code"), hint: text("code.hint"), problem: fault?.text("code", phrases),
                    value: typed, inputMode: "numeric", autocomplete: "one-time-code", width: "input--code"),
                again: Paths.track(number))
        }
    }

    static var words: [String] {
        [
            "case_number", "case_number.hint", "case_number.missing", "case_number.unreadable", "case_number.check",
            "contact", "contact.hint", "contact.missing", "code", "code.hint", "code.missing", "code.wrong",
        ].map { "\(prefix).\($0)" }
    }
}
