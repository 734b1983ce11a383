import HTTPTypes
import Hummingbird
import RefundDesk
import Vault
import Web

/// The changes of a case as they happen, for a page that is open.
struct LiveRoutes: Sendable {
    /// The version that a page shows, in the query; after the first event the browser says it in `Last-Event-ID`.
    static let versionField = "version"

    private let parts: PortalParts
    private let query: OwnCaseQuery
    private let seats: LiveSeats

    init(_ parts: PortalParts) {
        self.parts = parts
        query = OwnCaseQuery(desk: parts.desk)
        seats = LiveSeats(parts.live)
    }

    func add(to router: Router<PortalContext>) {
        router.get("/cases/:number/events", use: events)
    }

    @Sendable private func events(_ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await query.visit(context)
        let seat = try seats.take(session: Digest.sha256(Array(visit.visitor.utf8)))
        let pace = try LivePace(parts.live) { try parts.desk.chance.bytes(1).first ?? 0 }
        let fields = try FormFields.query(request)
        let known = request.headers[named: "Last-Event-ID"] ?? fields.text(LiveRoutes.versionField)
        return LiveCase(visit: visit, query: query, pace: pace, known: known.flatMap { Int64($0) }, seat: seat)
            .answer(to: request)
    }
}
