import RefundDesk
import RefundDomain
import Web
import Words

/// A merchant's policy: what is in force, what is proposed, and what was before.
struct PolicyView: View {
    static let template = "staff/policy"
    static let sample = PolicyView(
        frame: .sample, merchant: "山茶书店", name: "shancha-3", since: "2026 年 11 月 22 日起", groups: [.sample],
        proposeAddress: "/merchant/policy/propose", waiting: "有 1 份规则等待确认", versions: [.sample], hasVersions: true,
        back: "/support/policies")

    /// The rules of one group.
    struct Group: Sendable, Hashable {
        let name: String
        let rules: [Rule]
        static let sample = Group(name: "限额", rules: [.sample])
    }

    struct Rule: Sendable, Hashable {
        let label: String
        let value: String
        static let sample = Rule(label: "单笔最多", value: "¥500.00")
    }

    /// One version in the history.
    struct Line: Sendable, Hashable {
        let name: String
        let address: String
        let tag: StateTag
        let from: String
        let proposed: String
        let decided: String?
        static let sample = Line(
            name: "shancha-3", address: "/merchant/policy/0f", tag: .sample, from: "11 月 22 日",
            proposed: "lin · 11 月 20 日 18:02", decided: "wang · 11 月 20 日 18:10")
    }

    let frame: StaffFrame
    let merchant: String
    let name: String
    let since: String
    let groups: [Group]
    /// Nil for those who only read.
    let proposeAddress: String?
    let waiting: String?
    let versions: [Line]
    let hasVersions: Bool
    /// The list of all merchants, for the operator.
    let back: String?
}

/// The form to propose a policy.
struct PolicyFormView: View {
    static let template = "staff/policy-form"
    static let sample = PolicyFormView(
        frame: .sample, problems: .sample, changed: "规则已经改过", action: "/merchant/policy/propose",
        back: "/merchant/policy", version: "3", groups: [.sample], from: .sample)

    struct Group: Sendable, Hashable {
        let name: String
        let hint: String
        let fields: [TextField]
        let selects: [SelectField]
        let reasons: Choices?
        static let sample = Group(
            name: "限额", hint: "空着表示不限", fields: [.sample], selects: [.sample], reasons: .sample)
    }

    let frame: StaffFrame
    let problems: Problems?
    /// That somebody was faster.
    let changed: String?
    let action: String
    let back: String
    let version: String
    let groups: [Group]
    let from: TextField
}

/// One version, compared with what it replaces; what is proposed is confirmed or refused here.
struct PolicyVersionView: View {
    static let template = "staff/policy-version"
    static let sample = PolicyVersionView(
        frame: .sample, problems: .sample, changed: "已经有人决定了", back: "/merchant/policy", name: "shancha-3",
        tag: .sample, from: "11 月 22 日起", proposed: "lin", decided: "wang", because: "上限太低", replaces: "standard-1",
        changes: [.sample],
        cannot: "自己提出的规则要由别人确认", decision: .sample)

    struct Change: Sendable, Hashable {
        let label: String
        let before: String
        let after: String
        static let sample = Change(label: "单笔最多", before: "不限", after: "¥500.00")
    }

    /// The two forms of somebody who may decide.
    struct Decision: Sendable, Hashable {
        let address: String
        let version: String
        let reason: TextArea
        static let sample = Decision(address: "/merchant/policy/0f", version: "3", reason: .sample)
    }

    let frame: StaffFrame
    let problems: Problems?
    let changed: String?
    let back: String
    let name: String
    let tag: StateTag
    let from: String
    let proposed: String
    let decided: String?
    /// Why it was refused.
    let because: String?
    let replaces: String
    let changes: [Change]
    /// Why this person cannot decide.
    let cannot: String?
    let decision: Decision?
}

/// All merchants with their policies, for the operator's finance desk.
struct PoliciesView: View {
    static let template = "staff/policies"
    static let sample = PoliciesView(
        frame: .sample, lines: [.sample], nextAddress: "/support/policies?after=shancha")

    struct Line: Sendable, Hashable {
        let merchant: String
        let address: String
        let name: String
        let waiting: String?
        static let sample = Line(
            merchant: "山茶书店", address: "/support/policies/shancha", name: "shancha-3", waiting: "有 1 份规则等待确认")
    }

    let frame: StaffFrame
    let lines: [Line]
    let nextAddress: String?
}
