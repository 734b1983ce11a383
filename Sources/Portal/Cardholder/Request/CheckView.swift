import RefundDesk
import RefundDomain
import Web
import Words

/// The page to check the answers on, with the arithmetic.
struct CheckView: View {
    static let template = "cardholder/check"
    static let prefix = "cardholder.check"
    static let sample = CheckView(
        frame: .sample, problems: .sample, slip: .sample, answers: [.sample], sums: .sample, arrival: "1 至 3 个工作日",
        terms: .sample, submission: "0f")

    /// One answer with the link that changes it.
    struct Answer: Sendable {
        let name: String
        let value: String
        let address: String
        static let sample = Answer(name: "原因", value: "重复扣款", address: "/request/reason")
    }

    let frame: Frame
    let problems: Problems?
    let slip: Slip
    let answers: [Answer]
    let sums: Sums
    let arrival: String
    let terms: Choices
    let submission: String

    private init(
        frame: Frame, problems: Problems?, slip: Slip, answers: [Answer], sums: Sums, arrival: String, terms: Choices,
        submission: String
    ) {
        self.frame = frame
        self.problems = problems
        self.slip = slip
        self.answers = answers
        self.sums = sums
        self.arrival = arrival
        self.terms = terms
        self.submission = submission
    }

    /// - Parameter days: working days in which the money usually arrives.
    init(
        _ draft: Draft, arrivesIn days: ClosedRange<Int>, submission: String, _ fault: FormFault?, merchant: String,
        _ phrases: Phrases, frame: Frame
    ) {
        let text = { (key: String) in phrases.text("\(CheckView.prefix).\(key)") }
        let asked = draft.asked ?? .zero(draft.payment.amount.currency)
        let fee = draft.handlingFee ?? .zero(asked.currency)
        let received = asked.subtracting(fee) ?? asked
        self.frame = frame
        problems = Problems(fault, phrases)
        slip = Slip(
            status: text("status"), sign: asked.currency.sign, figures: asked.figures,
            lines: TypedLines.lines(draft, merchant: merchant, phrases))
        answers = CheckView.answers(draft, asked, phrases)
        sums = Sums([
            Sums.Row(text("paid"), draft.payment.amount.text), Sums.Row(text("asked"), asked.text),
            Sums.Row(text("fee"), fee.text), Sums.Row(text("received"), received.text, isTotal: true),
        ])
        arrival = phrases.text(
            "\(CheckView.prefix).\(days.lowerBound == 0 ? "arrival.within" : "arrival")",
            ["from": String(days.lowerBound), "to": String(days.upperBound)])
        terms = Choices(
            "accept_terms", legend: text("terms.legend"), problem: fault?.text("accept_terms", phrases),
            options: [("yes", text("terms"), nil)], several: true)
        self.submission = submission
    }

    private static func answers(_ draft: Draft, _ asked: Money, _ phrases: Phrases) -> [Answer] {
        let text = { (key: String) in phrases.text("\(prefix).\(key)") }
        let reason = draft.reason.map { phrases.text("\(ReasonView.prefix).option.\($0.rawValue)") } ?? ""
        let kinds = draft.proofs.map { phrases.text("\(ProofUpload.prefix).kind.\($0.kind.rawValue)") }
        var answers = [
            Answer(name: text("answer.reason"), value: reason, address: Paths.reason),
            Answer(name: text("answer.details"), value: draft.details ?? text("none"), address: Paths.reason),
            Answer(name: text("answer.amount"), value: asked.text, address: Paths.amount),
            Answer(
                name: text("answer.proof"), value: kinds.isEmpty ? text("none") : kinds.joined(separator: " · "),
                address: Paths.proof),
            Answer(name: text("answer.name"), value: draft.name ?? "", address: Paths.contact),
        ]
        for (name, value) in [("answer.phone", draft.phone), ("answer.email", draft.email)] {
            if let value { answers.append(Answer(name: text(name), value: value, address: Paths.contact)) }
        }
        return answers
    }

    static var words: [String] {
        [
            "status", "paid", "asked", "fee", "received", "arrival", "arrival.within", "terms", "terms.legend",
            "accept_terms.missing",
            "accept_terms.changed", "none", "answer.reason", "answer.details", "answer.amount", "answer.proof",
            "answer.name", "answer.phone", "answer.email",
        ].map { "\(prefix).\($0)" }
    }
}

/// The page after a request was sent; people keep it as their receipt.
struct DoneView: View {
    static let template = "cardholder/done"
    static let prefix = "cardholder.done"
    static let sample = DoneView(
        frame: .sample, slip: .sample, number: "RF-7K3M-Q9TX-D", link: "https://refund.example/t/x", page: "/cases/x")

    let frame: Frame
    let slip: Slip
    let number: String
    /// The private link in full.
    let link: String
    /// The case's page.
    let page: String

    private init(frame: Frame, slip: Slip, number: String, link: String, page: String) {
        self.frame = frame
        self.slip = slip
        self.number = number
        self.link = link
        self.page = page
    }

    init(_ filed: FiledCase, merchant: String, link: String, _ phrases: Phrases, frame: Frame) {
        let words = DateWords(phrases.language)
        let answerBy = filed.answerBy.day
        let date = words.day(
            year: answerBy.year, month: answerBy.month, day: answerBy.day, weekday: answerBy.weekday,
            currentYear: answerBy.year)
        let day = filed.answerBy.isExact ? date : words.about(date)
        self.frame = frame
        slip = Slip(
            status: phrases.text("\(DoneView.prefix).status"), sign: filed.asked.currency.sign,
            figures: filed.asked.figures, when: phrases.text("\(DoneView.prefix).answer-by", ["date": day]),
            lines: [
                Slip.Line(phrases.text("cardholder.typed.merchant"), merchant),
                Slip.Line(phrases.text("\(DoneView.prefix).number"), filed.number.text, isNumber: true),
            ], tone: .moving)
        number = filed.number.text
        self.link = link
        page = Paths.cases(filed.number)
    }

    static var words: [String] { ["status", "answer-by", "number"].map { "\(prefix).\($0)" } }
}
