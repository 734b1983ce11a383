import Hummingbird
import Logging
import Proofs
import RefundDesk
import RefundDomain
import Storage
import Web

/// Turns what a page did not show itself into the answer that fits: refusals become 404, 409 or 429, a database that
/// cannot answer, or a disk that takes no more files, becomes 503.
struct RefusalAnswers: RouterMiddleware {
    /// How long people are asked to wait for what mends itself, such as a database that starts again, in seconds.
    static let retrySoonSeconds = 10
    /// How long they are asked to wait for what somebody has to mend, in seconds.
    static let retryAfterSeconds = 120

    func handle(
        _ request: Request, context: PortalContext, next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let refusal as Refusal {
            throw refusal.answer
        } catch let fault as StoreFault where fault.isPassing {
            context.logger.error(
                "store", metadata: ["endpoint": "\(context.endpointPath ?? "none")", "error": "\(fault)"])
            throw fault.answer
        } catch let fault as ProofStoreFault where fault.isPassing {
            context.logger.error(
                "proof store", metadata: ["endpoint": "\(context.endpointPath ?? "none")", "error": "\(fault)"])
            throw RequestFault.unavailable(retryAfterSeconds: RefusalAnswers.retryAfterSeconds)
        }
    }
}

extension Refusal {
    /// The error page of a refusal that no form can show.
    var answer: any Error {
        switch self {
        case .notFound, .notAllowed: RequestFault.notFound
        case .tooMany(let seconds): RequestFault.tooMany(retryAfterSeconds: Int(seconds))
        case .tooMuchProof: RequestFault.tooLarge
        case .stale, .notNow, .ineligible, .aboveMost, .onlyWhole, .makerMayNotDecide, .aboveLimit, .alreadyThere,
            .blocked, .moneyNotNow, .proposalOpen, .tooEarly, .channelCannot, .limited, .decidedBefore, .firstApprover,
            .notYours, .undoOver, .belowApproved:
            HTTPError(.conflict)
        case .proofNeeded, .contactUnproved, .stepMissing, .wrongCode, .codeExpired, .checkMissing, .field,
            .consentMissing:
            HTTPError(.unprocessableContent)
        }
    }

    /// The refusal as words beside a field, when the person can put it right there; nil when another page has to tell.
    ///
    /// - Parameter prefix: where the page keeps its words: `<prefix>.<field>.missing`, `<prefix>.amount.too-much`, …
    func onForm(_ prefix: String) -> FormFault? {
        switch self {
        case .field(let name, let fault): FormFault([Web.FieldFault(name, "\(prefix).\(name).\(fault.word)")])
        case .aboveMost(let most):
            FormFault([Web.FieldFault("amount", "\(prefix).amount.too-much", ["most": most.text])])
        case .limited(let most, let ceiling):
            FormFault([
                Web.FieldFault("amount", "\(prefix).amount.too-much.\(ceiling.rawValue)", ["most": most.text])
            ])
        case .onlyWhole(let whole):
            FormFault([Web.FieldFault("portion", "\(prefix).portion.only-whole", ["whole": whole.text])])
        case .ineligible(.belowLeast(let least, _)):
            FormFault([Web.FieldFault("amount", "\(prefix).amount.too-little", ["least": least.text])])
        case .wrongCode(let left):
            FormFault([Web.FieldFault("code", "\(prefix).code.wrong", ["left": String(left)])])
        case .codeExpired: FormFault([Web.FieldFault("code", "\(prefix).code.expired")])
        case .proofNeeded: FormFault([Web.FieldFault("file", "\(prefix).file.missing")])
        case .tooMuchProof: FormFault([Web.FieldFault("file", "\(prefix).file.too-much")])
        case .notFound, .stale, .notNow, .ineligible, .contactUnproved, .stepMissing, .tooMany, .notAllowed,
            .makerMayNotDecide, .aboveLimit, .checkMissing, .alreadyThere, .blocked, .moneyNotNow, .proposalOpen,
            .tooEarly, .channelCannot, .decidedBefore, .firstApprover, .notYours, .undoOver, .consentMissing,
            .belowApproved:
            nil
        }
    }
}

extension RefundDesk.FieldFault {
    /// The last part of the words' key.
    var word: String {
        switch self {
        case .missing: "missing"
        case .tooLong: "too-long"
        case .unreadable: "unreadable"
        case .tooShort: "too-short"
        case .notOffered: "not-offered"
        }
    }
}

extension StoreFault {
    /// Whether the database may well answer again without anybody changing the program.
    var isPassing: Bool {
        switch self {
        case .full, .inputOutput, .busy, .readOnly, .unreachable, .clockApart, .commitUnknown: true
        case .corrupt, .cannotOpen, .constraint, .missingColumn, .unexpectedNull, .wrongKind, .schemaNewer,
            .migrationChanged, .schemaOlder, .other:
            false
        }
    }

    /// The error page of a fault that passes.
    fileprivate var answer: RequestFault {
        switch self {
        case .commitUnknown: .unsure(retryAfterSeconds: RefusalAnswers.retrySoonSeconds)
        case .busy, .unreachable: .unavailable(retryAfterSeconds: RefusalAnswers.retrySoonSeconds)
        case .full, .inputOutput, .readOnly, .clockApart, .corrupt, .cannotOpen, .constraint, .missingColumn,
            .unexpectedNull, .wrongKind, .schemaNewer, .migrationChanged, .schemaOlder, .other:
            .unavailable(retryAfterSeconds: RefusalAnswers.retryAfterSeconds)
        }
    }
}

extension ProofStoreFault {
    /// Whether the store may well work again without anybody changing the program.
    fileprivate var isPassing: Bool {
        switch self {
        case .full, .system: true
        case .missing, .exists, .damaged: false
        }
    }
}
