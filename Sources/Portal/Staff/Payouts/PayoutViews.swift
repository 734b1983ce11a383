import Web

/// What waits for a batch, and the batches.
struct PayoutsView: View {
    static let template = "staff/payouts"
    static let sample = PayoutsView(
        frame: .sample, changed: "没有等待的退款。", action: "/support/payouts", waiting: [.sample], hasWaiting: true,
        batches: [.sample], hasBatches: true, nextAddress: "/support/payouts?after=1_a",
        firstAddress: "/support/payouts")

    struct Waiting: Sendable, Hashable {
        let name: String
        let merchant: String
        let count: String
        let total: String
        let account: String
        let currency: String
        let mayMake: Bool

        static let sample = Waiting(
            name: "瑞银信", merchant: "山茶书店", count: "3 笔", total: "¥150.00", account: "0f", currency: "CNY",
            mayMake: true)
    }

    struct Line: Sendable, Hashable {
        let number: String
        let address: String
        let merchant: String
        let count: String
        let total: String
        let made: String
        let tag: StateTag

        static let sample = Line(
            number: "B20261122-0F1E2D3C", address: "/support/payouts/0f", merchant: "山茶书店", count: "3 笔",
            total: "¥150.00", made: "11 月 22 日 10:15", tag: .sample)
    }

    let frame: StaffFrame
    let changed: String?
    let action: String
    let waiting: [Waiting]
    let hasWaiting: Bool
    let batches: [Line]
    let hasBatches: Bool
    let nextAddress: String?
    let firstAddress: String?
}

/// One batch.
struct PayoutView: View {
    static let template = "staff/payout"
    static let sample = PayoutView(
        frame: .sample, problems: .sample, changed: "已有人处理。", back: "/support/payouts",
        number: "B20261122-0F1E2D3C", tag: .sample, facts: [.sample], cannot: "需要另一个人。",
        release: "/support/payouts/0f/release", discard: "/support/payouts/0f/discard", files: [.sample],
        hasFiles: true, upload: .sample, answers: [.sample], hasAnswers: true, items: [.sample])

    struct File: Sendable, Hashable {
        let name: String
        let address: String
        static let sample = File(name: "全部退款（CSV）", address: "/support/payouts/0f/file/csv")
    }

    struct Upload: Sendable, Hashable {
        let action: String
        let problem: String?
        let describedBy: String

        init(action: String, problem: String?) {
            self.action = action
            self.problem = problem
            describedBy = problem == nil ? "file-hint" : "file-hint file-problem"
        }

        static let sample = Upload(action: "/support/payouts/0f/answers", problem: "缺少列：amount")
    }

    struct Answer: Sendable, Hashable {
        let name: String
        let address: String
        let about: String
        let tag: StateTag
        static let sample = Answer(
            name: "银行文件（3 行）", address: "/support/payouts/0f/answers/1a", about: "lin · 11 月 22 日 10:15", tag: .sample)
    }

    struct Item: Sendable, Hashable {
        let line: String
        let refundNumber: String
        let caseNumber: String
        let caseAddress: String
        let amount: String
        let tag: StateTag
        /// The bank's number of the payment and its day, once its file was confirmed.
        let reference: String?
        let paidOn: String?

        static let sample = Item(
            line: "1", refundNumber: "RP0198f3a2", caseNumber: "RF-7K3M-Q9TX-D",
            caseAddress: "/support/cases/RF-7K3M-Q9TX-D", amount: "¥50.00", tag: .sample, reference: "20261122001",
            paidOn: "2026-11-22")
    }

    let frame: StaffFrame
    let problems: Problems?
    /// What went on meanwhile.
    let changed: String?
    let back: String
    let number: String
    let tag: StateTag
    let facts: [Fact]
    /// Why the person may not release it.
    let cannot: String?
    let release: String?
    let discard: String?
    let files: [File]
    let hasFiles: Bool
    let upload: Upload?
    let answers: [Answer]
    let hasAnswers: Bool
    let items: [Item]
}

/// A bank's file about a batch.
struct PayoutAnswerView: View {
    static let template = "staff/payout-answer"
    static let sample = PayoutAnswerView(
        frame: .sample, back: "/support/payouts/0f", number: "B20261122-0F1E2D3C", tag: .sample, facts: [.sample],
        lines: [.sample], cannot: "需要另一个人。", confirm: "/support/payouts/0f/answers/1a/confirm",
        refuse: "/support/payouts/0f/answers/1a/refuse")

    struct Line: Sendable, Hashable {
        let line: String
        let refundNumber: String
        let amount: String
        let result: String
        let about: String
        let finding: StateTag

        static let sample = Line(
            line: "2", refundNumber: "RP0198f3a2", amount: "¥50.00", result: "已付", about: "20261122001 · 2026-11-22",
            finding: .sample)
    }

    let frame: StaffFrame
    let back: String
    let number: String
    let tag: StateTag
    let facts: [Fact]
    let lines: [Line]
    let cannot: String?
    let confirm: String?
    let refuse: String?
}
