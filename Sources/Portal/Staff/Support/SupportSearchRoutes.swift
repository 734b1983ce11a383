import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The support desk's first page: type anything a caller can read out, see the cases.
struct SupportSearchRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<SupportContext>) {
        routes.get(RouterPath(Paths.supportCases), use: show)
    }

    func show(_ request: Request, _ context: SupportContext) async throws -> Response {
        let typed = try FormFields.query(request).text("q")
        let text = typed.map { String($0.prefix(QueueFilter.searchCharactersMax)) }
        let desk = parts.desk
        let member = context.member
        let scope = CaseScope.every(context.everyMerchant)
        let (person, found) = try await desk.store.read { sql in
            let person = try StaffPerson.read(member, desk.seals, sql)
            let found = try text.map { try SupportResult.read($0, scope, desk, sql) }
            return (person, found)
        }
        let phrases = parts.phrases(context)
        let address = text.map { "\(Paths.supportCases)?q=\(QueryText.encoded($0))" } ?? Paths.supportCases
        let view = SupportSearchView(
            frame: person.frame(phrases, switching: address, .support), search: text,
            results: found?.map { SupportSearchView.line($0, now: desk.clock(), phrases) } ?? [],
            hasResults: found?.isEmpty == false, nothing: found?.isEmpty == true,
            count: found.map { phrases.text("staff.queue.found", ["count": String($0.count)]) })
        return try parts.pages.html(view, to: request, in: context.language)
    }
}

/// A case that a search found, with the contact as far as the desk may see it in a list.
struct SupportResult: Sendable {
    let found: CaseSearch.Found
    let contact: MaskedContact
    let zone: Zone

    static func read(
        _ text: String, _ scope: CaseScope, _ desk: Desk, _ sql: any SQLReading
    ) throws -> [SupportResult] {
        try CaseSearch(scope: scope, desk: desk).find(text, sql).map { found in
            guard
                let row = try sql.row(
                    """
                    SELECT refund_case.name_sealed, refund_case.email_sealed, refund_case.phone_sealed, merchant.zone
                    FROM   refund_case
                    JOIN   merchant
                    ON     merchant.id = refund_case.merchant_id
                    WHERE  refund_case.id = $1
                    """, [.text(found.line.id)])
            else { throw StoreFault.unexpectedNull("id") }
            func opened(_ column: String) throws -> String? {
                let place = SealPlace(
                    "refund_case", column, row: found.line.id, tenant: found.merchantID, .contact)
                return try desk.seals.openText(try row.bytesOrNil(column), place, sql)
            }
            let contact = MaskedContact(
                name: try opened("name_sealed"), email: try opened("email_sealed"), phone: try opened("phone_sealed"))
            return SupportResult(found: found, contact: contact, zone: Zone(try row.text("zone")) ?? .utc)
        }
    }
}

/// The support desk's search with its results.
struct SupportSearchView: View {
    static let template = "staff/support-search"
    static let sample = SupportSearchView(
        frame: .sample, search: "1234", results: [.sample], hasResults: true, nothing: true, count: "找到 3 笔")

    struct Line: Sendable, Hashable {
        let number: String
        let address: String
        let merchant: String
        let who: String
        let amount: String
        let card: String
        let paid: String
        let sent: String
        let tag: StateTag

        static let sample = Line(
            number: "RF-7K3M-Q9TX-D", address: "/support/cases/RF-7K3M-Q9TX-D", merchant: "山茶书店",
            who: "林 l***@example.com",
            amount: "¥50.00", card: "1234", paid: "11 月 18 日", sent: "11 月 20 日 18:02", tag: .sample)
    }

    let frame: StaffFrame
    let search: String?
    let results: [Line]
    let hasResults: Bool
    let nothing: Bool
    let count: String?

    static func line(_ result: SupportResult, now: Moment, _ phrases: Phrases) -> Line {
        let clock = StaffClock(result.zone, now: now, phrases)
        let found = result.found
        let merchant = phrases.language == .en ? found.merchantNameEnglish ?? found.merchantName : found.merchantName
        return Line(
            number: found.line.number, address: "\(Paths.supportCases)/\(found.line.number)", merchant: merchant,
            who: ([result.contact.name].compactMap(\.self) + result.contact.all).joined(separator: " · "),
            amount: found.line.asked.text, card: found.cardLast4 ?? phrases.text("staff.card.short-none"),
            paid: clock.shortDay(found.paidOn), sent: clock.time(found.line.submitted),
            tag: CaseWords(phrases).tag(found.line.state))
    }
}
