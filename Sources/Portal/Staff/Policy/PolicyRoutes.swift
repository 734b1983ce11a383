import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The policy of a merchant: at the merchant's own address, and for the operator's finance desk below the merchant's
/// code.
struct PolicyRoutes: Sendable {
    let parts: PortalParts

    func addMerchant(to routes: some RouterMethods<MerchantContext>) {
        let base = Paths.merchantPolicy
        routes.get(RouterPath(base)) { request, context in try await merchant(request, context).show() }
        routes.get(RouterPath("\(base)/propose")) { request, context in try await merchant(request, context).form() }
        routes.post(RouterPath("\(base)/propose")) { request, context in
            try await merchant(request, context).propose()
        }
        routes.get(RouterPath("\(base)/{id}")) { request, context in
            try await merchant(request, context).version(context.policyID)
        }
        routes.post(RouterPath("\(base)/{id}/confirm")) { request, context in
            try await merchant(request, context).decide(context.policyID, confirming: true)
        }
        routes.post(RouterPath("\(base)/{id}/refuse")) { request, context in
            try await merchant(request, context).decide(context.policyID, confirming: false)
        }
    }

    func addSupport(to routes: some RouterMethods<SupportContext>) {
        let base = "\(Paths.supportPolicies)/{merchant}"
        routes.get(RouterPath(Paths.supportPolicies), use: list)
        routes.get(RouterPath(base)) { request, context in try await support(request, context).show() }
        routes.get(RouterPath("\(base)/propose")) { request, context in try await support(request, context).form() }
        routes.post(RouterPath("\(base)/propose")) { request, context in
            try await support(request, context).propose()
        }
        routes.get(RouterPath("\(base)/{id}")) { request, context in
            try await support(request, context).version(context.policyID)
        }
        routes.post(RouterPath("\(base)/{id}/confirm")) { request, context in
            try await support(request, context).decide(context.policyID, confirming: true)
        }
        routes.post(RouterPath("\(base)/{id}/refuse")) { request, context in
            try await support(request, context).decide(context.policyID, confirming: false)
        }
    }

    private func merchant(_ request: Request, _ context: MerchantContext) -> PolicyPage {
        PolicyPage(parts, request, context, PolicyVisit(context))
    }

    private func support(_ request: Request, _ context: SupportContext) async throws -> PolicyPage {
        PolicyPage(parts, request, context, try await PolicyVisit(context, parts.desk))
    }

    /// Merchants by their codes with the version in force.
    @Sendable private func list(_ request: Request, _ context: SupportContext) async throws -> Response {
        let phrases = parts.phrases(context)
        let desk = parts.desk
        let member = context.member
        let after = try FormFields.query(request).text("after") ?? ""
        let (person, page) = try await desk.store.read { sql in
            (try StaffPerson.read(member, desk.seals, sql), try PolicyListing.read(after: after, desk, sql))
        }
        let lines = page.rows.map { row in
            PoliciesView.Line(
                merchant: context.language == .en ? row.nameEnglish ?? row.name : row.name,
                address: "\(Paths.supportPolicies)/\(row.code)",
                name: row.policy.version == desk.policy.version
                    ? phrases.text("staff.policy.standard") : row.policy.version,
                waiting: row.waiting == 0
                    ? nil : phrases.text("staff.policy.waiting", ["count": String(row.waiting)]))
        }
        let view = PoliciesView(
            frame: person.frame(phrases, switching: Paths.supportPolicies, .policies), lines: lines,
            nextAddress: page.next.map { "\(Paths.supportPolicies)?after=\(QueryText.encoded($0))" })
        return try parts.pages.html(view, to: request, in: context.language)
    }
}

extension RequestContext {
    /// The version's id in the address; an unknown one is found by nobody.
    fileprivate var policyID: String { parameters.get("id") ?? "" }
}
