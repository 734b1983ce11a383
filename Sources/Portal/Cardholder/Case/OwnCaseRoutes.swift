import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web
import Words

/// The pages of a case for its owner.
struct OwnCaseRoutes: Sendable {
    /// Rendered pages that are kept; at about 16 KiB each.
    private static let pagesMax = 1024

    private let parts: PortalParts
    private let query: OwnCaseQuery
    private let shelf = PageShelf(pagesMax: OwnCaseRoutes.pagesMax)

    init(_ parts: PortalParts) {
        self.parts = parts
        query = OwnCaseQuery(desk: parts.desk)
    }

    func add(to router: Router<PortalContext>) {
        router.get("/cases/:number", use: show)
        router.get("/cases/:number/record", use: record)
        router.get("/cases/:number/proof", use: proof)
        router.get("/cases/:number/proof/:id/pages/:page", use: proofPage)
        router.get("/cases/:number/contact", use: contact)
        OwnCaseActions(parts).add(to: router)
    }

    /// The case in its present version: kept pages are sent without rendering, known ones without sending.
    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let key = PageShelf.Key(number: visit.number.text, viewer: visit.sight.viewer, language: context.language)
        if let kept = shelf.page(key, version: visit.sight.version) {
            return parts.pages.answer(kept, caching: .privateNoCache, to: request)
        }
        let owned = try await query.read(visit.number)
        let view = parts.ownCase(owned, viewer: visit.sight.viewer, in: context.language)
        let page = try parts.pages.rendered(view, in: context.language)
        shelf.keep(page, key, version: owned.version)
        return parts.pages.answer(page, caching: .privateNoCache, to: request)
    }

    @Sendable private func record(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let wording = parts.wording(try await query.read(visit.number), context)
        let view = RecordView(wording, frame: parts.frame(request, context, brand: wording.merchant))
        return try parts.pages.html(view, caching: .privateNoCache, to: request, in: context.language)
    }

    @Sendable private func proof(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let wording = parts.wording(try await query.read(visit.number), context)
        let view = OwnProofView(
            wording, viewer: visit.sight.viewer, scans: parts.scansUploads, nil,
            frame: parts.frame(request, context, brand: wording.merchant))
        return try parts.pages.html(view, to: request, in: context.language)
    }

    /// A drawn page of a file: for the cardholder, not for whoever has the link.
    @Sendable private func proofPage(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let (id, page) = try context.proofPage()
        guard visit.sight.viewer == .cardholder else { throw RequestFault.notFound }
        let opened = try await parts.desk.openProofPage(page, of: id, of: visit.number, visitor: visit.visitor)
        return try await ProofPictures.answer(opened, in: parts.proofStore, to: request)
    }

    /// Name and contact: only for somebody who proved that they are theirs.
    @Sendable private func contact(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        guard visit.sight.viewer == .cardholder else { return Pages.redirect(to: Paths.track(visit.number)) }
        let wording = parts.wording(try await query.read(visit.number), context)
        let view = OwnContactView(
            wording, try await query.contact(visit.number),
            frame: parts.frame(request, context, brand: wording.merchant))
        return try parts.pages.html(view, to: request, in: context.language)
    }
}

/// A visitor in front of a case that they may see.
struct CaseVisit: Sendable {
    let number: CaseNumber
    let visitor: String
    let sight: CaseSight
}

extension OwnCaseQuery {
    /// The case of the address, for a visitor who may see it.
    ///
    /// - Throws: ``RequestFault/notFound`` for everything else: whether there is such a case does not show.
    func visit(_ context: PortalContext) async throws -> CaseVisit {
        guard let typed = context.parameters.get("number"), let number = try? CaseNumber.parse(typed),
            let visitor = context.visitorToken, let sight = try await sight(number, visitor: visitor)
        else { throw RequestFault.notFound }
        return CaseVisit(number: number, visitor: visitor, sight: sight)
    }
}

extension PortalParts {
    /// A case in the visitor's language.
    func wording(_ owned: OwnCase, _ context: some WebContext) -> CaseWording {
        CaseWording(owned, issuers: issuers, phrases(context))
    }

    /// The case page: a function of the case's version, the viewer and the language, and of nothing else.
    func ownCase(
        _ owned: OwnCase, viewer: Viewer, typed: OwnCaseView.Typed = OwnCaseView.Typed(), in language: Language
    ) -> OwnCaseView {
        let wording = CaseWording(owned, issuers: issuers, pages.vocabulary[language])
        let frame = Frame(
            brand: wording.merchant,
            switchAddress: "\(Paths.cases(owned.number))?\(LanguageChoice.name)=\(language.other.rawValue)")
        return OwnCaseView(wording, viewer: viewer, typed: typed, frame: frame)
    }
}
