import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// A case on the reviewer's desk and what can be decided about it.
struct ReviewRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<MerchantContext>) {
        let page = "/merchant/cases/{number}"
        routes.get(RouterPath(page), use: show)
        routes.post(RouterPath("\(page)/take"), use: take)
        routes.post(RouterPath("\(page)/approve"), use: approve)
        routes.post(RouterPath("\(page)/offer"), use: offer)
        routes.post(RouterPath("\(page)/ask"), use: ask)
        routes.post(RouterPath("\(page)/decline"), use: decline)
    }

    func show(_ request: Request, _ context: MerchantContext) async throws -> Response {
        let act = try FormFields.query(request).text(DecisionAct.field).flatMap { DecisionAct(rawValue: $0) }
        let page = ReviewPage(parts: parts, request: request, context: context)
        return try await page.answer(.ok, act: act ?? .approve)
    }

    func take(_ request: Request, _ context: MerchantContext) async throws -> Response {
        try await change(request, context, .approve) { number, _, version in
            try await parts.desk.take(number, version: version, by: context.member)
        }
    }

    func approve(_ request: Request, _ context: MerchantContext) async throws -> Response {
        try await change(request, context, .approve) { number, input, version in
            try await parts.desk.approve(
                number, amount: try input.amount(), checks: input.checks, note: input.fields.text("note") ?? "",
                version: version, by: context.member)
        }
    }

    func offer(_ request: Request, _ context: MerchantContext) async throws -> Response {
        try await change(request, context, .offer) { number, input, version in
            let (amount, reason, words) = try DecisionInput.all(
                input.amount, input.reason, { () throws(FormFault) in try input.words("explanation") })
            try await parts.desk.offer(
                number, amount: amount, reason: reason, explanation: words, version: version, by: context.member)
        }
    }

    func ask(_ request: Request, _ context: MerchantContext) async throws -> Response {
        try await change(request, context, .ask) { number, input, version in
            let (words, due) = try DecisionInput.all(
                { () throws(FormFault) in try input.words("question") }, input.due)
            try await parts.desk.ask(
                number, items: input.items, question: words, dueOn: due, version: version, by: context.member)
        }
    }

    func decline(_ request: Request, _ context: MerchantContext) async throws -> Response {
        try await change(request, context, .decline) { number, input, version in
            let (reason, words, remedy) = try DecisionInput.all(
                input.reason, { () throws(FormFault) in try input.words("explanation") }, input.remedy)
            try await parts.desk.decline(
                number, reason: reason, explanation: words, remedy: remedy, version: version, by: context.member)
        }
    }

    /// Runs a verb for a form: 303 to the case when it worked, 422 beside the field, 409 with what changed.
    private func change(
        _ request: Request, _ context: MerchantContext, _ act: DecisionAct,
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
            return Pages.redirect(to: Paths.merchantCase(number))
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
            .checkMissing, .field, .alreadyThere, .blocked, .proposalOpen, .tooEarly, .channelCannot, .limited:
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
