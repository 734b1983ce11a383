import HTTPTypes
import Hummingbird
import RefundDesk
import Web
import Words

/// The code that proves the contact.
struct CodeRoutes: Sendable {
    private let parts: PortalParts
    private let steps: RequestSteps

    init(_ parts: PortalParts) {
        self.parts = parts
        steps = RequestSteps(parts.desk)
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.code), use: show)
        router.post(RouterPath(Paths.code), use: prove)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        switch try await steps.standing(at: .code, context) {
        case .elsewhere(let path): return Pages.redirect(to: path)
        case .here(let draft, _):
            guard !draft.contactIsProved else { return Pages.redirect(to: draft.nextStep.path) }
            let isSentAgain = try FormFields.query(request).text("sent") != nil
            return try page(draft, typed: nil, nil, isSentAgain: isSentAgain, request, context)
        }
    }

    @Sendable private func prove(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard case .here(let draft, let visitor) = try await steps.standing(at: .code, context) else {
            return Pages.redirect(to: Paths.request)
        }
        if fields.text("resend") != nil {
            try await parts.desk.resendContactCode(visitor: visitor)
            return Pages.redirect(to: "\(Paths.code)?sent=again")
        }
        guard let code = fields.text("code") else {
            let fault = FormFault([Web.FieldFault("code", "\(CodeView.prefix).code.missing")])
            return try page(draft, typed: nil, fault, isSentAgain: false, request, context)
        }
        do {
            try await parts.desk.proveContact(code: code, visitor: visitor)
            return Pages.redirect(to: try await steps.next(after: .code, visitor: visitor))
        } catch let refusal as Refusal {
            guard let fault = refusal.onForm(CodeView.prefix) else { throw refusal }
            return try page(draft, typed: fields.typed("code"), fault, isSentAgain: false, request, context)
        }
    }

    private func page(
        _ draft: Draft, typed: String?, _ fault: FormFault?, isSentAgain: Bool, _ request: Request,
        _ context: PortalContext
    ) throws -> Response {
        let view = CodeView(
            typed, fault, toPhone: draft.phone != nil, isSentAgain: isSentAgain, parts.phrases(context),
            frame: parts.frame(request, context, of: draft))
        let status: HTTPResponse.Status = fault == nil ? .ok : .unprocessableContent
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }
}

/// The page that asks for the code.
struct CodeView: View {
    static let template = "cardholder/code"
    static let prefix = "cardholder.code"
    static let sample = CodeView(
        frame: .sample, problems: .sample, lead: "验证码已发送", code: .sample, isSentAgain: true)

    let frame: Frame
    let problems: Problems?
    let lead: String
    let code: TextField
    let isSentAgain: Bool

    private init(frame: Frame, problems: Problems?, lead: String, code: TextField, isSentAgain: Bool) {
        self.frame = frame
        self.problems = problems
        self.lead = lead
        self.code = code
        self.isSentAgain = isSentAgain
    }

    init(
        _ typed: String?, _ fault: FormFault?, toPhone: Bool, isSentAgain: Bool, _ phrases: Phrases, frame: Frame
    ) {
        let prefix = CodeView.prefix
        self.frame = frame
        problems = Problems(fault, phrases)
        lead = phrases.text(toPhone ? "\(prefix).to-phone" : "\(prefix).to-email")
        code = TextField(
            "code", label: phrases.text("\(prefix).code"), hint: phrases.text("\(prefix).code.hint"),
            problem: fault?.text("code", phrases), value: typed, inputMode: "numeric", autocomplete: "one-time-code",
            width: "input--code")
        self.isSentAgain = isSentAgain
    }

    static var words: [String] {
        ["to-phone", "to-email", "code", "code.hint", "code.missing", "code.wrong", "code.expired"]
            .map { "\(prefix).\($0)" }
    }
}
