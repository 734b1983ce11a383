import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// A case on the reviewer's desk and what can be decided about it.
struct ReviewRoutes<Context: CaseContext>: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<Context>) {
        let folder = Context.desk.folder("{number}")
        routes.get(RouterPath(Context.desk.review("{number}")), use: show)
        routes.post(RouterPath("\(folder)/take"), use: take)
        routes.post(RouterPath("\(folder)/approve"), use: approve)
        routes.post(RouterPath("\(folder)/offer"), use: offer)
        routes.post(RouterPath("\(folder)/ask"), use: ask)
        routes.post(RouterPath("\(folder)/decline"), use: decline)
        routes.post(RouterPath("\(folder)/proof-verdict"), use: judgeProof)
    }

    func show(_ request: Request, _ context: Context) async throws -> Response {
        let act = try FormFields.query(request).text(DecisionAct.field).flatMap { DecisionAct(rawValue: $0) }
        let page = ReviewPage(parts: parts, request: request, context: context)
        return try await page.answer(.ok, act: act)
    }

    func take(_ request: Request, _ context: Context) async throws -> Response {
        try await change(request, context, .approve) { number, _, version in
            try await parts.desk.take(number, version: version, by: context.member)
        }
    }

    func approve(_ request: Request, _ context: Context) async throws -> Response {
        try await change(request, context, .approve) { number, input, version in
            try await parts.desk.approve(
                number, amount: try input.amount(), checks: input.checks, note: input.fields.text("note") ?? "",
                version: version, by: context.member)
        }
    }

    func judgeProof(_ request: Request, _ context: Context) async throws -> Response {
        try await change(request, context, .approve) { number, input, version in
            guard let proof = input.fields.text("proof"),
                let verdict = input.fields.text("verdict").flatMap({ ProofVerdict(rawValue: $0) })
            else { throw RequestFault.malformed }
            try await parts.desk.judgeProof(proof, of: number, as: verdict, version: version, by: context.member)
        }
    }

    func offer(_ request: Request, _ context: Context) async throws -> Response {
        try await change(request, context, .offer) { number, input, version in
            let (amount, reason, words) = try DecisionInput.all(
                input.amount, input.reason, { () throws(FormFault) in try input.words("explanation") })
            try await parts.desk.offer(
                number, amount: amount, reason: reason, explanation: words, version: version, by: context.member)
        }
    }

    func ask(_ request: Request, _ context: Context) async throws -> Response {
        try await change(request, context, .ask) { number, input, version in
            let (words, due) = try DecisionInput.all(
                { () throws(FormFault) in try input.words("question") }, input.due)
            try await parts.desk.ask(
                number, items: input.items, question: words, dueOn: due, version: version, by: context.member)
        }
    }

    func decline(_ request: Request, _ context: Context) async throws -> Response {
        try await change(request, context, .decline) { number, input, version in
            let (reason, words, remedy) = try DecisionInput.all(
                input.reason, { () throws(FormFault) in try input.words("explanation") }, input.remedy)
            try await parts.desk.decline(
                number, reason: reason, explanation: words, remedy: remedy, version: version, by: context.member)
        }
    }

    /// Runs a verb for a form: 303 to the case when it worked, 422 beside the field, 409 with what changed.
    func change(
        _ request: Request, _ context: Context, _ act: DecisionAct,
        _ verb: (CaseNumber, DecisionInput, Int64) async throws -> Void
    ) async throws -> Response {
        let number = try context.caseNumber()
        let fields = try await FormFields.read(request)
        let version = try fields.version()
        let page = ReviewPage(parts: parts, request: request, context: context)
        let file = try await page.file(number)
        do {
            guard file.version == version else { throw Refusal.stale(version: file.version) }
            let input = DecisionInput(fields: fields, currency: file.request.amount.currency)
            try await verb(number, input, version)
            return Pages.redirect(to: Context.desk.review(number.text))
        } catch let fault as FormFault {
            return try await page.answer(
                .unprocessableContent, typed: TypedDecision(act: act, fields: fields, fault: fault))
        } catch let refusal as Refusal {
            if let fault = DecisionInput.fault(refusal) {
                return try await page.answer(
                    .unprocessableContent, typed: TypedDecision(act: act, fields: fields, fault: fault))
            }
            guard refusal.isOvertaken else { throw refusal }
            return try await page.answer(
                .conflict, typed: TypedDecision(act: act, fields: fields, fault: nil), overtaken: version)
        }
    }
}

extension Refusal {
    /// Whether the case went on without this person.
    var isOvertaken: Bool {
        switch self {
        case .stale, .notNow, .moneyNotNow: true
        case .notFound, .ineligible, .aboveMost, .onlyWhole, .proofNeeded, .tooMuchProof, .contactUnproved,
            .stepMissing, .wrongCode, .codeExpired, .tooMany, .notAllowed, .makerMayNotDecide, .aboveLimit,
            .checkMissing, .field, .alreadyThere, .blocked, .proposalOpen, .tooEarly, .channelCannot, .limited,
            .decidedBefore, .firstApprover, .notYours, .undoOver, .consentMissing, .belowApproved:
            false
        }
    }
}

extension RequestContext {
    /// The case number in the address.
    ///
    /// - Throws: ``RequestFault/notFound`` for what is none.
    func caseNumber() throws(RequestFault) -> CaseNumber {
        guard let text = parameters.get("number"), let number = try? CaseNumber.parse(text) else { throw .notFound }
        return number
    }
}
