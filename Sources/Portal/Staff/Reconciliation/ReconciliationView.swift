import Web

/// The worklist of differences.
struct ReconciliationView: View {
    static let template = "staff/reconciliation"
    static let sample = ReconciliationView(
        frame: .sample, tabs: [.sample], lead: "对账单和这里不一致。", lines: [.sample], hasLines: true,
        nextAddress: "/support/reconciliation?after=1_a", firstAddress: "/support/reconciliation")

    struct Line: Sendable, Hashable {
        let kind: String
        let address: String
        let merchant: String?
        let channel: String
        let number: String?
        let ours: String
        let theirs: String
        /// How old it is, or how it ended.
        let age: String
        let since: String

        static let sample = Line(
            kind: "金额不同", address: "/support/reconciliation/0f", merchant: "山茶书店", channel: "微信支付",
            number: "RP0198f3a2", ours: "¥50.00 · 已退", theirs: "¥49.00 · 成功", age: "3 天", since: "11 月 20 日 18:02")
    }

    let frame: StaffFrame
    let tabs: [QueueView.Tab]
    let lead: String
    let lines: [Line]
    let hasLines: Bool
    let nextAddress: String?
    let firstAddress: String?
}

/// One difference.
struct DifferenceView: View {
    static let template = "staff/difference"
    static let sample = DifferenceView(
        frame: .sample, problems: .sample, back: "/support/reconciliation", kind: "金额不同",
        explanation: "两边都有这笔退款，金额不同。", closed: "已说明 · lin · 11 月 22 日 10:15", note: "银行少记一分。",
        caseAddress: "/support/cases/RF-7K3M-Q9TX-D", caseNumber: "RF-7K3M-Q9TX-D", facts: [.sample], form: .sample)

    struct Form: Sendable, Hashable {
        let action: String
        let note: TextArea

        static let sample = Form(action: "/support/reconciliation/0f/close", note: .sample)
    }

    let frame: StaffFrame
    let problems: Problems?
    let back: String
    let kind: String
    let explanation: String
    /// How it ended; nil while it is open.
    let closed: String?
    let note: String?
    let caseAddress: String?
    let caseNumber: String?
    let facts: [Fact]
    let form: Form?
}
