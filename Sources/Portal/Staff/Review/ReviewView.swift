import Web

/// A case as a reviewer decides it.
struct ReviewView: View {
    static let template = "staff/review"
    static let sample = ReviewView(
        frame: .sample, problems: .sample, changed: .sample, back: "/merchant/queue", next: .sample, file: .sample,
        backName: "回到列表", cannot: ["您的权限是 ¥1,000.00。"], hasCannot: true, process: .sample, decision: .sample,
        notes: .sample)

    /// What changed since the page was made, when a decision came too late for it.
    struct Changed: Sendable, Hashable {
        let text: String
        let items: [HistoryItem]

        static let sample = Changed(text: "您打开这一页之后，有了变化。", items: [.sample])
    }

    struct Next: Sendable, Hashable {
        let number: String
        let address: String

        static let sample = Next(number: "RF-7K3M-Q9TX-D", address: "/merchant/cases/RF-7K3M-Q9TX-D")
    }

    let frame: StaffFrame
    let problems: Problems?
    let changed: Changed?
    let back: String
    let next: Next?
    let file: CasePanels
    /// What the way back is called.
    let backName: String
    /// Why this person cannot decide, or not everything, as facts.
    let cannot: [String]
    let hasCannot: Bool
    let process: ProcessPanel
    let decision: DecisionPanel?
    let notes: NotePanel?
}
