import HTTPTypes
import Hummingbird
import RefundDesk
import Web
import Words

/// Finds the payment by slip, wallet or card.
struct FindRoutes: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.find), use: show)
        router.post(RouterPath(Paths.find), use: find)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        let method = FindMethod(rawValue: try FormFields.query(request).text("method") ?? "") ?? .slip
        return try page(method, FormFields(), nil, request, context)
    }

    @Sendable private func find(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        let method = FindMethod(rawValue: fields.text("method") ?? "") ?? .slip
        let form: FindForm
        do {
            form = try FindForm(fields, method)
        } catch let fault {
            return try page(method, fields, fault, request, context)
        }
        let finding = try await parts.desk.find(
            form.query, amountText: form.amountText, visitor: context.visitorToken, address: context.countingKey,
            language: context.language.rawValue)
        switch finding {
        case .found(let visitor):
            return parts.entering(visitor, to: Paths.request)
        case .notFound:
            // One sentence for everything that may be wrong, so that nobody learns which part was right.
            let first = FindForm.fields(method).first ?? "amount"
            let fault = FormFault([Web.FieldFault(first, "\(FindForm.prefix).no-match")])
            return try page(method, fields, fault, request, context)
        }
    }

    private func page(
        _ method: FindMethod, _ fields: FormFields, _ fault: FormFault?, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        let view = FindView(method, fields, fault, parts.phrases(context), frame: parts.frame(request, context))
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }
}
