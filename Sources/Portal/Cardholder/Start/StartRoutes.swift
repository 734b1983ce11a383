import Hummingbird
import Web

/// The first page: ask for a refund, track one, what one needs.
struct StartRoutes: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.start), use: show)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        try parts.pages.html(StartView(frame: parts.frame(request, context)), to: request, in: context.language)
    }
}
