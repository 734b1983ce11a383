import HTTPTypes
import Hummingbird
import Proofs
import RefundDesk
import RefundDomain
import Vault
import Web

/// Hands a cardholder's file to somebody who may see the case, as a download that no browser opens as a page of ours.
/// The desk writes down who took it before the first byte leaves.
struct ProofDownload: Sendable {
    let parts: PortalParts

    func addMerchant(to routes: some RouterMethods<MerchantContext>) {
        routes.get("/merchant/cases/{number}/proof/{id}", use: send)
    }

    func addSupport(to routes: some RouterMethods<SupportContext>) {
        routes.get("/support/cases/{number}/proof/{id}", use: send)
    }

    @Sendable private func send(_ request: Request, _ context: some SignedInContext) async throws -> Response {
        let number = try context.caseNumber()
        guard let id = context.parameters.get("id") else { throw RequestFault.notFound }
        let proof = try await parts.desk.openProof(id, of: number, by: context.member)
        guard let name = ProofName(proof.storedName) else { throw ProofStoreFault.damaged }
        let opened = try await ProofReader(store: parts.proofStore).open(name, fileKey: Secret(bytes: proof.fileKey))
        let body = ResponseBody(contentLength: Int(proof.bytes)) { writer in
            try await opened.forEachPiece { piece in try await writer.write(piece) }
            try await writer.finish(nil)
        }
        let ending = FileWords.ending(proof.mediaType)
        return Download.response(
            name: "\(proof.caseNumber)-\(proof.kind.rawValue).\(ending)", mediaType: proof.mediaType, body: body)
    }
}
