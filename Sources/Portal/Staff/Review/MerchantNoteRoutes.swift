import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Notes of a merchant's people.
struct MerchantNoteRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<MerchantContext>) {
        routes.post("/merchant/cases/{number}/note", use: submit)
    }

    func submit(_ request: Request, _ context: MerchantContext) async throws -> Response {
        let number = try context.caseNumber()
        let note = try NotePost(try await FormFields.read(request))
        let page = ReviewPage(parts: parts, request: request, context: context)
        let file = try await page.file(number)
        if let text = note.text, note.visibility == .public, !note.isConfirmed {
            let phrases = parts.phrases(context)
            let person = try await parts.person(context.member)
            let frame = person.frame(phrases, switching: Paths.merchantCase(number), .queue)
            let view = try NoteConfirmView(
                file, text: text, frame: frame, back: Paths.merchantCase(number), phrases)
            return try parts.pages.html(view, to: request, in: context.language)
        }
        do {
            try await parts.desk.addNote(
                number, text: note.text ?? "", visibility: note.visibility, version: note.version, by: context.member)
            return Pages.redirect(to: Paths.merchantCase(number) + "#notes")
        } catch let refusal as Refusal {
            let typed = NotePanel.Typed(
                visibility: note.visibility, text: note.text, fault: note.fault(refusal) ?? FormFault([]))
            if note.fault(refusal) != nil { return try await page.answer(.unprocessableContent, note: typed) }
            guard refusal.isOvertaken else { throw refusal }
            return try await page.answer(.conflict, note: typed, overtaken: note.version)
        }
    }
}

extension NoteConfirmView {
    /// - Throws: ``RequestFault/notFound`` when the case has nobody to write to.
    init(
        _ file: CaseFile, text: String, frame: StaffFrame, back: String, _ phrases: Phrases
    ) throws(RequestFault) {
        guard let recipient = NotePanel.recipient(file.contact) else { throw .notFound }
        self.init(
            frame: frame, number: file.number.text, recipient: recipient, name: file.contact.name,
            merchantName: file.merchant.name(in: phrases), text: text, action: "\(back)/note",
            version: String(file.version), back: back)
    }
}

extension PortalParts {
    /// Who looks at a page, for its head.
    func person(_ member: StaffMember) async throws -> StaffPerson {
        let seals = desk.seals
        return try await desk.store.read { sql in try StaffPerson.read(member, seals, sql) }
    }
}
