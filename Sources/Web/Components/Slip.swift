/// How a state feels, always beside words: the colour of a slip's edge, a station or a tag.
public enum Tone: String, Sendable, Hashable, CaseIterable {
    /// Nothing to do, nothing wrong.
    case calm
    /// On its way.
    case moving
    /// The reader's turn, or overdue.
    case turn
    /// The money has arrived.
    case arrived
    /// Refused, stopped or turned back.
    case stopped
}

/// The slip: the panel with the perforated edge that holds the only things that matter, `shared/slip`.
public struct Slip: Sendable, Hashable {
    /// A detail under the amount, for example the card or the reference number.
    public struct Line: Sendable, Hashable {
        public let name: String
        public let value: String
        /// Set for numbers copied from paper, which are shown in the monospaced face.
        public let isNumber: Bool

        public init(_ name: String, _ value: String, isNumber: Bool = false) {
            self.name = name
            self.value = value
            self.isNumber = isNumber
        }
    }

    /// One sentence: where things stand.
    public let status: String
    /// `¥`, set smaller than the figures.
    public let sign: String
    public let figures: String
    /// By when, or when it happened.
    public let when: String?
    public let lines: [Line]
    public let tone: String

    public init(
        status: String, sign: String, figures: String, when: String? = nil, lines: [Line] = [], tone: Tone = .calm
    ) {
        self.status = status
        self.sign = sign
        self.figures = figures
        self.when = when
        self.lines = lines
        self.tone = tone.rawValue
    }

    public static let sample = Slip(
        status: "银行正在处理，钱款在路上", sign: "¥", figures: "50.00", when: "预计 12 月 3 日（周四）前到账",
        lines: [Line("退回", "招商银行信用卡 尾号 1234"), Line("参考号", "614233280012", isNumber: true)], tone: .moving)
}

/// The arithmetic of a request, one line each and the result last: `shared/sums`.
public struct Sums: Sendable, Hashable {
    /// One line of the arithmetic.
    public struct Row: Sendable, Hashable {
        public let label: String
        public let amount: String
        public let note: String?
        public let isTotal: Bool

        public init(_ label: String, _ amount: String, note: String? = nil, isTotal: Bool = false) {
            self.label = label
            self.amount = amount
            self.note = note
            self.isTotal = isTotal
        }
    }

    public let rows: [Row]

    public init(_ rows: [Row]) {
        self.rows = rows
    }

    public static let sample = Sums([
        Row("您申请", "¥60.00", note: "付款 ¥100.00"), Row("商户同意", "¥50.00"), Row("到账", "¥50.00", isTotal: true),
    ])
}
