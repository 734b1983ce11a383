import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Makes the support desk's page of a case, fresh or after a form that did not fit.
struct SupportPage {
    let parts: PortalParts
    let request: Request
    let context: SupportContext

    struct Read: Sendable {
        let person: StaffPerson
        let file: CaseFile
        let more: SupportFile
    }

    func read() async throws -> Read {
        let number = try context.caseNumber()
        let desk = parts.desk
        let member = context.member
        let scope = context.scope
        return try await desk.store.read { sql in
            var query = CaseFileQuery(desk, sql)
            let file = try query.read(number, in: scope)
            return Read(
                person: try StaffPerson.read(member, desk.seals, sql), file: file,
                more: try SupportFile.read(file, desk.seals, sql))
        }
    }

    /// - Parameter overtaken: the version that the person's page had, when the case went on meanwhile.
    func answer(
        _ status: HTTPResponse.Status, note: NotePanel.Typed? = nil, typed: TypedAction? = nil,
        overtaken: Int64? = nil
    ) async throws -> Response {
        let read = try await read()
        let phrases = parts.phrases(context)
        let clock = StaffClock(read.file.merchant.zone, now: parts.desk.clock(), phrases)
        let number = read.file.number
        let address = Paths.supportCase(number)
        let panels = CasePanelWriter(
            file: read.file, clock: clock, phrases: phrases, address: address,
            caseAddress: { "\(Paths.supportCases)/\($0)" },
            downloads: Permissions.allow(context.member.role, .get, Paths.supportCases + "/{number}/proof/{id}"))
        let writer = SupportWriter(phrases: phrases, clock: clock)
        let actions = SupportActionWriter(
            file: read.file, more: read.more, member: context.member, clock: clock, phrases: phrases, typed: typed,
            contacts: panels.history { $0.what == "bank.contacted" })
        let decides = Permissions.allow(context.member.role, .get, CaseDesk.support.review("{number}"))
        let hold = writer.hold(read.file.hold)
        let process = ProcessWriter(
            file: read.file, clock: clock, phrases: phrases, folder: CaseDesk.support.folder(number.text))
        let view = SupportCaseView(
            frame: read.person.frame(phrases, switching: address, .support),
            problems: Problems(note?.fault ?? typed?.fault, phrases),
            changed: overtaken.map { ChangedWriter(phrases).changed(panels, since: $0, read.file) },
            back: Paths.supportCases, review: decides ? CaseDesk.support.review(number.text) : nil,
            file: panels.panels, process: process.panel([]), hold: hold, hasHold: !hold.isEmpty,
            attempts: read.more.attempts.map(writer.attempt), hasAttempts: !read.more.attempts.isEmpty,
            ledgers: LedgerWriter(phrases: phrases, clock: clock).ledgers(read.more.postings),
            messages: read.more.messages.map(writer.message), actions: actions.actions,
            notes: NotePanel(
                action: "\(address)/note", version: read.file.version, contact: read.file.contact, typed: note,
                phrases))
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }
}
