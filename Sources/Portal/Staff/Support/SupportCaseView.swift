import RefundDesk
import RefundDomain
import Web
import Words

/// A case as the support desk sees it: everything, on one page.
struct SupportCaseView: View {
    static let template = "staff/support-case"
    static let sample = SupportCaseView(
        frame: .sample, problems: .sample, changed: .sample, back: "/support/cases",
        review: "/support/cases/RF-7K3M-Q9TX-D/review", file: .sample, process: .sample, hold: [.sample],
        hasHold: true, attempts: [.sample], hasAttempts: true, ledgers: [.sample], messages: [.sample],
        actions: .sample, notes: .sample)

    struct Attempt: Sendable, Hashable {
        let title: String
        let when: String
        let outcome: String

        static let sample = Attempt(title: "RP01 · 第 1 次", when: "11 月 22 日 10:16", outcome: "已受理（PROCESSING）")
    }

    struct Message: Sendable, Hashable {
        let title: String
        let medium: String
        let when: String

        static let sample = Message(title: "已收到申请", medium: "电子邮件", when: "11 月 20 日 18:02")
    }

    let frame: StaffFrame
    let problems: Problems?
    let changed: ReviewView.Changed?
    let back: String
    /// Where the case is decided, for those who decide.
    let review: String?
    let file: CasePanels
    let process: ProcessPanel
    let hold: [Fact]
    let hasHold: Bool
    let attempts: [Attempt]
    let hasAttempts: Bool
    let ledgers: [SupportLedger]
    let messages: [Message]
    let actions: SupportActions
    let notes: NotePanel
}

/// The words of what only the support desk sees.
struct SupportWriter {
    let phrases: Phrases
    let clock: StaffClock

    private static let verdicts: [ChannelVerdict] = ChannelVerdict.allCases

    static var keys: [String] {
        verdicts.map { "staff.verdict.\($0.rawValue)" } + LedgerWriter.keys
            + MessageKind.allCases.map { "staff.message.\($0.rawValue)" }
            + [
                "staff.attempt.title", "staff.attempt.running", "staff.medium.email", "staff.medium.sms",
                "staff.message.waiting", "staff.hold.cost", "staff.hold.held", "staff.card.short-none",
            ]
    }

    func hold(_ hold: CaseFile.Hold?) -> [Fact] {
        guard let hold else { return [] }
        return [
            Fact(phrases.text("staff.hold.cost"), hold.cost.text),
            Fact(phrases.text("staff.hold.held"), hold.held.text),
        ]
    }

    func attempt(_ attempt: SupportFile.Attempt) -> SupportCaseView.Attempt {
        let verdict = attempt.verdict.flatMap { ChannelVerdict(rawValue: $0) }
        let words = verdict.map { phrases.text("staff.verdict.\($0.rawValue)") } ?? attempt.verdict
        let code = attempt.code.flatMap { $0.isEmpty ? nil : CaseWords(phrases).channelCode($0) }
        let outcome = [words, code].compactMap(\.self).joined(separator: " · ")
        return SupportCaseView.Attempt(
            title: phrases.text(
                "staff.attempt.title", ["number": String(attempt.number), "refund": attempt.refundNumber]),
            when: clock.time(attempt.started),
            outcome: outcome.isEmpty ? phrases.text("staff.attempt.running") : outcome)
    }

    func message(_ sent: SupportFile.Sent) -> SupportCaseView.Message {
        SupportCaseView.Message(
            title: known("staff.message.\(sent.kind)", sent.kind),
            medium: phrases.text("staff.medium.\(sent.medium.rawValue)"),
            when: sent.sent.map(clock.time) ?? phrases.text("staff.message.waiting"))
    }

    /// The words of a code of ours; the code itself where a later version wrote one that we do not know.
    private func known(_ key: String, _ code: String) -> String {
        phrases.pattern(key) == nil ? code : phrases.text(key)
    }
}
