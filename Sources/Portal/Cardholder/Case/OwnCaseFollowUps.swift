import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// What the owner of a case does after it was decided: say that the money came or did not, compare amounts, name an
/// account, ask for another look.
extension OwnCaseActions {
    @Sendable func arrived(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let fields = try await FormFields.read(request)
        let typed = OwnCaseView.Typed(date: fields.typed("date"))
        return try await attempt(visit, fields, typed, request, context) { version in
            try await parts.desk.confirmArrival(
                visit.number, on: try OwnCaseActions.day(fields), version: version, visitor: visit.visitor)
        }
    }

    @Sendable func notArrived(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let fields = try await FormFields.read(request)
        return try await attempt(visit, fields, OwnCaseView.Typed(), request, context) { version in
            try await parts.desk.reportNotArrived(visit.number, version: version, visitor: visit.visitor)
        }
    }

    // MARK: The amount

    @Sendable func showAmount(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await page(request, context, when: OwnCaseView.mayComplainOfAmount) { wording, frame in
            let before = try await query.refundedBefore(wording.owned.number)
            return try parts.pages.html(
                OwnAmountView(wording, before: before, frame: frame), to: request, in: context.language)
        }
    }

    @Sendable func wrongAmount(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let fields = try await FormFields.read(request)
        let details = fields.typed("details") ?? ""
        var typed = OwnAmountView.Typed(expected: fields.typed("expected"), details: details)
        let shown: Shown = { fault in
            typed.fault = fault
            let wording = parts.wording(try await query.read(visit.number), context)
            let view = OwnAmountView(
                wording, before: try await query.refundedBefore(visit.number), typed: typed,
                frame: parts.frame(request, context, brand: wording.merchant))
            return try parts.pages.html(view, status: .unprocessableContent, to: request, in: context.language)
        }
        guard visit.sight.viewer == .cardholder else { return Pages.redirect(to: Paths.track(visit.number)) }
        let expected: Money
        do {
            let currency = try await query.read(visit.number).asked.currency
            expected = try AmountField.read("expected", of: fields, in: currency, CaseWording.prefix)
        } catch let fault as FormFault {
            return try await shown(fault)
        }
        let words = OwnCaseView.Typed(text: [typed.expected, details].compactMap(\.self).joined(separator: "\n"))
        return try await attempt(visit, fields, words, request, context, shown: shown) { version in
            try await parts.desk.reportWrongAmount(
                visit.number, expected: expected, details: details, version: version, visitor: visit.visitor)
        }
    }

    // MARK: Another account

    @Sendable func showDestination(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await page(request, context, when: \.owned.needsDestination) { wording, frame in
            try parts.pages.html(OwnDestinationView(wording, frame: frame), to: request, in: context.language)
        }
    }

    @Sendable func destination(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let outcome = try await received(request, visit)
        let typed = OwnDestinationView.Typed(
            bank: outcome.fields.typed("bank"), holder: outcome.fields.typed("holder"))
        let shown: Shown = { fault in
            var typed = typed
            typed.fault = fault
            let wording = parts.wording(try await query.read(visit.number), context)
            let view = OwnDestinationView(
                wording, typed: typed, frame: parts.frame(request, context, brand: wording.merchant))
            return try parts.pages.html(view, status: outcome.status, to: request, in: context.language)
        }
        if let fault = OwnCaseActions.missing(in: outcome), visit.sight.viewer == .cardholder {
            await upload.discard(outcome.proofs)
            return try await shown(fault)
        }
        return try await send(outcome, visit, OwnCaseView.Typed(), request, context, shown) { version in
            let account = outcome.fields.typed("account") ?? ""
            try await parts.desk.nameDestination(
                visit.number, account: TypedText.symbols(account) ?? account,
                bank: typed.bank ?? "", holder: typed.holder ?? "", proofs: outcome.proofs, version: version,
                visitor: visit.visitor)
        }
    }

    /// Everything that the form left empty, told at once; nil when nothing is, and when the files do not fit.
    private static func missing(in outcome: ProofUpload.Outcome) -> FormFault? {
        guard outcome.fault == nil else { return nil }
        let empty = ["holder", "bank", "account"].filter { outcome.fields.text($0) == nil }
        let file = outcome.proofs.isEmpty ? Refusal.proofNeeded.onForm(ProofUpload.prefix)?.faults ?? [] : []
        let faults = empty.map { Web.FieldFault($0, "\(CaseWording.prefix).\($0).missing") } + file
        return faults.isEmpty ? nil : FormFault(faults)
    }

    // MARK: Another look

    @Sendable func showAppeal(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await page(request, context, when: \.owned.canBeAppealed) { wording, frame in
            try parts.pages.html(OwnAppealView(wording, frame: frame), to: request, in: context.language)
        }
    }

    @Sendable func appeal(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let outcome = try await received(request, visit)
        let grounds = outcome.fields.typed("grounds") ?? ""
        let shown: Shown = { fault in
            let wording = parts.wording(try await query.read(visit.number), context)
            let view = OwnAppealView(
                wording, typed: OwnAppealView.Typed(grounds: grounds, fault: fault),
                frame: parts.frame(request, context, brand: wording.merchant))
            return try parts.pages.html(view, status: outcome.status, to: request, in: context.language)
        }
        let typed = OwnCaseView.Typed(text: grounds)
        return try await send(outcome, visit, typed, request, context, shown) { version in
            try await parts.desk.appeal(
                visit.number, grounds: grounds, proofs: outcome.proofs, version: version, visitor: visit.visitor)
        }
    }

    /// A verb that takes files; those that it does not take are removed from the store.
    private func send(
        _ outcome: ProofUpload.Outcome, _ visit: CaseVisit, _ typed: OwnCaseView.Typed, _ request: Request,
        _ context: PortalContext, _ shown: @escaping Shown, _ verb: (_ version: Int64) async throws -> Void
    ) async throws -> Response {
        if let fault = outcome.fault, visit.sight.viewer == .cardholder {
            await upload.discard(outcome.proofs)
            return try await shown(fault)
        }
        return try await attempt(visit, outcome.fields, typed, request, context, shown: shown) { version in
            do {
                try await verb(version)
            } catch {
                await upload.discard(outcome.proofs, after: error, together: true)
                throw error
            }
        }
    }

    /// A form's page for the proved owner; back to the case when there is nothing to do there.
    private func page(
        _ request: Request, _ context: PortalContext, when isOffered: (CaseWording) -> Bool,
        show: (CaseWording, Frame) async throws -> Response
    ) async throws -> Response {
        let visit = try await query.visit(context)
        guard visit.sight.viewer == .cardholder else { return Pages.redirect(to: Paths.track(visit.number)) }
        let wording = parts.wording(try await query.read(visit.number), context)
        guard isOffered(wording) else { return Pages.redirect(to: Paths.cases(visit.number)) }
        return try await show(wording, parts.frame(request, context, brand: wording.merchant))
    }

    /// The day of the form; nil when it names none.
    private static func day(_ fields: FormFields) throws(Refusal) -> Day? {
        guard let typed = fields.text("date") else { return nil }
        guard let day = Day(iso: TypedText.date(typed)) else { throw .field("date", .unreadable) }
        return day
    }
}

extension ProofUpload.Outcome {
    /// What a form that did not fit is answered with.
    var status: HTTPResponse.Status { isTooLarge ? .contentTooLarge : .unprocessableContent }
}
