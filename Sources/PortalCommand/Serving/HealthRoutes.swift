import HTTPTypes
import Hummingbird
import NIOCore

/// What operators ask at `ADMIN_LISTEN`; never on the portal's own address.
struct HealthRoutes: Sendable {
    /// Names of the parts that are watched.
    static let database = "database"
    static let proofStore = "proof_store"

    private struct Readiness: Encodable {
        let ready: Bool
        /// `ok`, or in words why not.
        let database: String?
        /// The same; only where it is used.
        let proofStore: String?
        /// The library's version; only where the data is in a file.
        let sqlite: Int?
        /// Whether that library can damage a file that two processes write (sqlite.org/wal.html).
        let walResetBug: Bool?
        /// How far working days are known; nil until it was looked at.
        let calendar: CalendarWatch.Detail?
        /// Uploads are not scanned in this version.
        let scanner: String

        enum CodingKeys: String, CodingKey {
            case ready, database, sqlite, calendar, scanner
            case proofStore = "proof_store"
            case walResetBug = "wal_reset_bug"
        }
    }

    /// The library under a database file.
    struct Library: Sendable {
        let version: Int
        let hasWALResetBug: Bool
    }

    let watch: HealthWatch
    let calendar: CalendarWatch
    /// nil where the database is a server.
    let library: Library?

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { _, _ in answer("ok\n", "text/plain; charset=utf-8", .ok) }
        router.get("readyz") { _, _ in try await readiness() }
        return router
    }

    private func readiness() async throws -> Response {
        let database = await watch.state(of: Self.database)
        let proofStore = await watch.state(of: Self.proofStore)
        let isReady = [database, proofStore].allSatisfy { $0 == nil || $0 == "ok" }
        let readiness = Readiness(
            ready: isReady, database: database, proofStore: proofStore, sqlite: library?.version,
            walResetBug: library?.hasWALResetBug, calendar: await calendar.detail, scanner: "off")
        return answer(try JSONText.document(readiness), "application/json", isReady ? .ok : .serviceUnavailable)
    }

    private func answer(_ text: String, _ type: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
