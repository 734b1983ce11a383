import Hummingbird
import RefundDesk
import Web

/// Where a visitor stands in the request they are writing.
enum Standing {
    /// They may be at the step they asked for.
    case here(Draft, visitor: String)
    /// They have to go somewhere else first.
    case elsewhere(String)
}

/// Keeps the steps of a request in order.
struct RequestSteps: Sendable {
    private let desk: Desk

    init(_ desk: Desk) {
        self.desk = desk
    }

    /// Whether the visitor may be at a step; one that comes too early leads to the first open one.
    func standing(at step: DraftStep, _ context: PortalContext) async throws -> Standing {
        guard let visitor = context.visitorToken, let draft = try await desk.draft(of: visitor) else {
            return .elsewhere(Paths.find)
        }
        guard draft.caseID != nil else {
            let isFiled = try await desk.filedCase(of: visitor) != nil
            return .elsewhere(isFiled ? Paths.done : Paths.request)
        }
        guard step.place <= draft.nextStep.place else { return .elsewhere(draft.nextStep.path) }
        return .here(draft, visitor: visitor)
    }

    /// Where a step that worked leads: on through the steps the first time, back to the check page after a change.
    func next(after step: DraftStep, visitor: String) async throws -> String {
        guard let draft = try await desk.draft(of: visitor) else { return Paths.find }
        // Proof that only helps is offered once, on the way.
        if step.place < DraftStep.proof.place, draft.nextStep == .contact { return Paths.proof }
        return draft.nextStep.path
    }
}

extension DraftStep {
    /// Where the step stands in the order of the journey.
    var place: Int { DraftStep.allCases.firstIndex(of: self) ?? 0 }

    /// The step's page.
    var path: String {
        switch self {
        case .reason: Paths.reason
        case .amount: Paths.amount
        case .proof: Paths.proof
        case .contact: Paths.contact
        case .code: Paths.code
        case .check: Paths.check
        }
    }
}

extension PortalParts {
    /// The frame of a page about a draft, under the merchant's name.
    func frame(_ request: Request, _ context: PortalContext, of draft: Draft) -> Frame {
        frame(request, context, brand: merchant(draft, context))
    }

    /// The merchant's name in the visitor's language.
    func merchant(_ draft: Draft, _ context: PortalContext) -> String {
        context.language.name(draft.payment.merchantName, draft.payment.merchantNameEnglish)
    }
}
