import Web

/// The people of a house, with the form that invites another.
struct PeopleView: View {
    static let template = "staff/people"
    static let sample = PeopleView(
        frame: .sample, problems: .sample, changed: "刚刚有人改过。", action: "/merchant/people", lines: [.sample],
        nextAddress: "/merchant/people?after=a", firstAddress: "/merchant/people", resets: [.sample], hasResets: true,
        invitations: [.sample], hasInvitations: true, email: .sample, role: .sample)

    struct Line: Sendable, Hashable {
        let email: String
        let address: String
        let role: String
        let own: String?
        let state: StateTag
        let seen: String
        let alert: String?

        static let sample = Line(
            email: "lin@example.com", address: "/merchant/people/a", role: "审核员", own: "您自己", state: .sample,
            seen: "11 月 22 日 10:15", alert: "有人试了很多次密码")
    }

    struct Waiting: Sendable, Hashable {
        let email: String
        let role: String
        let what: String
        let by: String
        let until: String?
        let confirm: String?
        let note: String?
        let end: String

        static let sample = Waiting(
            email: "new@example.com", role: "店员", what: "邀请", by: "admin@example.com 11 月 22 日", until: "有效至明天",
            confirm: "/merchant/people/invitations/a/confirm", note: "需要另一位管理员确认",
            end: "/merchant/people/invitations/a/end")
    }

    let frame: StaffFrame
    let problems: Problems?
    let changed: String?
    let action: String
    let lines: [Line]
    let nextAddress: String?
    let firstAddress: String?
    let resets: [Waiting]
    let hasResets: Bool
    let invitations: [Waiting]
    let hasInvitations: Bool
    let email: TextField
    let role: SelectField
}

/// One person of a house.
struct PersonView: View {
    static let template = "staff/person"
    static let sample = PersonView(
        frame: .sample, changed: "刚刚有人改过。", back: "/merchant/people", email: "lin@example.com", state: .sample,
        role: "审核员", came: "11 月 1 日", seen: "11 月 22 日", alert: "有人试了很多次密码", own: "您自己", change: .sample,
        shutOut: "/merchant/people/a/shut-out", letIn: "/merchant/people/a/let-in", reset: "/merchant/people/a/reset",
        resetWaits: "等待另一位管理员")

    struct Change: Sendable, Hashable {
        let action: String
        let was: String
        let role: SelectField

        static let sample = Change(action: "/merchant/people/a/role", was: "reviewer", role: .sample)
    }

    let frame: StaffFrame
    let changed: String?
    let back: String
    let email: String
    let state: StateTag
    let role: String
    let came: String
    let seen: String
    let alert: String?
    let own: String?
    let change: Change?
    let shutOut: String?
    let letIn: String?
    let reset: String?
    let resetWaits: String?
}
