import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// Finds a case: by its number and a code to the known contact, or by the private link of the messages.
struct TrackRoutes: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.track), use: show)
        router.post(RouterPath(Paths.track), use: track)
        router.get("/t/:token", use: openLink)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try FormFields.query(request)
        let number = query.text("case").flatMap { try? CaseNumber.parse($0) }
        guard let number, query.text("step") == "code" else {
            return try page(.number(number?.text, contact: nil), nil, request, context)
        }
        return try page(.code(number, typed: nil), nil, request, context)
    }

    @Sendable private func track(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        let contact = fields.typed("contact")
        let number: CaseNumber
        do {
            number = try CaseNumber.parse(fields.text("case_number") ?? "")
        } catch {
            let fault = FormFault([Web.FieldFault("case_number", word(error, fields))])
            return try page(.number(fields.typed("case_number"), contact: contact), fault, request, context)
        }
        if fields.typed("code") != nil { return try await prove(number, fields, request, context) }
        guard let known = fields.text("contact") else {
            let fault = FormFault([Web.FieldFault("contact", "\(TrackView.prefix).contact.missing")])
            return try page(.number(fields.typed("case_number"), contact: nil), fault, request, context)
        }
        let visitor = try await parts.desk.requestTrackCode(
            for: number, contact: known, visitor: context.visitorToken, address: context.countingKey)
        return parts.entering(visitor, to: "\(Paths.track(number))&step=code")
    }

    private func prove(
        _ number: CaseNumber, _ fields: FormFields, _ request: Request, _ context: PortalContext
    ) async throws -> Response {
        let key: String
        if let code = fields.text("code"), let visitor = context.visitorToken {
            do {
                let token = try await parts.desk.proveTrackCode(code, for: number, visitor: visitor)
                return parts.entering(token, to: Paths.cases(number))
            } catch Refusal.wrongCode, Refusal.codeExpired {
                // One sentence for both: that a case exists, or has this contact, must not show.
                key = "code.wrong"
            }
        } else {
            key = fields.text("code") == nil ? "code.missing" : "code.wrong"
        }
        let fault = FormFault([Web.FieldFault("code", "\(TrackView.prefix).\(key)")])
        return try page(.code(number, typed: fields.typed("code")), fault, request, context)
    }

    @Sendable private func openLink(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let token = context.parameters.get("token"),
            let opened = try await parts.desk.openLink(token, visitor: context.visitorToken)
        else { throw RequestFault.notFound }
        var response = parts.entering(opened.visitor, to: Paths.cases(opened.number))
        response.headers[named: "Referrer-Policy"] = "no-referrer"
        return response
    }

    private func word(_ fault: CaseNumber.Fault, _ fields: FormFields) -> String {
        guard fields.text("case_number") != nil else { return "\(TrackView.prefix).case_number.missing" }
        return switch fault {
        case .unreadable: "\(TrackView.prefix).case_number.unreadable"
        case .wrongCheckSymbol: "\(TrackView.prefix).case_number.check"
        }
    }

    private func page(
        _ step: TrackStep, _ fault: FormFault?, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        let view = TrackView(step, fault, parts.phrases(context), frame: parts.frame(request, context))
        let status: HTTPResponse.Status = fault == nil ? .ok : .unprocessableContent
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }
}
