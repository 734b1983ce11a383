import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// The payment that was found: what can be asked, or why not and what else to do.
struct FoundRoutes: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.request), use: show)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let visitor = context.visitorToken, let draft = try await parts.desk.draft(of: visitor) else {
            return Pages.redirect(to: Paths.find)
        }
        let phrases = parts.phrases(context)
        let frame = parts.frame(request, context, of: draft)
        let merchant = parts.merchant(draft, context)
        switch draft.eligibility {
        case .askable(let most, let onlyWhole, let ceiling):
            // A request was sent already, or was too old: another one begins with the look-up.
            guard draft.caseID != nil else { return Pages.redirect(to: Paths.find) }
            let view = FoundView(
                draft, most: most, by: ceiling, onlyWhole: onlyWhole, merchant: merchant, phrases, frame: frame)
            return try parts.pages.html(view, to: request, in: context.language)
        case .refused(let why):
            let view = NotAskableView(draft, why, merchant: merchant, phrases, frame: frame)
            return try parts.pages.html(view, to: request, in: context.language)
        }
    }
}
