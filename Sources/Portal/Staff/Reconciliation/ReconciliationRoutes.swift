import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Where channels' files and our refunds differ: for the operator's desk, and for each merchant its own.
struct ReconciliationRoutes: Sendable {
    let parts: PortalParts

    func addSupport(to routes: some RouterMethods<SupportContext>) {
        let one = "\(Paths.supportReconciliation)/{id}"
        routes.get(RouterPath(Paths.supportReconciliation)) { request, context in
            try await page(request, context).list()
        }
        routes.get(RouterPath(one)) { request, context in try await page(request, context).one(context.differenceID) }
        routes.post(RouterPath("\(one)/close")) { request, context in
            try await page(request, context).close(context.differenceID)
        }
    }

    func addMerchant(to routes: some RouterMethods<MerchantContext>) {
        routes.get(RouterPath(Paths.merchantReconciliation)) { request, context in
            try await page(request, context).list()
        }
        routes.get(RouterPath("\(Paths.merchantReconciliation)/{id}")) { request, context in
            try await page(request, context).one(context.differenceID)
        }
    }

    private func page(_ request: Request, _ context: SupportContext) -> ReconciliationPage {
        ReconciliationPage(
            parts, request, context, context.member, .every(context.everyMerchant), Paths.supportReconciliation)
    }

    private func page(_ request: Request, _ context: MerchantContext) -> ReconciliationPage {
        ReconciliationPage(
            parts, request, context, context.member, .merchant(context.merchant), Paths.merchantReconciliation)
    }
}

extension RequestContext {
    /// The difference's id in the address; an unknown one is found by nobody.
    fileprivate var differenceID: String { parameters.get("id") ?? "" }
}

/// Makes the pages of differences for one person.
struct ReconciliationPage {
    private let parts: PortalParts
    private let request: Request
    private let language: Language
    private let phrases: Phrases
    private let member: StaffMember
    private let query: ReconciliationQuery
    private let base: String

    init(
        _ parts: PortalParts, _ request: Request, _ context: some WebContext, _ member: StaffMember,
        _ scope: ReconciliationScope, _ base: String
    ) {
        self.parts = parts
        self.request = request
        language = context.language
        phrases = parts.phrases(context)
        self.member = member
        query = ReconciliationQuery(scope: scope)
        self.base = base
    }

    private var area: StaffArea { query.scope.merchantID == nil ? .reconciliation : .merchantReconciliation }
    private var caseBase: String { query.scope.merchantID == nil ? Paths.supportCases : "/merchant/cases" }

    /// Open ones oldest first, or closed ones newest first.
    func list() async throws -> Response {
        let fields = try FormFields.query(request)
        let list = fields.text(ReconciliationList.field).flatMap { ReconciliationList(rawValue: $0) } ?? .open
        let key = MomentKey(fields.text("after"))
        let (desk, query, member) = (parts.desk, query, member)
        let (person, counts, page) = try await desk.store.read { sql in
            (
                try StaffPerson.read(member, desk.seals, sql),
                try ReconciliationList.allCases.map { ($0, try query.count($0, sql)) },
                try query.page(list, after: key, sql)
            )
        }
        let address = "\(base)?\(ReconciliationList.field)=\(list.rawValue)"
        let words = DifferenceWords(phrases, now: desk.clock(), caseBase: caseBase)
        let view = ReconciliationView(
            frame: person.frame(phrases, switching: address, area),
            tabs: counts.map { tab($0, $1, isCurrent: $0 == list) },
            lead: phrases.text("staff.reconciliation.\(list.rawValue).text"),
            lines: page.lines.map { words.row($0, base: base, showsMerchant: query.scope.merchantID == nil) },
            hasLines: !page.lines.isEmpty, nextAddress: page.next.map { "\(address)&after=\($0.text)" },
            firstAddress: key.map { _ in address })
        return try parts.pages.html(view, to: request, in: language)
    }

    private func tab(_ list: ReconciliationList, _ count: Int, isCurrent: Bool) -> QueueView.Tab {
        let isCut = count >= ReconciliationQuery.countMax
        return QueueView.Tab(
            name: phrases.text("staff.reconciliation.\(list.rawValue)"),
            count: isCut ? phrases.text("staff.queue.many", ["count": String(count)]) : String(count),
            address: "\(base)?\(ReconciliationList.field)=\(list.rawValue)", isCurrent: isCurrent)
    }

    /// One difference, with the form that closes it for those who may.
    func one(
        _ id: String, _ status: HTTPResponse.Status = .ok, _ fault: FormFault? = nil, note: String? = nil
    ) async throws -> Response {
        let (desk, query, member) = (parts.desk, query, member)
        let (person, detail) = try await desk.store.read { sql in
            (try StaffPerson.read(member, desk.seals, sql), try query.detail(id, desk.seals, sql))
        }
        guard let detail else { throw RequestFault.notFound }
        let address = "\(base)/\(id)"
        let words = DifferenceWords(phrases, now: desk.clock(), caseBase: caseBase)
        let mayClose = detail.line.closed == nil && member.role.closesDifferences
        let view = DifferenceView(
            frame: person.frame(phrases, switching: address, area), problems: Problems(fault, phrases), back: base,
            kind: words.kind(detail.line.kind),
            explanation: phrases.text("staff.difference.\(detail.line.kind.rawValue).text"),
            closed: words.closing(detail), note: detail.note, caseAddress: words.caseAddress(detail.line),
            caseNumber: detail.line.caseNumber, facts: words.facts(detail),
            form: mayClose
                ? DifferenceView.Form(
                    action: "\(address)/close",
                    note: TextArea(
                        "note", label: phrases.text("staff.difference.note"),
                        hint: phrases.text("staff.difference.note.hint"), problem: fault?.text("note", phrases),
                        value: note, rows: 3)) : nil)
        return try parts.pages.html(view, status: status, to: request, in: language)
    }

    /// Closes a difference with a note.
    func close(_ id: String) async throws -> Response {
        let fields = try await FormFields.read(request)
        do {
            try await parts.desk.explainDifference(id, note: fields.text("note") ?? "", by: member)
            return Pages.redirect(to: "\(base)/\(id)")
        } catch Refusal.field(let name, let fault) {
            let wrong = FormFault([Web.FieldFault(name, "staff.difference.note.\(fault.word)")])
            return try await one(id, .unprocessableContent, wrong, note: fields.typed("note"))
        }
    }
}
