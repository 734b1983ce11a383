import Hummingbird
import Web

extension PortalParts {
    /// 303 to a page with the visitor's new session.
    func entering(_ visitor: String, to address: String) -> Response {
        var response = Pages.redirect(to: address)
        cookies.set(Sessions.visitorCookie, to: visitor, sameSite: .lax, on: &response)
        return response
    }
}
