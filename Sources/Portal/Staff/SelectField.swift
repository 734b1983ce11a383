/// A choice of one from a list that folds away: `staff/select`. The name is also the control's id.
struct SelectField: Sendable, Hashable {
    struct Option: Sendable, Hashable {
        let value: String
        let label: String
        let isChosen: Bool
    }

    let name: String
    let label: String
    let problem: String?
    let describedBy: String?
    let options: [Option]

    /// - Parameter options: value and label of each.
    init(
        _ name: String, label: String, problem: String? = nil, options: [(value: String, label: String)],
        chosen: String?
    ) {
        self.name = name
        self.label = label
        self.problem = problem
        describedBy = problem.map { _ in "\(name)-problem" }
        self.options = options.map { value, label in
            Option(value: value, label: label, isChosen: value == (chosen ?? ""))
        }
    }

    static let sample = SelectField(
        "reason", label: "理由", problem: "请选一项", options: [("goods-used", "商品已使用")], chosen: "goods-used")
}
