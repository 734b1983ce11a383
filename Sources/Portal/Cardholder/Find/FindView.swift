import Web
import Words

/// The page that finds a payment.
struct FindView: View {
    static let template = "cardholder/find"
    static let sample = FindView(
        frame: .sample, problems: .sample, method: "slip", ways: [Way.sample], reference: .sample, trace: .sample,
        order: .sample, date: .sample, amount: .sample, last4: .sample, terminal: .sample, help: "在小票中间")

    /// A link to another way of finding it.
    struct Way {
        let name: String
        let address: String
        let isChosen: Bool
        static let sample = Way(name: "用小票", address: "/find?method=slip", isChosen: true)
    }

    /// Terminal and trace number, for slips without a reference number.
    struct Trace {
        let isOpen: Bool
        let terminal: TextField
        let number: TextField
        static let sample = Trace(isOpen: true, terminal: .sample, number: .sample)
    }

    let frame: Frame
    let problems: Problems?
    let method: String
    let ways: [Way]
    let reference: TextField?
    let trace: Trace?
    let order: TextField?
    let date: TextField?
    let amount: TextField
    let last4: TextField?
    let terminal: TextField?
    let help: String

    private init(
        frame: Frame, problems: Problems?, method: String, ways: [Way], reference: TextField?, trace: Trace?,
        order: TextField?, date: TextField?, amount: TextField, last4: TextField?, terminal: TextField?, help: String
    ) {
        self.frame = frame
        self.problems = problems
        self.method = method
        self.ways = ways
        self.reference = reference
        self.trace = trace
        self.order = order
        self.date = date
        self.amount = amount
        self.last4 = last4
        self.terminal = terminal
        self.help = help
    }

    /// The page of a method with what was typed and what is wrong with it.
    init(_ method: FindMethod, _ fields: FormFields, _ fault: FormFault?, _ phrases: Phrases, frame: Frame) {
        let text = { (key: String) in phrases.text("\(FindForm.prefix).\(key)") }
        let box = { (name: String, type: String, mode: String?, width: String, optional: Bool) in
            let typed = fields.typed(name)
            return TextField(
                name, label: text(name), hint: text("\(name).hint"), problem: fault?.text(name, phrases),
                // More digits than asked for may be a card number, which is not shown again.
                value: name == "card_last4" && (typed?.utf8.count ?? 0) > 12 ? nil : typed,
                type: type, inputMode: mode, width: width, isOptional: optional)
        }
        self.frame = frame
        problems = Problems(fault, phrases)
        self.method = method.rawValue
        ways = FindMethod.allCases.map { way in
            Way(
                name: text("way.\(way.rawValue)"), address: "\(Paths.find)?method=\(way.rawValue)",
                isChosen: way == method)
        }
        help = text("help.\(method.rawValue)")
        amount = TextField(
            "amount", label: text("amount"), hint: text("amount.hint"), problem: fault?.text("amount", phrases),
            value: fields.typed("amount"), inputMode: "decimal", width: "input--amount", prefix: "¥")
        let isSlip = method == .slip
        let isCard = method == .card
        reference = isSlip ? box("reference_no", "text", "numeric", "input--wide", false) : nil
        let hasTrace = fields.text("terminal_no") != nil || fields.text("trace_no") != nil
        trace =
            isSlip
            ? Trace(
                isOpen: hasTrace, terminal: box("terminal_no", "text", nil, "input--short", false),
                number: box("trace_no", "text", "numeric", "input--short", false)) : nil
        order = method == .wallet ? box("order_no", "text", nil, "input--wide", false) : nil
        date = isCard ? box("date", "date", nil, "input--amount", false) : nil
        last4 = method == .wallet ? nil : box("card_last4", "text", "numeric", "input--code", isSlip)
        terminal = isCard ? box("terminal_no", "text", nil, "input--short", false) : nil
    }

    /// The keys of the words that the page needs beside its template's.
    static var words: [String] {
        let prefix = FindForm.prefix
        return FindMethod.allCases.flatMap { ["\(prefix).way.\($0.rawValue)", "\(prefix).help.\($0.rawValue)"] }
            + ["reference_no", "terminal_no", "trace_no", "order_no", "date", "amount", "card_last4"]
            .flatMap { ["\(prefix).\($0)", "\(prefix).\($0).hint"] }
    }
}
