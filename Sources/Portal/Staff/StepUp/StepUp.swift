import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// What somebody who is signed in proves anew before it is done, when they last did so a while ago (ASVS 7.5.1, 7.5.3).
enum StepUp: Sendable, Hashable {
    /// A one-time code: for decisions that another person relies on.
    case code
    /// Password and one-time code: for what proves people, and for people themselves.
    case passwordAndCode

    /// One form and what it asks for.
    private static let rules: [(path: String, need: StepUp)] =
        [
            "/merchant/cases/{number}/second", "/support/cases/{number}/second",
            "/support/cases/{number}/proposals/{proposal}/confirm", "/support/payouts/{id}/release",
            "/support/payouts/{id}/answers/{answer}/confirm", "/merchant/policy/{id}/confirm",
            "/support/policies/{merchant}/{id}/confirm",
        ].map { ($0, .code) }
        + ([Paths.merchantPeople, Paths.supportPeople].flatMap(PeoplePath.forms) + AccountRoutes.forms)
        .map { ($0, .passwordAndCode) }

    /// What a form asks for, by its address or by the route's own name; nil for those that ask nothing.
    static func need(_ path: String) -> StepUp? {
        let parts = path.split(separator: "/")
        return rules.first { rule in
            let wanted = rule.path.split(separator: "/")
            return wanted.count == parts.count
                && zip(wanted, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }?.need
    }

    /// Every form that asks for something, for the test that finds each of them a route.
    static var paths: [String] { rules.map(\.path) }
}

extension StaffDoor {
    /// The page that asks for what is missing, with everything that the form brought; nil when nothing is.
    func asks(_ request: Request, _ session: StaffSession, _ context: PortalContext) async throws -> Response? {
        guard request.method == .post, let need = StepUp.need(context.endpointPath ?? request.uri.path),
            session.proved.adding(seconds: StaffLimits.freshSeconds) <= parts.desk.clock()
        else { return nil }
        let fields = try await FormFields.read(request)
        return try ProvePage(parts: parts, request: request, context: context).page(
            need, to: request.uri.path, fields, nil)
    }
}
