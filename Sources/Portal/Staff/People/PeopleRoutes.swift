import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web
import Words

/// The addresses below the people of a house.
enum PeoplePath {
    /// What is done about one person.
    enum Act: String, CaseIterable {
        case role
        case shutOut = "shut-out"
        case letIn = "let-in"
        case reset
    }

    static func person(_ base: String, _ id: String) -> String { "\(base)/\(id)" }

    static func act(_ base: String, _ id: String, _ act: Act) -> String { "\(base)/\(id)/\(act.rawValue)" }

    static func confirm(_ base: String, _ id: String) -> String { "\(base)/invitations/\(id)/confirm" }

    static func end(_ base: String, _ id: String) -> String { "\(base)/invitations/\(id)/end" }

    /// Every form of a house's people.
    static func forms(_ base: String) -> [String] {
        [base] + Act.allCases.map { act(base, "{person}", $0) }
            + [confirm(base, "{invitation}"), end(base, "{invitation}")]
    }
}

/// The people of a merchant, kept by its administrators, and the operator's, kept by theirs.
struct PeopleRoutes: Sendable {
    let parts: PortalParts

    func addMerchant(to routes: some RouterMethods<MerchantContext>) {
        add(Paths.merchantPeople, .people, to: routes)
    }

    func addSupport(to routes: some RouterMethods<StaffContext>) {
        add(Paths.supportPeople, .supportPeople, to: routes)
    }

    private func add<Context: SignedInContext>(
        _ base: String, _ area: StaffArea, to routes: some RouterMethods<Context>
    ) {
        @Sendable func page(_ request: Request, _ context: Context) -> PeoplePage {
            PeoplePage(
                parts: parts, request: request, member: context.member, language: context.language, base: base,
                area: area)
        }
        routes.get(RouterPath(base)) { request, context in try await page(request, context).show() }
        routes.post(RouterPath(base)) { request, context in try await page(request, context).invite() }
        routes.get(RouterPath(PeoplePath.person(base, "{person}"))) { request, context in
            try await page(request, context).person(context.parameters.get("person") ?? "")
        }
        for act in PeoplePath.Act.allCases {
            routes.post(RouterPath(PeoplePath.act(base, "{person}", act))) { request, context in
                try await page(request, context).change(context.parameters.get("person") ?? "", act)
            }
        }
        routes.post(RouterPath(PeoplePath.confirm(base, "{invitation}"))) { request, context in
            try await page(request, context).decide(context.parameters.get("invitation") ?? "", confirming: true)
        }
        routes.post(RouterPath(PeoplePath.end(base, "{invitation}"))) { request, context in
            try await page(request, context).decide(context.parameters.get("invitation") ?? "", confirming: false)
        }
    }
}
