import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Makes the answer of a reviewer's case page, fresh or after a form that did not fit.
struct ReviewPage<Context: CaseContext> {
    let parts: PortalParts
    let request: Request
    let context: Context

    private struct Read: Sendable {
        let person: StaffPerson
        let file: CaseFile
        let policy: Policy
        let next: CaseLine?
    }

    /// The case alone.
    func file(_ number: CaseNumber) async throws -> CaseFile {
        let desk = parts.desk
        let scope = context.scope
        return try await desk.store.read { sql in
            var query = CaseFileQuery(desk, sql)
            return try query.read(number, in: scope)
        }
    }

    /// - Parameter overtaken: the version that the person's page had, when the case went on meanwhile.
    func answer(
        _ status: HTTPResponse.Status, act: DecisionAct? = nil, typed: TypedDecision? = nil,
        note: NotePanel.Typed? = nil, overtaken: Int64? = nil
    ) async throws -> Response {
        let number = try context.caseNumber()
        let place = QueueMemory(cookies: parts.cookies).place(request)
        let read = try await read(number, place)
        let phrases = parts.phrases(context)
        let clock = StaffClock(read.file.merchant.zone, now: parts.desk.clock(), phrases)
        let desk = Context.desk
        let (folder, address) = (desk.folder(number.text), desk.review(number.text))
        let limits = DecisionLimits(
            file: read.file, member: context.member, policy: read.policy, now: parts.desk.clock(),
            phrases: phrases)
        let commands = limits.commands
        let writer = CasePanelWriter(
            file: read.file, clock: clock, phrases: phrases, address: folder, caseAddress: desk.review,
            downloads: Permissions.allow(context.member.role, .get, desk.folder("{number}") + "/proof/{id}"),
            judges: limits.judgesProof)
        let forms = DecisionFormWriter(
            file: read.file, phrases: phrases, clock: clock, policy: read.policy, folder: folder, page: address,
            chosen: typed?.act ?? act, typed: typed)
        let facts = limits.facts
        let mayWrite = Permissions.allow(context.member.role, .post, desk.folder("{number}") + "/note")
        let view = ReviewView(
            frame: read.person.frame(phrases, switching: address, desk.area),
            problems: Problems(typed?.fault ?? note?.fault, phrases),
            changed: overtaken.map { ChangedWriter(phrases).changed(writer, since: $0, read.file) },
            back: desk == .merchant ? place.address : Paths.supportQueue,
            next: read.next.map { ReviewView.Next(number: $0.number, address: desk.review($0.number)) },
            file: writer.panels, backName: phrases.text("staff.back.queue"), cannot: facts,
            hasCannot: !facts.isEmpty,
            process: ProcessWriter(file: read.file, clock: clock, phrases: phrases, folder: folder).panel(commands),
            decision: forms.panel(commands),
            notes: mayWrite
                ? NotePanel(
                    action: "\(folder)/note", version: read.file.version, contact: read.file.contact, typed: note,
                    phrases) : nil)
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }

    private func read(_ number: CaseNumber, _ place: QueueMemory.Place) async throws -> Read {
        let desk = parts.desk
        let member = context.member
        let scope = context.scope
        let now = desk.clock()
        return try await desk.store.read { sql in
            var query = CaseFileQuery(desk, sql)
            let file = try query.read(number, in: scope)
            let person = try StaffPerson.read(member, desk.seals, sql)
            var next: CaseLine?
            if case .merchant(let merchant) = scope, place.filter.search == nil {
                let queue = QueueQuery(merchant: merchant, member: member, today: person.zone.day(now), now: now)
                next = try queue.next(place.filter, after: QueueKey(due: file.due.day.iso, id: file.id), sql)
            }
            return Read(person: person, file: file, policy: try desk.policy(ofCase: file.id, sql), next: next)
        }
    }
}

/// What changed since a page was made, for somebody who came too late with it.
struct ChangedWriter {
    private let phrases: Phrases

    init(_ phrases: Phrases) {
        self.phrases = phrases
    }

    static var keys: [String] { ["staff.changed.events", "staff.changed.silent", "staff.changed.not-now"] }

    func changed(_ writer: CasePanelWriter, since version: Int64, _ file: CaseFile) -> ReviewView.Changed {
        let items = writer.changes(since: version)
        if version >= file.version {
            let state = CaseWords(phrases).state(file.state)
            return ReviewView.Changed(text: phrases.text("staff.changed.not-now", ["state": state]), items: [])
        }
        return ReviewView.Changed(
            text: phrases.text(items.isEmpty ? "staff.changed.silent" : "staff.changed.events"), items: items)
    }
}
