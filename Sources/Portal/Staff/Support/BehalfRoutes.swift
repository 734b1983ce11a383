import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The support desk asks a cardholder, or answers, withdraws and appeals for one who agreed to it.
struct BehalfRoutes: Sendable {
    let parts: PortalParts
    private let upload: ProofUpload

    init(parts: PortalParts) {
        self.parts = parts
        upload = ProofUpload(parts.proofStore)
    }

    func add(to routes: some RouterMethods<SupportContext>) {
        let folder = CaseDesk.support.folder("{number}")
        for act in BehalfAct.allCases {
            routes.get(RouterPath("\(folder)/\(act.path)")) { request, context in
                try await show(act, request, context)
            }
            routes.post(RouterPath("\(folder)/\(act.path)")) { request, context in
                try await perform(act, request, context)
            }
        }
    }

    private func show(_ act: BehalfAct, _ request: Request, _ context: SupportContext) async throws -> Response {
        let page = SupportPage(parts: parts, request: request, context: context)
        let read = try await page.read()
        guard BehalfAct.all(of: read.file, for: context.member.role, at: parts.desk.clock()).contains(act) else {
            return try await page.answer(.conflict, overtaken: read.file.version)
        }
        return try await form(act, read, .ok, request, context)
    }

    private func perform(
        _ act: BehalfAct, _ request: Request, _ context: SupportContext
    ) async throws -> Response {
        let page = SupportPage(parts: parts, request: request, context: context)
        let read = try await page.read()
        let outcome = try await received(act, read.file.number, request, context)
        do {
            let version = try outcome.fields.version()
            if let fault = outcome.fault { throw fault }
            guard version == read.file.version else { throw Refusal.stale(version: read.file.version) }
            if let fault = BehalfRoutes.missing(act, outcome) { throw fault }
            try await run(act, read.file.number, outcome, version, by: context.member)
            return Pages.redirect(to: Paths.supportCase(read.file.number) + "#do")
        } catch {
            await upload.discard(outcome.proofs, after: error, together: true)
            guard let fault = BehalfRoutes.fault(error, of: act) else {
                guard let refusal = error as? Refusal, refusal.isOvertaken else { throw error }
                let seen = (try? outcome.fields.version()) ?? 0
                return try await page.answer(.conflict, overtaken: seen)
            }
            return try await form(act, read, outcome.status, request, context, outcome.fields, fault)
        }
    }

    private func run(
        _ act: BehalfAct, _ number: CaseNumber, _ outcome: ProofUpload.Outcome, _ version: Int64,
        by member: StaffMember
    ) async throws {
        let fields = outcome.fields
        let words = fields.text(act.field) ?? ""
        let claimant = Claimant.agent(OnBehalf(staff: member, consent: fields.text("consent") == "yes"))
        let desk = parts.desk
        switch act {
        case .question:
            let items = Set(fields.list("items").compactMap { ProofKind(rawValue: $0) })
            let due = try BehalfRoutes.day(fields)
            try await desk.ask(
                number, items: items, question: words, dueOn: due, version: version, by: member)
        case .answer:
            try await desk.answer(number, text: words, proofs: outcome.proofs, version: version, by: claimant)
        case .withdraw: try await desk.withdraw(number, reason: words, version: version, by: claimant)
        case .appeal:
            try await desk.appeal(number, grounds: words, proofs: outcome.proofs, version: version, by: claimant)
        }
    }

    private func received(
        _ act: BehalfAct, _ number: CaseNumber, _ request: Request, _ context: SupportContext
    ) async throws -> ProofUpload.Outcome {
        guard act.takesFiles, request.headers[.contentType]?.hasPrefix("multipart/") == true else {
            return ProofUpload.Outcome(fields: try await FormFields.read(request))
        }
        return try await upload.read(request, room: parts.desk.proofRoom(of: number, by: context.member))
    }

    private func form(
        _ act: BehalfAct, _ read: SupportPage.Read, _ status: HTTPResponse.Status, _ request: Request,
        _ context: SupportContext, _ fields: FormFields? = nil, _ fault: FormFault? = nil
    ) async throws -> Response {
        let phrases = parts.phrases(context)
        let desk = parts.desk
        let policy = try await desk.store.read { sql in try desk.policy(ofCase: read.file.id, sql) }
        let writer = BehalfWriter(
            act: act, file: read.file, policy: policy,
            clock: StaffClock(read.file.merchant.zone, now: desk.clock(), phrases), phrases: phrases,
            fields: fields, fault: fault)
        let address = "\(Paths.supportCase(read.file.number))/\(act.path)"
        let view = writer.view(frame: read.person.frame(phrases, switching: address, .support))
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }

    /// What went wrong as words beside a field; nil where another page has to tell.
    private static func fault(_ error: any Error, of act: BehalfAct) -> FormFault? {
        if let fault = error as? FormFault { return fault }
        guard let refusal = error as? Refusal else { return nil }
        func told(_ field: String, _ key: String) -> FormFault {
            FormFault([Web.FieldFault(field, "\(BehalfWriter.prefix).\(key)")])
        }
        switch refusal {
        case .consentMissing: return told("consent", "consent.missing")
        case .aboveMost, .ineligible, .blocked, .limited:
            return act == .answer || act == .appeal ? told(act.field, "\(act.field).gone") : nil
        case .tooMuchProof: return refusal.onForm(ProofUpload.prefix)
        case .field: return refusal.onForm(BehalfWriter.prefix)
        case .notFound, .stale, .notNow, .onlyWhole, .proofNeeded, .contactUnproved, .stepMissing, .wrongCode,
            .codeExpired, .tooMany, .notAllowed, .makerMayNotDecide, .aboveLimit, .checkMissing, .alreadyThere,
            .moneyNotNow, .proposalOpen, .tooEarly, .channelCannot, .decidedBefore, .firstApprover, .notYours,
            .undoOver, .belowApproved:
            return nil
        }
    }

    /// Everything that the form left empty, told at once; nil when nothing is.
    private static func missing(_ act: BehalfAct, _ outcome: ProofUpload.Outcome) -> FormFault? {
        var names: [String] = []
        let isEmpty = outcome.fields.text(act.field) == nil
        if isEmpty, act != .withdraw, outcome.proofs.isEmpty || act != .answer { names.append(act.field) }
        if act.needsConsent, outcome.fields.text("consent") != "yes" { names.append("consent") }
        let faults = names.map { Web.FieldFault($0, "\(BehalfWriter.prefix).\($0).missing") }
        return faults.isEmpty ? nil : FormFault(faults)
    }

    private static func day(_ fields: FormFields) throws(FormFault) -> Day? {
        guard let text = fields.text("due") else { return nil }
        guard let day = Day(iso: text) else {
            throw FormFault([Web.FieldFault("due", "\(BehalfWriter.prefix).due.unreadable")])
        }
        return day
    }
}
