import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// A case at the support desk, and notes on it.
struct SupportCaseRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<SupportContext>) {
        routes.get("/support/cases/{number}", use: show)
        routes.post("/support/cases/{number}/note", use: note)
    }

    func show(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await answer(.ok, request, context)
    }

    func note(_ request: Request, _ context: SupportContext) async throws -> Response {
        let number = try context.caseNumber()
        let note = try NotePost(try await FormFields.read(request))
        if let text = note.text, note.visibility == .public, !note.isConfirmed {
            return try await confirm(text, number, request, context)
        }
        do {
            try await parts.desk.addNote(
                number, text: note.text ?? "", visibility: note.visibility, version: note.version, by: context.member)
            return Pages.redirect(to: Paths.supportCase(number) + "#notes")
        } catch let refusal as Refusal {
            let fault = note.fault(refusal)
            let typed = NotePanel.Typed(visibility: note.visibility, text: note.text, fault: fault ?? FormFault([]))
            if fault != nil { return try await answer(.unprocessableContent, request, context, typed: typed) }
            guard refusal.isOvertaken else { throw refusal }
            return try await answer(.conflict, request, context, typed: typed, overtaken: note.version)
        }
    }

    /// Asks once more before the cardholder gets the note, and says who gets it.
    private func confirm(
        _ text: String, _ number: CaseNumber, _ request: Request, _ context: SupportContext
    ) async throws -> Response {
        let read = try await read(number, context)
        let phrases = parts.phrases(context)
        let frame = read.person.frame(phrases, switching: Paths.supportCase(number), .support)
        let view = try NoteConfirmView(
            read.file, text: text, frame: frame, back: Paths.supportCase(number), phrases)
        return try parts.pages.html(view, to: request, in: context.language)
    }

    private struct Read: Sendable {
        let person: StaffPerson
        let file: CaseFile
        let more: SupportFile
    }

    private func read(_ number: CaseNumber, _ context: SupportContext) async throws -> Read {
        let desk = parts.desk
        let member = context.member
        let scope = CaseScope.every(context.everyMerchant)
        return try await desk.store.read { sql in
            var query = CaseFileQuery(desk.seals, sql)
            let file = try query.read(number, in: scope)
            return Read(
                person: try StaffPerson.read(member, desk.seals, sql), file: file,
                more: try SupportFile.read(file.id, sql))
        }
    }

    private func answer(
        _ status: HTTPResponse.Status, _ request: Request, _ context: SupportContext, typed: NotePanel.Typed? = nil,
        overtaken: Int64? = nil
    ) async throws -> Response {
        let number = try context.caseNumber()
        let read = try await read(number, context)
        let phrases = parts.phrases(context)
        let clock = StaffClock(read.file.merchant.zone, now: parts.desk.clock(), phrases)
        let address = Paths.supportCase(number)
        let panels = CasePanelWriter(
            file: read.file, clock: clock, phrases: phrases, address: address,
            caseAddress: { "\(Paths.supportCases)/\($0)" })
        let writer = SupportWriter(phrases: phrases, clock: clock)
        let hold = writer.hold(read.file.hold)
        let view = SupportCaseView(
            frame: read.person.frame(phrases, switching: address, .support),
            problems: Problems(typed?.fault, phrases),
            changed: overtaken.map { version in
                ReviewView.Changed(
                    text: phrases.text("staff.changed.events"), items: panels.changes(since: version))
            },
            back: Paths.supportCases, file: panels.panels, hold: hold, hasHold: !hold.isEmpty,
            attempts: read.more.attempts.map(writer.attempt), hasAttempts: !read.more.attempts.isEmpty,
            postings: read.more.postings.map(writer.posting), hasPostings: !read.more.postings.isEmpty,
            messages: read.more.messages.map(writer.message),
            notes: NotePanel(
                action: "\(address)/note", version: read.file.version, contact: read.file.contact, typed: typed,
                phrases))
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }
}
