import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// What the owner of a case can do to it. Every form names the version that its page showed.
struct OwnCaseActions: Sendable {
    let parts: PortalParts
    let query: OwnCaseQuery
    let upload: ProofUpload

    init(_ parts: PortalParts) {
        self.parts = parts
        query = OwnCaseQuery(desk: parts.desk)
        upload = ProofUpload(parts.proofStore)
    }

    func add(to router: Router<PortalContext>) {
        router.post("/cases/:number/answer", use: answer)
        router.post("/cases/:number/proof", use: addProof)
        router.post("/cases/:number/withdraw", use: withdraw)
        router.post("/cases/:number/accept-offer", use: acceptOffer)
        router.post("/cases/:number/refuse-offer", use: refuseOffer)
        router.post("/cases/:number/arrived", use: arrived)
        router.post("/cases/:number/not-arrived", use: notArrived)
        router.get("/cases/:number/wrong-amount", use: showAmount)
        router.post("/cases/:number/wrong-amount", use: wrongAmount)
        router.get("/cases/:number/destination", use: showDestination)
        router.post("/cases/:number/destination", use: destination)
        router.get("/cases/:number/appeal", use: showAppeal)
        router.post("/cases/:number/appeal", use: appeal)
    }

    @Sendable private func withdraw(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let fields = try await FormFields.read(request)
        let reason = fields.typed("reason") ?? ""
        let typed = OwnCaseView.Typed(reason: reason)
        return try await attempt(visit, fields, typed, request, context) { version in
            try await parts.desk.withdraw(visit.number, reason: reason, version: version, visitor: visit.visitor)
        }
    }

    @Sendable private func acceptOffer(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let fields = try await FormFields.read(request)
        return try await attempt(visit, fields, OwnCaseView.Typed(), request, context) { version in
            try await parts.desk.acceptOffer(visit.number, version: version, visitor: visit.visitor)
        }
    }

    @Sendable private func refuseOffer(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let fields = try await FormFields.read(request)
        return try await attempt(visit, fields, OwnCaseView.Typed(), request, context) { version in
            try await parts.desk.refuseOffer(visit.number, version: version, visitor: visit.visitor)
        }
    }

    @Sendable private func answer(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let outcome = try await received(request, visit)
        var typed = OwnCaseView.Typed(text: outcome.fields.typed("text"))
        if let fault = outcome.fault {
            await upload.discard(outcome.proofs)
            typed.fault = fault
            return try await again(visit, typed, outcome.isTooLarge, request, context)
        }
        do {
            return try await attempt(visit, outcome.fields, typed, request, context) { version in
                do {
                    try await parts.desk.answer(
                        visit.number, text: typed.text ?? "", proofs: outcome.proofs, version: version,
                        visitor: visit.visitor)
                } catch {
                    await upload.discard(outcome.proofs, after: error, together: true)
                    throw error
                }
            }
        }
    }

    @Sendable private func addProof(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let outcome = try await received(request, visit)
        var fault = outcome.fault
        if fault == nil, outcome.proofs.isEmpty { fault = Refusal.proofNeeded.onForm(ProofUpload.prefix) }
        var version = OwnCaseActions.version(outcome.fields)
        do {
            for (place, proof) in outcome.proofs.enumerated() {
                do {
                    try await parts.desk.addProof(proof, to: visit.number, version: version, visitor: visit.visitor)
                    version += 1
                } catch {
                    await upload.discard(Array(outcome.proofs.dropFirst(place)), after: error)
                    throw error
                }
            }
        } catch let refusal as Refusal {
            return try await answer(refusal, visit, version, OwnCaseView.Typed(), request, context)
        }
        guard let fault else { return Pages.redirect(to: Paths.cases(visit.number)) }
        let wording = parts.wording(try await query.read(visit.number), context)
        let view = OwnProofView(
            wording, viewer: visit.sight.viewer, scans: parts.scansUploads, fault,
            frame: parts.frame(request, context, brand: wording.merchant))
        let status: HTTPResponse.Status = outcome.isTooLarge ? .contentTooLarge : .unprocessableContent
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }

    /// The form, with or without files.
    func received(_ request: Request, _ visit: CaseVisit) async throws -> ProofUpload.Outcome {
        guard request.headers[.contentType]?.hasPrefix("multipart/") == true else {
            return ProofUpload.Outcome(fields: try await FormFields.read(request))
        }
        let room = try await parts.desk.proofRoom(of: visit.number, visitor: visit.visitor)
        return try await upload.read(request, room: room)
    }

    /// How a form's own page shows what is wrong with it; the case page does without one.
    typealias Shown = (FormFault) async throws -> Response

    /// Tries a verb at the version of the form, and shows what came of it.
    func attempt(
        _ visit: CaseVisit, _ fields: FormFields, _ typed: OwnCaseView.Typed, _ request: Request,
        _ context: PortalContext, shown: Shown? = nil, _ verb: (_ version: Int64) async throws -> Void
    ) async throws -> Response {
        let version = OwnCaseActions.version(fields)
        do {
            try await verb(version)
            return Pages.redirect(to: Paths.cases(visit.number))
        } catch let refusal as Refusal {
            return try await answer(refusal, visit, version, typed, request, context, shown)
        }
    }

    private func answer(
        _ refusal: Refusal, _ visit: CaseVisit, _ version: Int64, _ typed: OwnCaseView.Typed, _ request: Request,
        _ context: PortalContext, _ shown: Shown? = nil
    ) async throws -> Response {
        switch refusal {
        case .contactUnproved: return Pages.redirect(to: Paths.track(visit.number))
        case .stale, .notNow, .ineligible, .aboveMost, .blocked, .moneyNotNow:
            let wording = parts.wording(try await query.read(visit.number), context)
            let view = ChangedView(
                wording, since: version, typed: typed.text ?? typed.reason,
                frame: parts.frame(request, context, brand: wording.merchant))
            return try parts.pages.html(view, status: .conflict, to: request, in: context.language)
        case .field, .tooMuchProof, .proofNeeded:
            var isAboutFile = true
            if case .field = refusal { isAboutFile = false }
            let fault = refusal.onForm(isAboutFile ? ProofUpload.prefix : CaseWording.prefix)
            if let shown, let fault { return try await shown(fault) }
            var typed = typed
            typed.fault = fault
            return try await again(visit, typed, false, request, context)
        case .notFound, .onlyWhole, .stepMissing, .wrongCode, .codeExpired, .tooMany, .notAllowed,
            .makerMayNotDecide, .aboveLimit, .checkMissing, .alreadyThere, .proposalOpen, .tooEarly, .channelCannot,
            .limited, .decidedBefore, .firstApprover, .notYours, .undoOver, .consentMissing, .belowApproved:
            throw refusal
        }
    }

    /// The case page once more, with what was typed and what is wrong with it.
    private func again(
        _ visit: CaseVisit, _ typed: OwnCaseView.Typed, _ isTooLarge: Bool, _ request: Request,
        _ context: PortalContext
    ) async throws -> Response {
        let view = parts.ownCase(
            try await query.read(visit.number), viewer: visit.sight.viewer, typed: typed, in: context.language)
        let status: HTTPResponse.Status = isTooLarge ? .contentTooLarge : .unprocessableContent
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }

    /// The version that the form's page showed; a form without one has seen none.
    static func version(_ fields: FormFields) -> Int64 {
        fields.text("version").flatMap { Int64($0) } ?? 0
    }
}
