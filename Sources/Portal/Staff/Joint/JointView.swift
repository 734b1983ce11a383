import RefundDesk
import RefundDomain
import Web
import Words

/// One of the pages on which two people do something together: what it is and does, then the form, the last look before
/// proposing, or the proposal as the second person sees it.
struct JointView: View {
    static let template = "staff/joint"
    static let sample = JointView(
        frame: .sample, problems: .sample, title: "改退到另一账户", number: "RF-7K3M-Q9TX-D", back: "/support/cases/RF",
        effect: .sample, facts: [.sample], hasFacts: true, cannot: "您提出的，要由另一位确认。", form: .sample,
        last: .sample, decide: .sample)

    /// The first step: what is needed.
    struct Form: Sendable, Hashable {
        let action: String
        let hidden: [Hidden]
        let amount: TextField?
        let basis: Choices?
        let destination: Choices?
        let returnCode: TextField?
        let returnedOn: TextField?
        let evidence: TextArea

        static let sample = Form(
            action: "/support/cases/RF/reroute", hidden: [.sample], amount: .sample, basis: .sample,
            destination: .sample, returnCode: .sample, returnedOn: .sample, evidence: .sample)
    }

    /// The last look: everything once more, and the button.
    struct Last: Sendable, Hashable {
        let action: String
        let hidden: [Hidden]

        static let sample = Last(action: "/support/cases/RF/reroute", hidden: [.sample])
    }

    /// The second person's two buttons.
    struct Decide: Sendable, Hashable {
        let confirm: String?
        let refuse: String
        let reason: TextArea

        static let sample = Decide(
            confirm: "/support/cases/RF/proposals/1/confirm", refuse: "/support/cases/RF/proposals/1/refuse",
            reason: .sample)
    }

    struct Hidden: Sendable, Hashable {
        let name: String
        let value: String

        static let sample = Hidden(name: "version", value: "3")
    }

    let frame: StaffFrame
    let problems: Problems?
    let title: String
    let number: String
    let back: String
    let effect: JointEffect
    let facts: [Fact]
    let hasFacts: Bool
    /// Why this person cannot confirm.
    let cannot: String?
    let form: Form?
    let last: Last?
    let decide: Decide?
}
