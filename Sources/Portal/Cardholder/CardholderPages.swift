import Hummingbird
import Web

/// The pages of people who ask for a refund; nobody needs an account.
struct CardholderPages: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    static var views: [any View.Type] { [StartView.self] }

    static var words: [String] { [] }

    func add(to router: Router<PortalContext>) {
        StartRoutes(parts).add(to: router)
    }
}
