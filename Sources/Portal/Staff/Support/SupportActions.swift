import RefundDesk
import RefundDomain
import Web
import Words

/// What the support desk can do about a case's money: `staff/actions`. Buttons come from the transition tables, the
/// joint actions' roles and ``Permissions``.
struct SupportActions: Sendable, Hashable {
    /// A movement, or the case as a whole, with what can be done about it.
    struct Group: Sendable, Hashable {
        let title: String
        let tag: StateTag?
        let links: [Link]
        let buttons: [Button]

        static let sample = Group(title: "¥50.00", tag: .sample, links: [.sample], buttons: [.sample])
    }

    struct Link: Sendable, Hashable {
        let name: String
        let address: String

        static let sample = Link(name: "当作失败…", address: "/support/cases/RF/give-up?movement=1")
    }

    /// A form with one button.
    struct Button: Sendable, Hashable {
        let name: String
        let action: String
        let version: String
        let movement: String

        static let sample = Button(
            name: "马上查询", action: "/support/cases/RF/query-channel", version: "3", movement: "1")
    }

    /// What was proposed, by whom, and what became of it.
    struct Proposal: Sendable, Hashable {
        let title: String
        let state: String
        let address: String
        let isOpen: Bool
        let by: String
        let decided: String?
        let evidence: String

        static let sample = Proposal(
            title: "当作失败", state: "等第二人", address: "/support/cases/RF/proposals/1", isOpen: true,
            by: "wu（财务） · 11 月 22 日 10:15", decided: "zhao · 11 月 22 日 11:00", evidence: "渠道来函确认未付。")
    }

    struct Enquiry: Sendable, Hashable {
        let title: String
        let when: String
        let details: String?
        let expected: String?
        let answer: String?
        let answered: String?
        let form: Answer?

        static let sample = Enquiry(
            title: "没有到账", when: "11 月 22 日 10:15", details: "查了两次。", expected: "¥60.00", answer: "已到账。",
            answered: "li · 11 月 23 日 09:00", form: .sample)
    }

    struct Answer: Sendable, Hashable {
        let action: String
        let version: String
        let enquiry: String
        let text: TextArea

        static let sample = Answer(action: "/support/cases/RF/answer", version: "3", enquiry: "1", text: .sample)
    }

    struct BankForm: Sendable, Hashable {
        let action: String
        let version: String
        let who: TextField
        let reference: TextField
        let promised: TextField
        let details: TextArea
        let isOpen: Bool

        static let sample = BankForm(
            action: "/support/cases/RF/contact", version: "3", who: .sample, reference: .sample, promised: .sample,
            details: .sample, isOpen: true)
    }

    struct BlockForm: Sendable, Hashable {
        let action: String
        let version: String
        let kind: SelectField
        let reference: TextField
        let amount: TextField
        let isOpen: Bool

        static let sample = BlockForm(
            action: "/support/cases/RF/block", version: "3", kind: .sample, reference: .sample, amount: .sample,
            isOpen: true)
    }

    /// A block that is open, with the ways to end it.
    struct OpenBlock: Sendable, Hashable {
        let title: String
        let about: String
        let action: String?
        let version: String
        let block: String
        let ways: [ProofItem.Way]

        static let sample = OpenBlock(
            title: "有争议", about: "D-1 · ¥50.00", action: "/support/cases/RF/unblock", version: "3", block: "1",
            ways: [.sample])
    }

    let groups: [Group]
    let hasGroups: Bool
    let proposals: [Proposal]
    let hasProposals: Bool
    let enquiries: [Enquiry]
    let hasEnquiries: Bool
    let contacts: [HistoryItem]
    let hasContacts: Bool
    let bank: BankForm?
    let blocks: [OpenBlock]
    let hasBlocks: Bool
    let block: BlockForm?

    static let sample = SupportActions(
        groups: [.sample], hasGroups: true, proposals: [.sample], hasProposals: true, enquiries: [.sample],
        hasEnquiries: true, contacts: [.sample], hasContacts: true, bank: .sample, blocks: [.sample], hasBlocks: true,
        block: .sample)
}

/// What was typed into one of the desk's small forms that did not fit.
struct TypedAction: Sendable {
    enum Form: Sendable, Hashable {
        case bank
        case block
        case answer(String)
    }

    let form: Form
    let fields: FormFields
    let fault: FormFault
}
