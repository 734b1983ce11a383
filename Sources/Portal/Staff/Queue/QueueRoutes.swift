import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The merchant's queue: what waits, oldest promise first.
struct QueueRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<MerchantContext>) {
        routes.get(RouterPath(Paths.merchantQueue), use: show)
    }

    /// What the page shows, read in one moment.
    private struct Found: Sendable {
        let person: StaffPerson
        let counts: [StateCount]
        let lines: [(CaseLine, String?)]
        let next: QueueKey?
    }

    func show(_ request: Request, _ context: MerchantContext) async throws -> Response {
        let fields = try FormFields.query(request)
        let place = QueueMemory.Place(filter: QueueFilter(fields), key: QueueKey(fields.text("after")))
        let found = try await found(place, context)
        var response = try parts.pages.html(view(place, found, context), to: request, in: context.language)
        QueueMemory(cookies: parts.cookies).keep(place, on: &response)
        return response
    }

    private func found(_ place: QueueMemory.Place, _ context: MerchantContext) async throws -> Found {
        let member = context.member
        let merchant = context.merchant
        let desk = parts.desk
        let now = desk.clock()
        return try await desk.store.read { sql in
            let person = try StaffPerson.read(member, desk.seals, sql)
            let query = QueueQuery(merchant: merchant, member: member, today: person.zone.day(now), now: now)
            var names = StaffNames(desk.seals, sql)
            var page = QueueQuery.Page(lines: [], next: nil)
            if let search = place.filter.search {
                let results = try CaseSearch(scope: .merchant(merchant), desk: desk).find(search, sql)
                page = QueueQuery.Page(lines: results.map(\.line), next: nil)
            } else {
                page = try query.page(place.filter, after: place.key, sql)
            }
            let lines = try page.lines.map { ($0, try names.short($0.assigneeID)) }
            return Found(person: person, counts: try query.counts(sql), lines: lines, next: page.next)
        }
    }

    private func view(_ place: QueueMemory.Place, _ found: Found, _ context: MerchantContext) -> QueueView {
        let phrases = parts.phrases(context)
        let clock = StaffClock(found.person.zone, now: parts.desk.clock(), phrases)
        let writer = QueueWriter(phrases: phrases, clock: clock, filter: place.filter)
        let searched = place.filter.search.map { _ in
            phrases.text("staff.queue.found", ["count": String(found.lines.count)])
        }
        return QueueView(
            frame: found.person.frame(phrases, switching: place.address, .queue), tabs: writer.tabs(found.counts),
            filters: writer.filters, lines: found.lines.map { writer.line($0, assignee: $1) },
            hasLines: !found.lines.isEmpty, nextAddress: found.next.map { place.filter.address(after: $0) },
            firstAddress: place.key.map { _ in place.filter.address },
            savedNote: place.filter.query.isEmpty ? nil : phrases.text("staff.queue.saved"), searched: searched)
    }
}
