import HTTPTypes
import Hummingbird
import NIOCore

/// What operators ask at `ADMIN_LISTEN`; never on the portal's own address.
struct HealthRoutes: Sendable {
    /// Names of the parts that are watched.
    static let database = "database"
    static let proofStore = "proof_store"
    static let scanner = "scanner"

    /// The most certificates that an answer lists.
    private static let endingsMax = 100

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
        /// Certificates of channel accounts that end soon or have ended; nil while there are none.
        let certificates: [KeyWatch.Ending]?
        /// The listener's own certificate; nil where it speaks in clear.
        let tls: TLSWatch.Detail?
        /// `off`, `ok`, or in words why uploads are held back.
        let scanner: String
        /// Whether uploads can be drawn for those who are to see them; only where there is a worker.
        let drawing: String?

        enum CodingKeys: String, CodingKey {
            case ready, database, sqlite, calendar, certificates, tls, scanner, drawing
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
    let keys: KeyWatch
    /// nil where the listener speaks in clear.
    var tls: TLSWatch?
    /// nil where the database is a server.
    let library: Library?
    /// Whether this process looks into uploads.
    let draws: Bool

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { _, _ in answer("ok\n", "text/plain; charset=utf-8", .ok) }
        router.get("readyz") { _, _ in try await readiness() }
        router.get("metrics") { _, _ in await metrics() }
        return router
    }

    private func readiness() async throws -> Response {
        let database = await watch.state(of: Self.database)
        let proofStore = await watch.state(of: Self.proofStore)
        let endings = await keys.endings
        let isReady = [database, proofStore].allSatisfy { $0 == nil || $0 == "ok" }
        let readiness = Readiness(
            ready: isReady, database: database, proofStore: proofStore, sqlite: library?.version,
            walResetBug: library?.hasWALResetBug, calendar: await calendar.detail,
            certificates: endings.isEmpty ? nil : Array(endings.prefix(Self.endingsMax)), tls: await tls?.detail,
            scanner: await watch.state(of: Self.scanner) ?? "off", drawing: draws ? DrawingState.words : nil)
        return answer(try JSONText.document(readiness), "application/json", isReady ? .ok : .serviceUnavailable)
    }

    private func metrics() async -> Response {
        let database = await watch.state(of: Self.database)
        let ready = Gauge(
            name: "refund_portal_database_ready", help: "1 while the database answers and can be written.",
            samples: [Gauge.Sample(labels: [], value: database == "ok" ? 1 : 0)])
        var gauges = [ready] + (await keys.gauges)
        if let tls { gauges.append(await tls.gauge) }
        return answer(gauges.map(\.text).joined(), Gauge.contentType, .ok)
    }

    private func answer(_ text: String, _ type: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
