public import Words

/// One line of text in a form: `shared/field`. The name is also the control's id, which error summaries link to.
public struct TextField: Sendable, Hashable {
    public let name: String
    public let label: String
    public let hint: String?
    /// What is wrong with what was typed.
    public let problem: String?
    /// What was typed.
    public let value: String?
    /// `text`, `email`, `tel`, `date` or `password`.
    public let type: String
    /// The keyboard on phones: `numeric`, `decimal`, `email`, `tel`.
    public let inputMode: String?
    /// What browsers may fill in (HTML, autofill field names).
    public let autocomplete: String
    /// A class for the width: `input--short`, `input--amount`, `input--code` or `input--wide`.
    public let width: String
    /// A sign before the box, repeated in the label for those who do not see it.
    public let prefix: String?
    public let isOptional: Bool
    let describedBy: String?

    public init(
        _ name: String, label: String, hint: String? = nil, problem: String? = nil, value: String? = nil,
        type: String = "text", inputMode: String? = nil, autocomplete: String = "off", width: String = "input--wide",
        prefix: String? = nil, isOptional: Bool = false
    ) {
        self.name = name
        self.label = label
        self.hint = hint
        self.problem = problem
        self.value = value
        self.type = type
        self.inputMode = inputMode
        self.autocomplete = autocomplete
        self.width = width
        self.prefix = prefix
        self.isOptional = isOptional
        describedBy = described(name, hint: hint, problem: problem)
    }

    public static let sample = TextField(
        "amount", label: "金额（元）", hint: "写 50 或 50.00", problem: "最多 ¥60.00", value: "70", inputMode: "decimal",
        width: "input--amount", prefix: "¥", isOptional: true)
}

/// Several lines of text in a form: `shared/text-area`.
public struct TextArea: Sendable, Hashable {
    public let name: String
    public let label: String
    public let hint: String?
    public let problem: String?
    public let value: String?
    /// The height in lines.
    public let rows: Int
    public let isOptional: Bool
    let describedBy: String?

    public init(
        _ name: String, label: String, hint: String? = nil, problem: String? = nil, value: String? = nil,
        rows: Int = 4, isOptional: Bool = false
    ) {
        self.name = name
        self.label = label
        self.hint = hint
        self.problem = problem
        self.value = value
        self.rows = rows
        self.isOptional = isOptional
        describedBy = described(name, hint: hint, problem: problem)
    }

    public static let sample = TextArea(
        "details", label: "发生了什么", hint: "几句话就够", problem: "最多 500 字", value: "书少了一本", isOptional: true)
}

/// A choice of one or several: `shared/choices`.
public struct Choices: Sendable, Hashable {
    /// One radio button or checkbox.
    public struct Option: Sendable, Hashable {
        public let id: String
        public let name: String
        public let value: String
        public let label: String
        public let hint: String?
        public let isChosen: Bool
        let control: String
    }

    public let name: String
    public let legend: String
    public let hint: String?
    public let problem: String?
    public let options: [Option]
    let describedBy: String?

    /// - Parameters:
    ///   - options: Value, label and hint of each option.
    ///   - chosen: The values that were chosen.
    ///   - several: Checkboxes instead of radio buttons.
    public init(
        _ name: String, legend: String, hint: String? = nil, problem: String? = nil,
        options: [(value: String, label: String, hint: String?)], chosen: [String] = [], several: Bool = false
    ) {
        self.name = name
        self.legend = legend
        self.hint = hint
        self.problem = problem
        self.options = options.enumerated().map { place, option in
            // The first option has the field's own id, so that the error summary's link lands on it.
            Option(
                id: place == 0 ? name : "\(name)-\(option.value)", name: name, value: option.value,
                label: option.label, hint: option.hint, isChosen: chosen.contains(option.value),
                control: several ? "checkbox" : "radio")
        }
        describedBy = described(name, hint: hint, problem: problem)
    }

    public static let sample = Choices(
        "portion", legend: "退多少", hint: "最多 ¥60.00", problem: "请选一项",
        options: [("whole", "全部", "¥60.00"), ("part", "一部分", nil)], chosen: ["part"])
}

/// The summary of a form's faults at the top of its page: `shared/problems`. Views keep it as `problems`.
public struct Problems: Sendable, Hashable {
    /// A link to a field with what is wrong with it.
    public struct Item: Sendable, Hashable {
        public let field: String
        public let text: String
    }

    public let items: [Item]

    /// The summary of a form's faults; nil when there are none.
    public init?(_ fault: FormFault?, _ phrases: Phrases) {
        guard let fault, !fault.faults.isEmpty else { return nil }
        items = fault.faults.map { Item(field: $0.field, text: phrases.text($0.key, $0.values)) }
    }

    private init(items: [Item]) {
        self.items = items
    }

    public static let sample = Problems(items: [Item(field: "amount", text: "最多 ¥60.00")])
}

extension FormFault {
    /// The sentence about a field; nil when nothing is wrong with it.
    public func text(_ field: String, _ phrases: Phrases) -> String? {
        self[field].map { phrases.text($0.key, $0.values) }
    }
}

/// The ids of a control's hint and problem, for `aria-describedby`.
private func described(_ name: String, hint: String?, problem: String?) -> String? {
    let ids = [hint.map { _ in "\(name)-hint" }, problem.map { _ in "\(name)-problem" }].compactMap(\.self)
    return ids.isEmpty ? nil : ids.joined(separator: " ")
}
