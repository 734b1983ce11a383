import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// What one person of the operator can do to a case's money: another movement for a failed one, an advance, a block.
struct MoneyActionRoutes: Sendable {
    let parts: PortalParts

    private var forms: SupportActionRoutes { SupportActionRoutes(parts: parts) }

    func add(to routes: some RouterMethods<SupportContext>) {
        let folder = CaseDesk.support.folder("{number}")
        routes.post(RouterPath("\(folder)/replace"), use: replace)
        routes.post(RouterPath("\(folder)/advance"), use: advance)
        routes.post(RouterPath("\(folder)/block"), use: block)
        routes.post(RouterPath("\(folder)/unblock"), use: unblock)
    }

    func replace(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await forms.change(request, context) { number, fields, _, version in
            try await parts.desk.replace(
                movement: try SupportActionRoutes.id("movement", fields), of: number, version: version,
                by: context.member)
        }
    }

    func advance(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await forms.change(request, context) { number, fields, _, version in
            try await parts.desk.advanceFunds(
                movement: try SupportActionRoutes.id("movement", fields), of: number, version: version,
                by: context.member)
        }
    }

    func block(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await forms.change(request, context, .block) { _, fields, file, _ in
            guard let kind = fields.text("kind").flatMap({ Block(rawValue: $0) }) else {
                throw FormFault([Web.FieldFault("kind", "staff.do.kind.missing")])
            }
            let currency = file.payment.amount.currency
            let amount =
                fields.text("amount") == nil
                ? nil : try AmountField.read("amount", of: fields, in: currency, "staff.do")
            do {
                try await parts.desk.openBlock(
                    kind, reference: fields.text("reference") ?? "", payment: file.payment.id, amount: amount,
                    note: fields.text("note") ?? "", by: context.member)
            } catch Refusal.alreadyThere {
                throw FormFault([Web.FieldFault("reference", "staff.do.reference.taken")])
            }
        }
    }

    func unblock(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await forms.change(request, context) { _, fields, file, _ in
            guard let outcome = fields.text("outcome").flatMap({ BlockOutcome(rawValue: $0) }) else {
                throw RequestFault.malformed
            }
            let id = try SupportActionRoutes.id("block", fields)
            guard file.blocks.contains(where: { $0.id == id }) else { throw Refusal.notFound }
            try await parts.desk.closeBlock(id, outcome, by: context.member)
        }
    }
}
