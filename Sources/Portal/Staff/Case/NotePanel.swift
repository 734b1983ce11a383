import RefundDesk
import RefundDomain
import Web
import Words

/// The two forms for notes. An internal note and one that the cardholder gets share nothing but the page: colour, icon,
/// label, button and one more step set them apart.
struct NotePanel: Sendable, Hashable {
    let action: String
    let version: String
    let inside: Box
    let outside: Box
    /// Whom a public note goes to; nil when the case has no contact, and then there is no such form.
    let recipient: String?

    struct Box: Sendable, Hashable {
        let id: String
        let value: String?
        let problem: String?

        static let sample = Box(id: "note-internal", value: "已电话核实。", problem: "请写点什么")
    }

    static let sample = NotePanel(
        action: "/merchant/cases/RF/note", version: "3", inside: .sample, outside: .sample,
        recipient: "l***@example.com")

    /// What was typed into one of the two.
    struct Typed: Sendable {
        let visibility: Visibility
        let text: String?
        let fault: FormFault
    }

    init(action: String, version: Int64, contact: MaskedContact, typed: Typed?, _ phrases: Phrases) {
        self.action = action
        self.version = String(version)
        inside = NotePanel.box(.internal, typed, phrases)
        outside = NotePanel.box(.public, typed, phrases)
        recipient = NotePanel.recipient(contact)
    }

    private init(action: String, version: String, inside: Box, outside: Box, recipient: String?) {
        self.action = action
        self.version = version
        self.inside = inside
        self.outside = outside
        self.recipient = recipient
    }

    /// Where a note goes: news go by e-mail where there is an address.
    static func recipient(_ contact: MaskedContact) -> String? {
        contact.email ?? contact.phone
    }

    /// The id of a form's control, which error summaries link to.
    static func id(_ visibility: Visibility) -> String { "note-\(visibility.rawValue)" }

    private static func box(_ visibility: Visibility, _ typed: Typed?, _ phrases: Phrases) -> Box {
        let mine = typed.flatMap { $0.visibility == visibility ? $0 : nil }
        return Box(id: id(visibility), value: mine?.text, problem: mine?.fault.text(id(visibility), phrases))
    }
}

/// The step before a public note is sent: who will read it, and the text once more.
struct NoteConfirmView: View {
    static let template = "staff/note-confirm"
    static let sample = NoteConfirmView(
        frame: .sample, number: "RF-7K3M-Q9TX-D", recipient: "l***@example.com", name: "林小姐", merchantName: "山茶书店",
        text: "我们收到了您的小票。", action: "/support/cases/RF/note", version: "3", back: "/support/cases/RF")

    let frame: StaffFrame
    let number: String
    let recipient: String
    let name: String?
    let merchantName: String
    let text: String
    let action: String
    let version: String
    let back: String
}
