import RefundDesk
import RefundDomain
import Web
import Words

/// Where a case stands on its way to a decision, above the forms: what blocks it, who else has agreed, what an appeal
/// says, and the way back from one's own decision: `staff/process`.
struct ProcessPanel: Sendable, Hashable {
    /// One fact that must not be missed.
    struct Banner: Sendable, Hashable {
        let title: String
        let text: String

        static let sample = Banner(title: "有争议", text: "持卡人的银行已就这笔付款提出争议（D-1）。")
    }

    /// What the first of two approvers agreed to.
    struct First: Sendable, Hashable {
        let facts: [Fact]
        let checks: [String]
        let hasChecks: Bool

        static let sample = First(facts: [.sample], checks: ["时间与付款一致"], hasChecks: true)
    }

    struct Appeal: Sendable, Hashable {
        let when: String
        let grounds: String?
        let proofs: [String]
        let hasProofs: Bool
        let excluded: String?

        static let sample = Appeal(
            when: "11 月 22 日 10:15", grounds: "找到了小票。", proofs: ["小票 · 11 月 22 日"], hasProofs: true,
            excluded: "申诉前由 lin 决定；须由另一位决定。")
    }

    /// The way back from one's own decision.
    struct Undo: Sendable, Hashable {
        let action: String
        let version: String
        let label: String

        static let sample = Undo(action: "/merchant/cases/RF/undo", version: "4", label: "撤回决定（10:15:30 前）")
    }

    let banners: [Banner]
    let first: First?
    let appeal: Appeal?
    let undo: Undo?

    static let sample = ProcessPanel(banners: [.sample], first: .sample, appeal: .sample, undo: .sample)
}

/// Turns how far a case is into the words of its panel.
struct ProcessWriter {
    let file: CaseFile
    let clock: StaffClock
    let phrases: Phrases
    /// Below which the forms go.
    let folder: String

    private var words: CaseWords { CaseWords(phrases) }

    static var keys: [String] {
        Block.allCases.map { "staff.block.\($0.rawValue)" }
            + [
                "staff.block.other", "staff.block.text", "staff.escalated", "staff.escalated.text", "staff.undo",
                "staff.appeal.excluded", "staff.first.by", "staff.first.at", "staff.first.amount",
                "staff.first.checks", "staff.first.no-checks",
            ]
    }

    func panel(_ commands: Set<RefundCase.Command>) -> ProcessPanel {
        ProcessPanel(
            banners: file.blocks.map(banner) + escalated, first: first, appeal: appeal,
            undo: commands.contains(.undo) ? undo : nil)
    }

    private func banner(_ block: CaseFile.BlockLine) -> ProcessPanel.Banner {
        let kind = block.kind.map { "staff.block.\($0.rawValue)" } ?? "staff.block.other"
        return ProcessPanel.Banner(
            title: phrases.text(kind),
            text: phrases.text(
                "staff.block.text",
                ["reference": block.reference, "amount": block.amount.text, "when": clock.time(block.opened)]))
    }

    private var escalated: [ProcessPanel.Banner] {
        guard let when = file.process.escalated, file.state.isUndecided else { return [] }
        return [
            ProcessPanel.Banner(
                title: phrases.text("staff.escalated"),
                text: phrases.text("staff.escalated.text", ["when": clock.time(when)]))
        ]
    }

    private var first: ProcessPanel.First? {
        guard file.state == .awaitingSecond, let by = file.process.firstBy else { return nil }
        let approval = file.events.first { $0.transition == "R12" || $0.transition == "R9" }
        let ticked = Set(
            (approval?.facts["checks"] ?? "").split(separator: ",").compactMap { Check(rawValue: String($0)) })
        let rows: [(String, String?)] = [
            ("by", by), ("at", file.process.firstAt.map(clock.time)), ("amount", file.process.proposed?.text),
            ("checks", ticked.isEmpty ? phrases.text("staff.first.no-checks") : nil),
        ]
        return ProcessPanel.First(
            facts: rows.compactMap { key, value in value.map { Fact(phrases.text("staff.first.\(key)"), $0) } },
            checks: Check.allCases.filter(ticked.contains).map(words.check), hasChecks: !ticked.isEmpty)
    }

    private var appeal: ProcessPanel.Appeal? {
        guard let when = file.process.appealed else { return nil }
        let grounds = file.events.first { $0.transition == "R17" || $0.transition == "R18" }?.text
        let added = file.proofs.filter { $0.uploaded >= when }
            .map { "\(words.proof($0.kind)) · \(clock.time($0.uploaded))" }
        let deciding: Set<String> = ["R9", "R12", "R13", "R14", "R16"]
        var before: [String] = []
        for event in file.events where event.at <= when && event.transition.map(deciding.contains) == true {
            if let who = event.who, !before.contains(who) { before.append(who) }
        }
        let names = before.joined(separator: phrases.text("staff.list-separator"))
        return ProcessPanel.Appeal(
            when: clock.time(when), grounds: grounds, proofs: added, hasProofs: !added.isEmpty,
            excluded: before.isEmpty ? nil : phrases.text("staff.appeal.excluded", ["names": names]))
    }

    private var undo: ProcessPanel.Undo? {
        file.process.undoUntil.map { until in
            ProcessPanel.Undo(
                action: "\(folder)/undo", version: String(file.version),
                label: phrases.text("staff.undo", ["until": clock.seconds(until)]))
        }
    }
}
