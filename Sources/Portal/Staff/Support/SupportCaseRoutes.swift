import Hummingbird
import RefundDesk
import RefundDomain
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
        try await SupportPage(parts: parts, request: request, context: context).answer(.ok)
    }

    func note(_ request: Request, _ context: SupportContext) async throws -> Response {
        let number = try context.caseNumber()
        let note = try NotePost(try await FormFields.read(request))
        let page = SupportPage(parts: parts, request: request, context: context)
        if let text = note.text, note.visibility == .public, !note.isConfirmed {
            return try await confirm(text, page, request, context)
        }
        do {
            try await parts.desk.addNote(
                number, text: note.text ?? "", visibility: note.visibility, version: note.version, by: context.member)
            return Pages.redirect(to: Paths.supportCase(number) + "#notes")
        } catch let refusal as Refusal {
            let fault = note.fault(refusal)
            let typed = NotePanel.Typed(visibility: note.visibility, text: note.text, fault: fault ?? FormFault([]))
            if fault != nil { return try await page.answer(.unprocessableContent, note: typed) }
            guard refusal.isOvertaken else { throw refusal }
            return try await page.answer(.conflict, note: typed, overtaken: note.version)
        }
    }

    /// Asks once more before the cardholder gets the note, and says who gets it.
    private func confirm(
        _ text: String, _ page: SupportPage, _ request: Request, _ context: SupportContext
    ) async throws -> Response {
        let read = try await page.read()
        let phrases = parts.phrases(context)
        let address = Paths.supportCase(read.file.number)
        let frame = read.person.frame(phrases, switching: address, .support)
        let view = try NoteConfirmView(read.file, text: text, frame: frame, back: address, phrases)
        return try parts.pages.html(view, to: request, in: context.language)
    }
}
