import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Makes the answer of a reviewer's case page, fresh or after a form that did not fit.
struct ReviewPage {
    let parts: PortalParts
    let request: Request
    let context: MerchantContext

    static var keys: [String] { ["staff.changed.events", "staff.changed.silent", "staff.changed.not-now"] }

    private struct Read: Sendable {
        let person: StaffPerson
        let file: CaseFile
        let policy: Policy
        let next: CaseLine?
    }

    /// The case alone.
    func file(_ number: CaseNumber) async throws -> CaseFile {
        let desk = parts.desk
        let scope = CaseScope.merchant(context.merchant)
        return try await desk.store.read { sql in
            var query = CaseFileQuery(desk.seals, sql)
            return try query.read(number, in: scope)
        }
    }

    /// - Parameter overtaken: the version that the person's page had, when the case went on meanwhile.
    func answer(
        _ status: HTTPResponse.Status, act: DecisionAct = .approve, typed: TypedDecision? = nil,
        note: NotePanel.Typed? = nil, overtaken: Int64? = nil
    ) async throws -> Response {
        let number = try context.caseNumber()
        let place = QueueMemory(cookies: parts.cookies).place(request)
        let read = try await read(number, place)
        let phrases = parts.phrases(context)
        let clock = StaffClock(read.file.merchant.zone, now: parts.desk.clock(), phrases)
        let address = Paths.merchantCase(number)
        let writer = CasePanelWriter(
            file: read.file, clock: clock, phrases: phrases, address: address,
            caseAddress: { "/merchant/cases/\($0)" })
        let limits = DecisionLimits(
            file: read.file, member: context.member, policy: read.policy, phrases: phrases)
        let forms = DecisionFormWriter(
            file: read.file, phrases: phrases, clock: clock, policy: read.policy, address: address,
            chosen: typed?.act ?? act, typed: typed)
        let facts = limits.facts
        let mayWrite = Permissions.allow(context.member.role, .post, "/merchant/cases/{number}/note")
        let view = ReviewView(
            frame: read.person.frame(phrases, switching: address, .queue),
            problems: Problems(typed?.fault ?? note?.fault, phrases),
            changed: overtaken.map { changed(writer, since: $0, read.file, phrases) }, back: place.address,
            next: read.next.map { ReviewView.Next(number: $0.number, address: "/merchant/cases/\($0.number)") },
            file: writer.panels, cannot: facts, hasCannot: !facts.isEmpty, decision: forms.panel(limits.commands),
            notes: mayWrite
                ? NotePanel(
                    action: "\(address)/note", version: read.file.version, contact: read.file.contact, typed: note,
                    phrases) : nil)
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }

    private func read(_ number: CaseNumber, _ place: QueueMemory.Place) async throws -> Read {
        let desk = parts.desk
        let member = context.member
        let merchant = context.merchant
        let now = desk.clock()
        return try await desk.store.read { sql in
            var query = CaseFileQuery(desk.seals, sql)
            let file = try query.read(number, in: .merchant(merchant))
            let person = try StaffPerson.read(member, desk.seals, sql)
            let queue = QueueQuery(merchant: merchant, member: member, today: person.zone.day(now), now: now)
            let next =
                place.filter.search == nil
                ? try queue.next(place.filter, after: QueueKey(due: file.due.day.iso, id: file.id), sql) : nil
            return Read(person: person, file: file, policy: try desk.policy(ofCase: file.id, sql), next: next)
        }
    }

    private func changed(
        _ writer: CasePanelWriter, since version: Int64, _ file: CaseFile, _ phrases: Phrases
    ) -> ReviewView.Changed {
        let items = writer.changes(since: version)
        if version >= file.version {
            let state = CaseWords(phrases).state(file.state)
            return ReviewView.Changed(text: phrases.text("staff.changed.not-now", ["state": state]), items: [])
        }
        return ReviewView.Changed(
            text: phrases.text(items.isEmpty ? "staff.changed.silent" : "staff.changed.events"), items: items)
    }
}
