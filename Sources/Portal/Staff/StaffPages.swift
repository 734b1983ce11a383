import Hummingbird
import Web

/// The staff side of the portal.
struct StaffPages: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    static var views: [any View.Type] { [SignInView.self, SignInCodeView.self, StaffHomeView.self] }
    static var words: [String] { [] }

    func add(to router: Router<PortalContext>) {
        SignInRoutes(parts: parts).add(to: router)
    }
}
