import Hummingbird
import RefundDesk
import Web

/// Takes the session tokens out of the cookies. Nothing is looked up here: most pages need neither.
struct Sessions: RouterMiddleware {
    static let visitorCookie = "rp_visitor"
    static let staffCookie = "rp_staff"

    let cookies: Web.Cookies

    func handle(
        _ request: Request, context: PortalContext, next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.visitorToken = cookies.value(Sessions.visitorCookie, of: request)
        context.staffToken = cookies.value(Sessions.staffCookie, of: request)
        return try await next(request, context)
    }
}
