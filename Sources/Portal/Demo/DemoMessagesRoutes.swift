import Hummingbird
import Messages
import RefundDesk
import RefundDomain
import Vault
import Web

/// `/demo/messages`: what would have been sent, and how to sign in. Exists in the demo only.
struct DemoMessagesRoutes: Sendable {
    let parts: PortalParts
    let demo: DemoParts

    /// How many messages are shown.
    private static let messagesMax = 30

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.demoMessages), use: show)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = parts.desk.clock().seconds
        let people = demo.people.map { person in
            let step = OneTimeCode.standard.step(at: now)
            return DemoMessagesView.Person(
                email: person.email, password: person.password,
                code: OneTimeCode.standard.code(secret: person.secret, step: step))
        }
        let view = DemoMessagesView(
            frame: parts.frame(request, context), messages: messages(), people: people)
        return try parts.pages.html(view, to: request, in: context.language)
    }

    private func messages() -> [DemoMessagesView.Entry] {
        demo.messages.newest(DemoMessagesRoutes.messagesMax).map { _, text in
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let head = lines.prefix { !$0.isEmpty }
            let body = lines.dropFirst(head.count + 1).joined(separator: "\n")
            return DemoMessagesView.Entry(
                to: value("To", head), subject: value("Subject", head),
                paragraphs: body.split(separator: "\n").map { line(String($0)) })
        }
    }

    /// A line of a message; its private link, or that of an invitation, can be followed.
    private func line(_ text: String) -> DemoMessagesView.Line {
        let base = parts.origin.text
        guard
            let start = text.firstRange(of: "\(base)/t/")
                ?? text.firstRange(of: "\(base)\(Paths.staffJoin(""))")
        else {
            return DemoMessagesView.Line(before: text, link: nil, after: nil)
        }
        let end = text[start.upperBound...].firstIndex { $0 == " " } ?? text.endIndex
        let after = String(text[end...])
        return DemoMessagesView.Line(
            before: String(text[..<start.lowerBound]), link: String(text[start.lowerBound..<end]),
            after: after.isEmpty ? nil : after)
    }

    private func value(_ name: String, _ head: ArraySlice<String>) -> String {
        head.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) } ?? ""
    }
}

struct DemoMessagesView: View {
    static let template = "demo/messages"
    static let sample = DemoMessagesView(
        frame: .sample,
        messages: [
            Entry(
                to: "li@mail.example", subject: "兰亭百货",
                paragraphs: [Line(before: "查看：", link: "http://127.0.0.1:8080/t/abc", after: "。")])
        ],
        people: [Person(email: "reviewer@lanting.example", password: "demo", code: "123456")])

    let frame: Frame
    let messages: [Entry]
    let people: [Person]

    struct Entry: Sendable {
        let to: String
        let subject: String
        let paragraphs: [Line]
    }

    struct Line: Sendable {
        let before: String
        let link: String?
        let after: String?
    }

    struct Person: Sendable {
        let email: String
        let password: String
        /// The code of this moment.
        let code: String
    }
}
