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

/// Lets only people in who are signed in; the others are shown to the sign-in and come back afterwards.
struct StaffDoor: RouterMiddleware {
    let desk: Desk

    func handle(
        _ request: Request, context: PortalContext, next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let token = context.staffToken { context.staff = try await desk.staff(of: token) }
        guard context.staff != nil else { return Pages.redirect(to: signIn(from: request)) }
        return try await next(request, context)
    }

    /// The sign-in's address; a page that can be reloaded is named, so that the person comes back to it.
    private func signIn(from request: Request) -> String {
        let path = request.uri.path
        let isPlain = path.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "-_/".utf8.contains(byte)
            }
        }
        guard request.method == .get, isPlain, !path.hasPrefix("//") else { return Paths.staffSignIn }
        return "\(Paths.staffSignIn)?back=\(path)"
    }
}
