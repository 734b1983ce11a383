import Hummingbird
import NIOCore
import Proofs
import RefundDesk
import Vault
import Web
import Words

/// What is shown of a file: its pages as they were drawn anew, or why there are none.
struct ProofPictures: Sendable, Hashable {
    struct Page: Sendable, Hashable {
        let address: String
        /// What those hear who do not see it.
        let alt: String

        static let sample = Page(address: "/request/proof/p/pages/1", alt: "小票，第 1 页，共 2 页")
    }

    let pages: [Page]
    /// Why there are none, or not all.
    let notice: String?
    /// Whether a look in a moment may show more.
    let isOpen: Bool

    static let sample = ProofPictures(pages: [.sample], notice: "文件打不开：有密码。", isOpen: true)

    /// - Parameters:
    ///   - id: the file's.
    ///   - kind: what it is, in words.
    ///   - folder: the address below which files lie.
    ///   - reader: whose words: `cardholder` or `staff`.
    init(_ standing: ProofStanding, id: String, kind: String, folder: String, for reader: String, _ phrases: Phrases) {
        let count = standing.pages
        let numbers = count > 0 ? Array(1...count) : []
        pages = numbers.map { number in
            let alt =
                count == 1
                ? kind
                : phrases.text("proof.page", ["kind": kind, "page": String(number), "pages": String(count)])
            return Page(address: Paths.proofPage(folder, id, number), alt: alt)
        }
        notice = ProofPictures.notice(standing, for: reader, phrases)
        isOpen = standing.isOpen
    }

    private init(pages: [Page], notice: String?, isOpen: Bool) {
        self.pages = pages
        self.notice = notice
        self.isOpen = isOpen
    }

    /// Only what there is to say, for somebody who is not shown the pages.
    func withoutPages() -> ProofPictures { ProofPictures(pages: [], notice: notice, isOpen: isOpen) }

    private static func notice(_ standing: ProofStanding, for reader: String, _ phrases: Phrases) -> String? {
        switch standing {
        case .waiting: phrases.text("\(reader).proof-standing.waiting")
        case .held: phrases.text("\(reader).proof-standing.held")
        case .infected: phrases.text("\(reader).proof-standing.infected")
        case .flawed(let flaw): phrases.text("\(reader).proof-standing.\(flaw.rawValue)")
        case .shown(let pages, let all) where pages < all:
            phrases.text("proof.first-pages", ["pages": String(pages), "all": String(all)])
        case .shown: nil
        }
    }

    /// The keys of the words.
    static var words: [String] {
        let standings = ["waiting", "held", "infected", "password", "unreadable", "too-much"]
        return ["proof.page", "proof.first-pages"]
            + ["cardholder", "staff"].flatMap { reader in standings.map { "\(reader).proof-standing.\($0)" } }
    }
}

extension ProofPictures {
    /// Answers with a drawn page.
    ///
    /// - Throws: ``RequestFault/notFound``, ``ProofStoreFault``.
    static func answer(
        _ page: OpenProofPage, in store: any ProofStore, to request: Request
    ) async throws -> Response {
        let body = try await body(page.storedName, fileKey: page.fileKey, bytes: page.bytes, in: store)
        return try Download.picture(ProofMediaType.jpeg.contentType, body: body, to: request)
    }

    /// The clear content of a stored file, piece by piece.
    static func body(
        _ storedName: String, fileKey: [UInt8], bytes: Int64, in store: any ProofStore
    ) async throws -> ResponseBody {
        guard let name = ProofName(storedName) else { throw ProofStoreFault.damaged }
        let opened = try await ProofReader(store: store).open(name, fileKey: Secret(bytes: fileKey))
        return ResponseBody(contentLength: Int(bytes)) { writer in
            try await opened.forEachPiece { piece in try await writer.write(piece) }
            try await writer.finish(nil)
        }
    }
}

extension RequestContext {
    /// The file and the page in the address.
    ///
    /// - Throws: ``RequestFault/notFound`` for what is none.
    func proofPage() throws(RequestFault) -> (id: String, page: Int64) {
        guard let id = parameters.get("id"), let text = parameters.get("page"), text.utf8.count <= 4,
            let page = Int64(text), page > 0
        else { throw .notFound }
        return (id, page)
    }
}
