import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// What takes two people: proposing it, with a last look before, and confirming or refusing what a colleague proposed.
struct JointRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<SupportContext>) {
        let folder = CaseDesk.support.folder("{number}")
        for (path, _) in JointAction.paths {
            routes.get(RouterPath("\(folder)/\(path)")) { request, context in
                try await form(path, request, context)
            }
            routes.post(RouterPath("\(folder)/\(path)")) { request, context in
                try await propose(path, request, context)
            }
        }
        routes.get(RouterPath("\(folder)/proposals/{proposal}"), use: show)
        routes.post(RouterPath("\(folder)/proposals/{proposal}/confirm"), use: confirm)
        routes.post(RouterPath("\(folder)/proposals/{proposal}/refuse"), use: refuse)
    }

    private func form(_ path: String, _ request: Request, _ context: SupportContext) async throws -> Response {
        let fields = try FormFields.query(request)
        let page = JointPage(parts: parts, request: request, context: context)
        let read = try await page.read()
        guard let action = JointAction.find(path: path, direction: fields.text(JointAction.directionField)),
            let target = JointTarget.find(action, movement: fields.text("movement"), of: read.file),
            action.proposers.contains(context.member.role)
        else { return try await page.overtaken(since: read.file.version) }
        return try page.form(read, target, fields: nil, fault: nil)
    }

    private func propose(_ path: String, _ request: Request, _ context: SupportContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        let version = try fields.version()
        let page = JointPage(parts: parts, request: request, context: context)
        let read = try await page.read()
        guard read.file.version == version,
            let action = JointAction.find(path: path, direction: fields.text(JointAction.directionField)),
            let target = JointTarget.find(action, movement: fields.text("movement"), of: read.file),
            read.more.openProposal == nil
        else { return try await page.overtaken(since: version) }
        guard action.proposers.contains(context.member.role) else { throw Refusal.notFound }
        do {
            let input = try JointInput(fields, target, read.more)
            guard fields.text("confirm") == "yes" else { return try await page.last(read, target, input) }
            _ = try await parts.desk.propose(
                action, on: read.file.number, movement: target.movement?.id, details: JointDetails(input),
                evidence: input.evidence, version: version, by: context.member)
            return Pages.redirect(to: Paths.supportCase(read.file.number) + "#two-people")
        } catch let fault as FormFault {
            return try page.form(read, target, fields: fields, fault: fault)
        } catch let refusal as Refusal {
            if let fault = JointRoutes.fault(refusal, beside: "evidence") {
                return try page.form(read, target, fields: fields, fault: fault)
            }
            guard refusal.isOvertaken else { throw refusal }
            return try await page.overtaken(since: version)
        }
    }

    func show(_ request: Request, _ context: SupportContext) async throws -> Response {
        let page = JointPage(parts: parts, request: request, context: context)
        let (read, proposal) = try await page.proposal()
        return try await page.show(read, proposal, fields: nil, fault: nil)
    }

    func confirm(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await decide(request, context) { proposal, _ in
            try await parts.desk.confirmProposal(proposal.id, by: context.member)
        }
    }

    func refuse(_ request: Request, _ context: SupportContext) async throws -> Response {
        try await decide(request, context) { proposal, fields in
            try await parts.desk.refuseProposal(
                proposal.id, reason: fields.text("reason") ?? "", by: context.member)
        }
    }

    /// A proposal that is decided already is no error: the case's page shows who was faster.
    private func decide(
        _ request: Request, _ context: SupportContext,
        _ verb: (SupportFile.Proposal, FormFields) async throws -> Void
    ) async throws -> Response {
        let fields = try await FormFields.read(request)
        let page = JointPage(parts: parts, request: request, context: context)
        let (read, proposal) = try await page.proposal()
        guard proposal.isOpen else { return try await page.overtaken(since: read.file.version) }
        do {
            try await verb(proposal, fields)
            return Pages.redirect(to: Paths.supportCase(read.file.number) + "#two-people")
        } catch let refusal as Refusal {
            if let fault = JointRoutes.fault(refusal, beside: "reason") {
                return try await page.show(read, proposal, fields: fields, fault: fault)
            }
            if refusal == .notAllowed || refusal == .makerMayNotDecide {
                return try await page.show(read, proposal, fields: fields, fault: nil, status: .forbidden)
            }
            guard refusal.isOvertaken else { throw refusal }
            return try await page.overtaken(since: read.file.version)
        }
    }

    static var keys: [String] { ["too-early", "blocked", "channel-cannot", "ineligible"].map { "staff.joint.\($0)" } }

    /// A refusal as words on the same page; nil where the case's own page has to tell.
    private static func fault(_ refusal: Refusal, beside field: String) -> FormFault? {
        func told(_ key: String) -> FormFault { FormFault([Web.FieldFault(field, "staff.joint.\(key)")]) }
        if case .tooEarly = refusal { return told("too-early") }
        if case .blocked = refusal { return told("blocked") }
        if case .ineligible = refusal { return told("ineligible") }
        if refusal == .channelCannot { return told("channel-cannot") }
        return refusal.onForm("staff.joint")
    }
}

extension JointDetails {
    /// What was typed, as the proposal keeps it.
    fileprivate init(_ input: JointInput) {
        self.init(
            returnCode: input.returnCode, returnedOn: input.returnedOn, amount: input.amount,
            isGoodwill: input.isGoodwill, destinationID: input.destination?.id)
    }
}
