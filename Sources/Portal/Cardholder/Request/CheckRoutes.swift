import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Vault
import Web

/// Check your answers, and send the request.
struct CheckRoutes: Sendable {
    /// Random bytes of a submission's name.
    private static let submissionBytes = 16

    private let parts: PortalParts
    private let steps: RequestSteps

    init(_ parts: PortalParts) {
        self.parts = parts
        steps = RequestSteps(parts.desk)
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.check), use: show)
        router.post(RouterPath(Paths.check), use: submit)
        router.get(RouterPath(Paths.done), use: done)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        switch try await steps.standing(at: .check, context) {
        case .elsewhere(let path): return Pages.redirect(to: path)
        case .here(let draft, _):
            return try page(draft, submission: try submission(of: draft), nil, request, context)
        }
    }

    /// A new name for sending the draft as the page shows it: random, and then the draft's mark.
    private func submission(of draft: Draft) throws -> String {
        Hex.encode(try parts.desk.chance.bytes(CheckRoutes.submissionBytes)) + draft.mark
    }

    @Sendable private func submit(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard let visitor = context.visitorToken else { return Pages.redirect(to: Paths.find) }
        let submission = fields.text("submission") ?? ""
        do {
            _ = try await parts.desk.fileCase(
                submission: submission, mark: String(submission.dropFirst(2 * CheckRoutes.submissionBytes)),
                termsAccepted: fields.text("accept_terms") == "yes", visitor: visitor)
            return Pages.redirect(to: Paths.done)
        } catch let refusal as Refusal {
            guard case .here(let draft, _) = try await steps.standing(at: .check, context) else {
                return Pages.redirect(to: Paths.done)
            }
            return try answer(refusal, draft, submission: submission, request, context)
        }
    }

    /// What keeps a request from being sent is told where it can be put right.
    private func answer(
        _ refusal: Refusal, _ draft: Draft, submission: String, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        switch refusal {
        case .field("submission", _):
            // The page's own field is gone: begin the page again.
            return Pages.redirect(to: Paths.check)
        case .field: return try page(draft, submission: submission, refusal.onForm(CheckView.prefix), request, context)
        case .stepMissing(let step): return Pages.redirect(to: step.path)
        case .ineligible(.belowLeast): return try amountPage(refusal, draft, request, context)
        case .ineligible: return Pages.redirect(to: Paths.request)
        case .aboveMost, .limited, .onlyWhole: return try amountPage(refusal, draft, request, context)
        case .notFound: return Pages.redirect(to: Paths.done)
        case .stale:
            let fault = FormFault([Web.FieldFault("accept_terms", "\(CheckView.prefix).accept_terms.changed")])
            return try page(
                draft, submission: try self.submission(of: draft), fault, status: .conflict, request, context)
        case .notNow, .proofNeeded, .tooMuchProof, .contactUnproved, .wrongCode, .codeExpired, .tooMany,
            .notAllowed, .makerMayNotDecide, .aboveLimit, .checkMissing, .alreadyThere, .blocked, .moneyNotNow,
            .proposalOpen, .tooEarly, .channelCannot, .decidedBefore, .firstApprover, .notYours, .undoOver,
            .consentMissing, .belowApproved:
            throw refusal
        }
    }

    /// Somebody else asked for part of the payment meanwhile: the amount has to be chosen again.
    private func amountPage(
        _ refusal: Refusal, _ draft: Draft, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        guard case .askable(let most, let onlyWhole, let ceiling) = draft.eligibility else {
            return Pages.redirect(to: Paths.request)
        }
        let view = AmountView(
            most: most, by: ceiling, onlyWhole: onlyWhole, portion: "part", amount: draft.asked?.decimal,
            refusal.onForm(AmountView.prefix), parts.phrases(context),
            frame: parts.frame(request, context, of: draft))
        return try parts.pages.html(view, status: .unprocessableContent, to: request, in: context.language)
    }

    private func page(
        _ draft: Draft, submission: String, _ fault: FormFault?, status: HTTPResponse.Status? = nil,
        _ request: Request, _ context: PortalContext
    ) throws -> Response {
        let view = CheckView(
            draft, arrivesIn: parts.desk.arrivalDays(for: draft.payment.route, draft.able), submission: submission,
            fault, merchant: parts.merchant(draft, context), parts.phrases(context),
            frame: parts.frame(request, context, of: draft))
        let usual: HTTPResponse.Status = fault == nil ? .ok : .unprocessableContent
        return try parts.pages.html(view, status: status ?? usual, to: request, in: context.language)
    }

    @Sendable private func done(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let visitor = context.visitorToken, let filed = try await parts.desk.filedCase(of: visitor) else {
            return Pages.redirect(to: Paths.start)
        }
        let merchant = context.language.name(filed.merchantName, filed.merchantNameEnglish)
        let view = DoneView(
            filed, merchant: merchant, link: parts.origin.text + Paths.link(filed.linkToken), parts.phrases(context),
            frame: parts.frame(request, context, brand: merchant))
        return try parts.pages.html(view, to: request, in: context.language)
    }
}
