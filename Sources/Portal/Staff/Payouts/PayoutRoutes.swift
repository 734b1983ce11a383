import HTTPTypes
import Hummingbird
import NIOCore
import RefundDesk
import RefundDomain
import Statements
import Web

/// Batches of refunds that people pay: put together, released by another, paid outside, and ended by the bank's file.
struct PayoutRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<SupportContext>) {
        let one = "\(Paths.supportPayouts)/{id}"
        let answer = "\(one)/answers/{answer}"
        routes.get(RouterPath(Paths.supportPayouts)) { try await page($0, $1).list() }
        routes.post(RouterPath(Paths.supportPayouts), use: make)
        routes.get(RouterPath(one)) { try await page($0, $1).one($1.batchID) }
        routes.post(RouterPath("\(one)/release")) { request, context in
            try await decide(request, context) { try await parts.desk.releaseBatch(context.batchID, by: $0) }
        }
        routes.post(RouterPath("\(one)/discard")) { request, context in
            try await decide(request, context) { try await parts.desk.discardBatch(context.batchID, by: $0) }
        }
        routes.get(RouterPath("\(one)/file/{form}"), use: file)
        routes.post(RouterPath("\(one)/answers"), use: bring)
        routes.get(RouterPath(answer)) { try await page($0, $1).answer($1.answerID, of: $1.batchID) }
        routes.post(RouterPath("\(answer)/confirm")) { request, context in
            try await decide(request, context) { try await parts.desk.confirmBankAnswer(context.answerID, by: $0) }
        }
        routes.post(RouterPath("\(answer)/refuse")) { request, context in
            try await decide(request, context) { try await parts.desk.refuseBankAnswer(context.answerID, by: $0) }
        }
    }

    private func page(_ request: Request, _ context: SupportContext) -> PayoutPage {
        PayoutPage(parts, request, context)
    }

    private func make(_ request: Request, _ context: SupportContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard let currency = Currency(code: fields.text("currency") ?? "") else { throw RequestFault.malformed }
        do {
            let id = try await parts.desk.makeBatch(
                ofAccount: fields.text("account") ?? "", currency: currency, by: context.member)
            return Pages.redirect(to: "\(Paths.supportPayouts)/\(id)")
        } catch Refusal.field {
            return try await page(request, context).list(.conflict, changed: "staff.payouts.nothing")
        }
    }

    /// What a person decides about a batch or a bank's file; what went on meanwhile is told on the batch's page.
    private func decide(
        _ request: Request, _ context: SupportContext, _ verb: (StaffMember) async throws -> Void
    ) async throws -> Response {
        do {
            try await verb(context.member)
            return Pages.redirect(to: "\(Paths.supportPayouts)/\(context.batchID)")
        } catch let refusal as Refusal {
            guard let key = PayoutPage.changed(refusal) else { throw refusal }
            let status: HTTPResponse.Status = refusal == .makerMayNotDecide ? .forbidden : .conflict
            return try await page(request, context).one(context.batchID, status, changed: key)
        }
    }

    private func file(_ request: Request, _ context: SupportContext) async throws -> Response {
        guard let form = context.parameters.get("form").flatMap({ PayoutForm(rawValue: $0) }) else {
            throw RequestFault.notFound
        }
        let file = try await parts.desk.takeBatchFile(context.batchID, form: form, by: context.member)
        return Download.response(
            name: file.name, mediaType: "text/csv; charset=utf-8",
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private func bring(_ request: Request, _ context: SupportContext) async throws -> Response {
        let page = page(request, context)
        do {
            let bytes = try await upload(request)
            guard let currency = try await page.currency(of: context.batchID) else { throw RequestFault.notFound }
            let lines = try BankAnswerFile.read(bytes, currency: currency)
            let id = try await parts.desk.bringBankAnswer(
                to: context.batchID, lines: lines, file: bytes, by: context.member)
            return Pages.redirect(to: "\(Paths.supportPayouts)/\(context.batchID)/answers/\(id)")
        } catch let fault as BankAnswerFile.Fault {
            return try await page.one(context.batchID, .unprocessableContent, fault: PayoutPage.fault(fault))
        } catch let refusal as Refusal {
            guard let fault = PayoutPage.fault(refusal) else { throw refusal }
            return try await page.one(context.batchID, .unprocessableContent, fault: fault)
        }
    }

    private func upload(_ request: Request) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let limits = UploadLimits(
            bytesMax: PayoutLimits.answerBytesMax + 64 * 1024, fileBytesMax: PayoutLimits.answerBytesMax)
        _ = try await UploadReader.read(request, limits: limits) { part, _, chunks in
            guard part.name == "file", bytes.isEmpty else { return }
            for try await piece in chunks { bytes += Array(piece.readableBytesView) }
        }
        guard !bytes.isEmpty else { throw Refusal.field("file", .missing) }
        return bytes
    }
}

extension RequestContext {
    /// Ids in the address; unknown ones are found by nobody.
    fileprivate var batchID: String { parameters.get("id") ?? "" }
    fileprivate var answerID: String { parameters.get("answer") ?? "" }
}
