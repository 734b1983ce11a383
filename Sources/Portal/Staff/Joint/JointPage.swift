import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Makes the pages on which two people do something together.
struct JointPage {
    let parts: PortalParts
    let request: Request
    let context: SupportContext

    static var keys: [String] {
        JointEffectWriter.keys + JointInput.keys
            + ["self", "role", "maker"].map { "staff.joint.cannot.\($0)" }
            + ["action", "evidence", "basis", "return_code", "returned_on", "by", "at"].map { word in
                "staff.joint.given.\(word)"
            }
    }

    typealias Read = SupportPage.Read

    func read() async throws -> Read {
        try await SupportPage(parts: parts, request: request, context: context).read()
    }

    /// The proposal in the address, with the case that it belongs to.
    func proposal() async throws -> (Read, SupportFile.Proposal) {
        let read = try await read()
        guard let id = context.parameters.get("proposal"),
            let proposal = read.more.proposals.first(where: { $0.id == id })
        else { throw RequestFault.notFound }
        return (read, proposal)
    }

    /// 409 with the case as it is now.
    func overtaken(since version: Int64) async throws -> Response {
        try await SupportPage(parts: parts, request: request, context: context).answer(.conflict, overtaken: version)
    }

    func form(_ read: Read, _ target: JointTarget, fields: FormFields?, fault: FormFault?) throws -> Response {
        let phrases = parts.phrases(context)
        let clock = clock(read, phrases)
        let form = JointFormWriter(
            target: target, file: read.file, more: read.more, phrases: phrases, clock: clock, fields: fields,
            fault: fault)
        let writer = JointEffectWriter(
            target: target, amount: nil, isGoodwill: false, last4: nil, most: read.file.most(for: target),
            phrases: phrases)
        return try page(
            fault == nil ? .ok : .unprocessableContent, read, target, writer.effect, fault: fault, form: form.form)
    }

    func last(_ read: Read, _ target: JointTarget, _ input: JointInput) async throws -> Response {
        let phrases = parts.phrases(context)
        let writer = JointEffectWriter(
            target: target, amount: input.amount, isGoodwill: input.isGoodwill, last4: input.destination?.last4,
            correction: try await correction(target, input.amount, read), phrases: phrases)
        var hidden = JointFormWriter.hidden(target, read.file)
        let basis = input.isGoodwill ? "goodwill" : "consent"
        let more: [(String, String?)] = [
            ("amount", input.amount?.decimal), ("basis", target.action == .correctDown ? basis : nil),
            ("destination", input.destination?.id), ("return_code", input.returnCode),
            ("returned_on", input.returnedOn?.iso), ("evidence", input.evidence),
        ]
        hidden += more.compactMap { name, value in value.map { JointView.Hidden(name: name, value: $0) } }
        var facts = [Fact(phrases.text("staff.joint.given.evidence"), input.evidence)]
        if target.action == .correctDown {
            let words = phrases.text("staff.joint.field.basis.\(basis)")
            facts.append(Fact(phrases.text("staff.joint.given.basis"), words))
        }
        if let code = input.returnCode {
            facts.append(Fact(phrases.text("staff.joint.given.return_code"), code, isNumber: true))
        }
        if let day = input.returnedOn {
            facts.append(Fact(phrases.text("staff.joint.given.returned_on"), clock(read, phrases).day(day)))
        }
        let action = "\(CaseDesk.support.folder(read.file.number.text))/\(target.action.path)"
        return try page(
            .ok, read, target, writer.effect, facts: facts, last: JointView.Last(action: action, hidden: hidden))
    }

    func show(
        _ read: Read, _ proposal: SupportFile.Proposal, fields: FormFields?, fault: FormFault?,
        status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let phrases = parts.phrases(context)
        let clock = clock(read, phrases)
        let movement = read.file.movements.first { $0.id == proposal.movementID }
        let target = JointTarget(action: proposal.action, movement: movement)
        let destination = read.more.destinations.first { $0.id == proposal.destinationID }
        let amount = proposal.amount(in: read.file.request.amount.currency)
        let writer = JointEffectWriter(
            target: target, amount: amount, isGoodwill: proposal.isGoodwill, last4: destination?.last4,
            correction: proposal.isOpen ? try await correction(target, amount, read) : nil, phrases: phrases)
        let words = ProposalWords(phrases: phrases, clock: clock)
        let folder = "\(CaseDesk.support.folder(read.file.number.text))/proposals/\(proposal.id)"
        let cannot = words.cannot(proposal, context.member, read.file)
        let mayRefuse =
            proposal.isOpen
            && (proposal.action.confirmers.contains(context.member.role) || proposal.byID == context.member.id)
        let reason = TextArea(
            "reason", label: phrases.text("staff.joint.field.reason"),
            hint: phrases.text("staff.joint.field.reason.hint"), problem: fault?.text("reason", phrases),
            value: fields?.typed("reason"), rows: 2)
        return try page(
            status ?? (fault == nil ? .ok : .unprocessableContent), read, target, writer.effect, fault: fault,
            facts: words.facts(proposal), cannot: proposal.isOpen ? cannot : nil,
            decide: mayRefuse
                ? JointView.Decide(
                    confirm: cannot == nil ? "\(folder)/confirm" : nil, refuse: "\(folder)/refuse", reason: reason)
                : nil)
    }

    /// What a correction upwards would come to now, by the case's own policy and without a handling fee.
    private func correction(_ target: JointTarget, _ amount: Money?, _ read: Read) async throws -> RefundQuote? {
        guard target.action == .correctUp, let amount else { return nil }
        let desk = parts.desk
        let policy = try await desk.store.read { sql in try desk.policy(ofCase: read.file.id, sql) }
        return try await desk.quote(amount, ofPayment: read.file.payment.id, policy.fees.withoutHandlingFee)
    }

    private func clock(_ read: Read, _ phrases: Phrases) -> StaffClock {
        StaffClock(read.file.merchant.zone, now: parts.desk.clock(), phrases)
    }

    private func page(
        _ status: HTTPResponse.Status, _ read: Read, _ target: JointTarget, _ effect: JointEffect,
        fault: FormFault? = nil, facts: [Fact] = [], cannot: String? = nil, form: JointView.Form? = nil,
        last: JointView.Last? = nil, decide: JointView.Decide? = nil
    ) throws -> Response {
        let phrases = parts.phrases(context)
        let back = Paths.supportCase(read.file.number)
        let view = JointView(
            frame: read.person.frame(phrases, switching: back, .support), problems: Problems(fault, phrases),
            title: phrases.text("staff.joint.\(target.action.rawValue)"), number: read.file.number.text,
            back: "\(back)#two-people", effect: effect, facts: facts, hasFacts: !facts.isEmpty, cannot: cannot,
            form: form, last: last, decide: decide)
        return try parts.pages.html(view, status: status, to: request, in: context.language)
    }
}

extension CaseFile {
    /// The most that a correction can be: what is left of the payment, or what was paid; nil for other actions.
    fileprivate func most(for target: JointTarget) -> Money? {
        switch target.action {
        case .correctUp:
            let taken = payment.refundedElsewhere.minor + payment.refunded.minor + payment.open.minor
            return Money(minor: max(payment.amount.minor - taken, 0), currency: payment.amount.currency)
        case .correctDown: return target.movement?.gross
        case .resend, .giveUp, .recordReturn, .reroute, .giveBack, .leaveUnclaimed, .payOutside, .reopen: return nil
        }
    }
}
