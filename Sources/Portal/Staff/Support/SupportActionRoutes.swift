import Hummingbird
import RefundDesk
import RefundDomain
import Web
import Words

/// What one person of the support desk can do without touching money: asking, answering, writing down.
struct SupportActionRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<SupportContext>) {
        let folder = CaseDesk.support.folder("{number}")
        routes.post(RouterPath("\(folder)/query-channel"), use: askChannel)
        routes.post(RouterPath("\(folder)/contact"), use: contactBank)
        routes.post(RouterPath("\(folder)/answer"), use: answer)
    }

    func askChannel(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await change(request, context) { number, fields, _, version in
            try await parts.desk.askChannel(
                about: try Self.id("movement", fields), of: number, version: version, by: context.member)
        }
    }

    func contactBank(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await change(request, context, .bank) { number, fields, _, version in
            let promised = try Self.day("promised", fields)
            try await parts.desk.noteBankContact(
                number, who: fields.text("who") ?? "", reference: fields.text("bank_reference") ?? "",
                promised: promised, details: fields.text("details") ?? "", version: version, by: context.member)
        }
    }

    func answer(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await change(request, context) { number, fields, _, version in
            try await parts.desk.answerEnquiry(
                try Self.id("enquiry", fields), of: number, text: fields.text("answer") ?? "", version: version,
                by: context.member)
        }
    }

    /// Runs a verb for a form: 303 to the case when it worked, 422 beside the field, 409 with what changed.
    func change(
        _ request: Request, _ context: SupportContext, _ form: TypedAction.Form? = nil,
        _ verb: (CaseNumber, FormFields, CaseFile, Int64) async throws -> Void
    ) async throws -> Response {
        let fields = try await FormFields.read(request)
        let version = try fields.version()
        let page = SupportPage(parts: parts, request: request, context: context)
        let file = try await page.read().file
        let form = form ?? .answer(fields.text("enquiry") ?? "")
        do {
            guard file.version == version else { throw Refusal.stale(version: file.version) }
            try await verb(file.number, fields, file, version)
            return Pages.redirect(to: Paths.supportCase(file.number) + "#do")
        } catch let fault as FormFault {
            return try await page.answer(
                .unprocessableContent, typed: TypedAction(form: form, fields: fields, fault: fault))
        } catch let refusal as Refusal {
            if let fault = refusal.onForm("staff.do") {
                return try await page.answer(
                    .unprocessableContent, typed: TypedAction(form: form, fields: fields, fault: fault))
            }
            guard refusal.isOvertaken else { throw refusal }
            return try await page.answer(.conflict, overtaken: version)
        }
    }

    /// An id that the page put into its form; our pages always do.
    static func id(_ field: String, _ fields: FormFields) throws(RequestFault) -> String {
        guard let id = fields.text(field) else { throw .malformed }
        return id
    }

    private static func day(_ field: String, _ fields: FormFields) throws(FormFault) -> Day? {
        guard let text = fields.text(field) else { return nil }
        guard let day = Day(iso: text) else {
            throw FormFault([Web.FieldFault(field, "staff.do.\(field).unreadable")])
        }
        return day
    }
}
