import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// Proof, as the reason demands: upload, list, remove, go on.
struct ProofRoutes: Sendable {
    private let parts: PortalParts
    private let steps: RequestSteps
    private let upload: ProofUpload

    init(_ parts: PortalParts) {
        self.parts = parts
        steps = RequestSteps(parts.desk)
        upload = ProofUpload(parts.proofStore)
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.proof), use: show)
        router.post(RouterPath(Paths.proof), use: change)
        router.get(RouterPath("\(Paths.proof)/:id/pages/:page"), use: showPage)
    }

    /// A drawn page of a file of the draft.
    @Sendable private func showPage(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (id, page) = try context.proofPage()
        guard let visitor = context.visitorToken else { throw RequestFault.notFound }
        let opened = try await parts.desk.openProofPage(page, of: id, visitor: visitor)
        return try await ProofPictures.answer(opened, in: parts.proofStore, to: request)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        switch try await steps.standing(at: .proof, context) {
        case .elsewhere(let path): return Pages.redirect(to: path)
        case .here(let draft, _): return try page(draft, kind: nil, nil, .ok, request, context)
        }
    }

    /// The form with files uploads, and goes on when that button was pressed; the others remove, or only go on.
    @Sendable private func change(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard case .here(let draft, let visitor) = try await steps.standing(at: .proof, context) else {
            return Pages.redirect(to: Paths.request)
        }
        if request.headers[.contentType]?.hasPrefix("multipart/") == true {
            return try await add(to: draft, visitor, request, context)
        }
        let fields = try await FormFields.read(request)
        if let id = fields.text("remove") {
            await upload.discard(try await parts.desk.removeProof(id, visitor: visitor))
            return Pages.redirect(to: Paths.proof)
        }
        if !ProofRoutes.mayGoOn(draft) {
            return try page(
                draft, kind: nil, Refusal.proofNeeded.onForm(ProofUpload.prefix), .unprocessableContent,
                request, context)
        }
        return Pages.redirect(to: try await steps.next(after: .proof, visitor: visitor))
    }

    private func add(
        to draft: Draft, _ visitor: String, _ request: Request, _ context: PortalContext
    ) async throws -> Response {
        let room = try await parts.desk.proofRoom(visitor: visitor)
        var outcome = try await upload.read(request, room: room)
        for (place, proof) in outcome.proofs.enumerated() {
            do {
                try await parts.desk.addProof(proof, visitor: visitor)
            } catch {
                await upload.discard(Array(outcome.proofs.dropFirst(place)), after: error)
                throw error
            }
        }
        let now = try await parts.desk.draft(of: visitor) ?? draft
        let goesOn = outcome.fields.text("continue") != nil && ProofRoutes.mayGoOn(now)
        if outcome.proofs.isEmpty, outcome.fault == nil, !goesOn {
            outcome.fault = Refusal.proofNeeded.onForm(ProofUpload.prefix)
        }
        guard let fault = outcome.fault else {
            return Pages.redirect(to: goesOn ? try await steps.next(after: .proof, visitor: visitor) : Paths.proof)
        }
        return try page(
            now, kind: outcome.fields.text("kind"), fault,
            outcome.isTooLarge ? .contentTooLarge : .unprocessableContent,
            request, context)
    }

    /// Whether the reason's demand is met.
    private static func mayGoOn(_ draft: Draft) -> Bool {
        draft.proofDemand?.isDemanded != true || draft.proofs.contains(where: \.counts)
    }

    private func page(
        _ draft: Draft, kind: String?, _ fault: FormFault?, _ status: HTTPResponse.Status, _ request: Request,
        _ context: PortalContext
    ) throws -> Response {
        let view = ProofView(
            draft, scans: parts.scansUploads, kind: kind, fault, parts.phrases(context),
            frame: parts.frame(request, context, of: draft))
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }
}
