import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// The second of two approvals, and the way back from one's own decision.
struct SecondRoutes<Context: CaseContext>: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<Context>) {
        let folder = Context.desk.folder("{number}")
        routes.post(RouterPath("\(folder)/second"), use: second)
        routes.post(RouterPath("\(folder)/undo"), use: undo)
    }

    func second(_ request: Request, _ context: Context) async throws -> Response {
        try await ReviewRoutes(parts: parts).change(request, context, .second) { number, input, version in
            guard let decision = input.fields.text("decision").flatMap({ SecondDecision(rawValue: $0) }) else {
                throw FormFault([Web.FieldFault("decision", "staff.decision-field.missing")])
            }
            try await parts.desk.second(
                number, decision: decision, note: input.fields.text("note") ?? "", version: version,
                by: context.member)
        }
    }

    func undo(_ request: Request, _ context: Context) async throws -> Response {
        try await ReviewRoutes(parts: parts).change(request, context, .approve) { number, _, version in
            try await parts.desk.undo(number, version: version, by: context.member)
        }
    }
}
