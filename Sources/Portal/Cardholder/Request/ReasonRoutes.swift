import Hummingbird
import RefundDesk
import RefundDomain
import Web
import Words

/// What went wrong.
struct ReasonRoutes: Sendable {
    private let parts: PortalParts
    private let steps: RequestSteps

    init(_ parts: PortalParts) {
        self.parts = parts
        steps = RequestSteps(parts.desk)
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.reason), use: show)
        router.post(RouterPath(Paths.reason), use: choose)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        switch try await steps.standing(at: .reason, context) {
        case .elsewhere(let path): return Pages.redirect(to: path)
        case .here(let draft, _):
            let view = ReasonView(
                reason: draft.reason?.rawValue, details: draft.details, nil, parts.phrases(context),
                frame: parts.frame(request, context, of: draft))
            return try parts.pages.html(view, to: request, in: context.language)
        }
    }

    @Sendable private func choose(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard case .here(let draft, let visitor) = try await steps.standing(at: .reason, context) else {
            return Pages.redirect(to: Paths.request)
        }
        let fault: FormFault
        if let reason = fields.text("reason").flatMap(RequestReason.init(rawValue:)) {
            do {
                try await parts.desk.chooseReason(reason, details: fields.typed("details") ?? "", visitor: visitor)
                return Pages.redirect(to: try await steps.next(after: .reason, visitor: visitor))
            } catch let refusal as Refusal {
                guard let shown = refusal.onForm(ReasonView.prefix) else { throw refusal }
                fault = shown
            }
        } else {
            fault = FormFault([Web.FieldFault("reason", "\(ReasonView.prefix).reason.missing")])
        }
        let view = ReasonView(
            reason: fields.text("reason"), details: fields.typed("details"), fault, parts.phrases(context),
            frame: parts.frame(request, context, of: draft))
        return try parts.pages.html(view, status: .unprocessableContent, to: request, in: context.language)
    }
}

/// The page that asks what went wrong.
struct ReasonView: View {
    static let template = "cardholder/reason"
    static let prefix = "cardholder.reason"
    static let sample = ReasonView(frame: .sample, problems: .sample, reason: .sample, details: .sample)

    let frame: Frame
    let problems: Problems?
    let reason: Choices
    let details: TextArea

    private init(frame: Frame, problems: Problems?, reason: Choices, details: TextArea) {
        self.frame = frame
        self.problems = problems
        self.reason = reason
        self.details = details
    }

    init(reason: String?, details: String?, _ fault: FormFault?, _ phrases: Phrases, frame: Frame) {
        let prefix = ReasonView.prefix
        self.frame = frame
        problems = Problems(fault, phrases)
        self.reason = Choices(
            "reason", legend: phrases.text("\(prefix).legend"), problem: fault?.text("reason", phrases),
            options: RequestReason.allCases.map { option in
                (
                    option.rawValue, phrases.text("\(prefix).option.\(option.rawValue)"),
                    phrases.text("\(prefix).hint.\(option.rawValue)")
                )
            }, chosen: reason.map { [$0] } ?? [])
        self.details = TextArea(
            "details", label: phrases.text("\(prefix).details"),
            hint: phrases.text("\(prefix).details.hint", ["most": String(TextLimits.detailsCharactersMax)]),
            problem: fault?.text("details", phrases), value: details, rows: 4)
    }

    static var words: [String] {
        RequestReason.allCases.flatMap { ["\(prefix).option.\($0.rawValue)", "\(prefix).hint.\($0.rawValue)"] }
            + ["legend", "details", "details.hint", "reason.missing"].map { "\(prefix).\($0)" }
            + ["missing", "too-long", "unreadable"].map { "\(prefix).details.\($0)" }
    }
}
