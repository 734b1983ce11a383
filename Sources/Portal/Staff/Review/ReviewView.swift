import RefundDesk
import RefundDomain
import Web
import Words

/// A case as a reviewer decides it.
struct ReviewView: View {
    static let template = "staff/review"
    static let sample = ReviewView(
        frame: .sample, problems: .sample, changed: .sample, back: "/merchant/queue", next: .sample, file: .sample,
        cannot: ["您的权限是 ¥1,000.00。"], hasCannot: true, decision: .sample, notes: .sample)

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
    /// Why this person cannot decide, or not everything, as facts.
    let cannot: [String]
    let hasCannot: Bool
    let decision: DecisionPanel?
    let notes: NotePanel?
}

/// What somebody may not do with a case, in words.
struct DecisionLimits {
    let file: CaseFile
    let member: StaffMember
    let policy: Policy
    let phrases: Phrases

    static var keys: [String] {
        ["role", "maker", "limit", "decided", "waiting"].map { "staff.cannot.\($0)" }
    }

    /// What this person can do to the case by the transition table.
    var commands: Set<RefundCase.Command> {
        guard member.role.mayDecide, !isMaker else { return [] }
        return RefundCase.commands(in: file.state, for: .reviewer)
    }

    var facts: [String] {
        let words = CaseWords(phrases)
        guard member.role.mayDecide else {
            return [phrases.text("staff.cannot.role", ["role": words.role(member.role)])]
        }
        if isMaker { return [phrases.text("staff.cannot.maker")] }
        switch file.state {
        case .submitted, .inReview, .appealed: return above
        case .infoNeeded, .counterOffered, .awaitingSecond: return [phrases.text("staff.cannot.waiting")]
        case .approved, .declined, .withdrawn, .expired, .closed, .draft:
            return [phrases.text("staff.cannot.decided", ["state": words.state(file.state)])]
        }
    }

    private var above: [String] {
        let limit = policy.approvalLimitMinor(of: member.role)
        guard file.request.amount.minor > limit,
            let most = Money(minor: limit, currency: file.request.amount.currency)
        else { return [] }
        return [phrases.text("staff.cannot.limit", ["limit": most.text])]
    }

    /// Whoever filed or changed the request, or uploaded for the cardholder, does not decide it.
    private var isMaker: Bool {
        let making: Set<String> = ["case.begun", "case.submitted", "case.changed", "proof.added", "case.answered"]
        return file.events.contains { $0.actorID == member.id && making.contains($0.what) }
    }
}
