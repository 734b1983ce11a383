import Hummingbird
import RefundDesk
import Web
import Words

/// Who asks, and how to reach them.
struct ContactRoutes: Sendable {
    private let parts: PortalParts
    private let steps: RequestSteps

    init(_ parts: PortalParts) {
        self.parts = parts
        steps = RequestSteps(parts.desk)
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.contact), use: show)
        router.post(RouterPath(Paths.contact), use: give)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        switch try await steps.standing(at: .contact, context) {
        case .elsewhere(let path): return Pages.redirect(to: path)
        case .here(let draft, _):
            let typed = ["name": draft.name, "email": draft.email, "phone": draft.phone].compactMapValues(\.self)
            let view = ContactView(
                typed, consents: false, nil, parts.phrases(context), frame: parts.frame(request, context, of: draft))
            return try parts.pages.html(view, to: request, in: context.language)
        }
    }

    @Sendable private func give(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard case .here(let draft, let visitor) = try await steps.standing(at: .contact, context) else {
            return Pages.redirect(to: Paths.request)
        }
        let consents = fields.text("consent") == "yes"
        var fault: FormFault?
        if !consents { fault = FormFault([Web.FieldFault("consent", "\(ContactView.prefix).consent.missing")]) }
        let typed = ["name", "email", "phone"].reduce(into: [String: String]()) { $0[$1] = fields.typed($1) }
        if fault == nil {
            do {
                try await parts.desk.giveContact(
                    name: typed["name"] ?? "", email: typed["email"] ?? "", phone: typed["phone"] ?? "",
                    visitor: visitor)
                return Pages.redirect(to: try await steps.next(after: .contact, visitor: visitor))
            } catch let refusal as Refusal {
                guard let shown = refusal.onForm(ContactView.prefix) else { throw refusal }
                fault = shown
            }
        }
        let view = ContactView(
            typed, consents: consents, fault, parts.phrases(context),
            frame: parts.frame(request, context, of: draft))
        return try parts.pages.html(view, status: .unprocessableContent, to: request, in: context.language)
    }
}

/// The page that asks who it is and how to reach them.
struct ContactView: View {
    static let template = "cardholder/contact"
    static let prefix = "cardholder.contact"
    static let sample = ContactView(
        frame: .sample, problems: .sample, name: .sample, phone: .sample, email: .sample, consent: .sample)

    let frame: Frame
    let problems: Problems?
    let name: TextField
    let phone: TextField
    let email: TextField
    let consent: Choices

    private init(
        frame: Frame, problems: Problems?, name: TextField, phone: TextField, email: TextField, consent: Choices
    ) {
        self.frame = frame
        self.problems = problems
        self.name = name
        self.phone = phone
        self.email = email
        self.consent = consent
    }

    init(_ typed: [String: String], consents: Bool, _ fault: FormFault?, _ phrases: Phrases, frame: Frame) {
        let prefix = ContactView.prefix
        self.frame = frame
        problems = Problems(fault, phrases)
        name = TextField(
            "name", label: phrases.text("\(prefix).name"), problem: fault?.text("name", phrases),
            value: typed["name"], autocomplete: "name")
        phone = TextField(
            "phone", label: phrases.text("\(prefix).phone"), hint: phrases.text("\(prefix).phone.hint"),
            problem: fault?.text("phone", phrases), value: typed["phone"], type: "tel", inputMode: "tel",
            autocomplete: "tel", width: "input--short")
        email = TextField(
            "email", label: phrases.text("\(prefix).email"), hint: phrases.text("\(prefix).email.hint"),
            problem: fault?.text("email", phrases), value: typed["email"], type: "email", inputMode: "email",
            autocomplete: "email")
        consent = Choices(
            "consent", legend: phrases.text("\(prefix).consent.legend"), problem: fault?.text("consent", phrases),
            options: [("yes", phrases.text("\(prefix).consent"), nil)], chosen: consents ? ["yes"] : [], several: true)
    }

    static var words: [String] {
        [
            "name", "phone", "phone.hint", "email", "email.hint", "consent", "consent.legend", "consent.missing",
            "name.missing", "name.too-long", "name.unreadable", "email.missing", "email.unreadable", "email.too-long",
            "phone.unreadable", "phone.too-long",
        ].map { "\(prefix).\($0)" }
    }
}
