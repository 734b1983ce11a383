import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// Shows the drawn pages of a cardholder's file to those who may see the case, and hands the file itself to those who
/// may have it, as a download that no browser opens as a page of ours. The desk writes down who took it before the
/// first byte leaves.
struct ProofDownload: Sendable {
    let parts: PortalParts

    func addMerchant(to routes: some RouterMethods<MerchantContext>) {
        routes.get("/merchant/cases/{number}/proof/{id}", use: send)
        routes.get("/merchant/cases/{number}/proof/{id}/pages/{page}", use: show)
    }

    func addSupport(to routes: some RouterMethods<SupportContext>) {
        routes.get("/support/cases/{number}/proof/{id}", use: send)
        routes.get("/support/cases/{number}/proof/{id}/pages/{page}", use: show)
    }

    @Sendable private func show(_ request: Request, _ context: some SignedInContext) async throws -> Response {
        let number = try context.caseNumber()
        let (id, page) = try context.proofPage()
        let opened = try await parts.desk.openProofPage(page, of: id, of: number, by: context.member)
        return try await ProofPictures.answer(opened, in: parts.proofStore, to: request)
    }

    @Sendable private func send(_ request: Request, _ context: some SignedInContext) async throws -> Response {
        let number = try context.caseNumber()
        guard let id = context.parameters.get("id") else { throw RequestFault.notFound }
        let proof = try await parts.desk.openProof(id, of: number, by: context.member)
        let body = try await ProofPictures.body(
            proof.storedName, fileKey: proof.fileKey, bytes: proof.bytes, in: parts.proofStore)
        let ending = FileWords.ending(proof.mediaType)
        return Download.response(
            name: "\(proof.caseNumber)-\(proof.kind.rawValue).\(ending)", mediaType: proof.mediaType, body: body)
    }
}
