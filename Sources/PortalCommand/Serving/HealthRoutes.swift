import HTTPTypes
import Hummingbird
import NIOCore
import RefundDesk
import Storage
import StorageSQLite

/// What operators ask at `ADMIN_LISTEN`; never on the portal's own address.
struct HealthRoutes: Sendable {
    private struct Readiness: Encodable {
        let ready: Bool
        let database: String
        let sqlite: Int
        /// Whether the library can damage a file that two processes write (sqlite.org/wal.html).
        let walResetBug: Bool
        /// Uploads are not scanned in this version.
        let scanner: String

        enum CodingKeys: String, CodingKey {
            case ready, database, sqlite, scanner
            case walResetBug = "wal_reset_bug"
        }
    }

    let store: any Store

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { _, _ in answer("ok\n", "text/plain; charset=utf-8", .ok) }
        router.get("readyz") { _, _ in try await readiness() }
        return router
    }

    private func readiness() async throws -> Response {
        let database = await database()
        let readiness = Readiness(
            ready: database == "ok", database: database, sqlite: SQLiteStore.libraryVersion,
            walResetBug: SQLiteStore.hasWALResetBug, scanner: "off")
        return answer(
            try JSONText.document(readiness), "application/json", readiness.ready ? .ok : .serviceUnavailable)
    }

    /// `ok`, or in one word why not; never the engine's own text.
    private func database() async -> String {
        do {
            try await Migrator(deskMigrations).requireCurrent(store)
            return "ok"
        } catch StoreFault.schemaOlder, StoreFault.schemaNewer, StoreFault.migrationChanged {
            return "version"
        } catch {
            return "unavailable"
        }
    }

    private func answer(_ text: String, _ type: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
