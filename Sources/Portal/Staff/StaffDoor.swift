import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// Lets signed-in members through to what their role may use, by today's role; sends others to sign in and back.
struct StaffDoor: RouterMiddleware {
    let desk: Desk

    func handle(
        _ request: Request, context: PortalContext, next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        guard let token = context.staffToken, let member = try await desk.staff(of: token) else {
            return Pages.redirect(to: SignInAddress.address(backTo: Destination(of: request)))
        }
        guard Permissions.allow(member.role, request.method, context.endpointPath) else {
            throw RequestFault.notFound
        }
        var context = context
        context.staff = member
        return try await next(request, context)
    }
}
