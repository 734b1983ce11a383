import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// Lets signed-in members through to what their role may use, by today's role; sends others to sign in and back, and
/// those who proved themselves a while ago to do so anew before what is most sensitive.
struct StaffDoor: RouterMiddleware {
    let parts: PortalParts

    func handle(
        _ request: Request, context: PortalContext, next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        guard let token = context.staffToken, let session = try await parts.desk.staffSession(of: token) else {
            return Pages.redirect(to: SignInAddress.address(backTo: Destination(of: request)))
        }
        guard Permissions.allow(session.member.role, request.method, context.endpointPath) else {
            throw RequestFault.notFound
        }
        if let page = try await asks(request, session, context) { return page }
        var context = context
        context.staff = session.member
        return try await next(request, context)
    }
}
