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
        /// The library's version; only where the data is in a file.
        let sqlite: Int?
        /// Whether the library can damage a file that two processes write (sqlite.org/wal.html).
        let walResetBug: Bool?
        /// Uploads are not scanned in this version.
        let scanner: String

        enum CodingKeys: String, CodingKey {
            case ready, database, sqlite, scanner
            case walResetBug = "wal_reset_bug"
        }
    }

    let database: OpenDatabase

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { _, _ in answer("ok\n", "text/plain; charset=utf-8", .ok) }
        router.get("readyz") { _, _ in try await readiness() }
        return router
    }

    private func readiness() async throws -> Response {
        let isFile = if case .sqlite = database { true } else { false }
        let state = await state()
        let readiness = Readiness(
            ready: state == "ok", database: state, sqlite: isFile ? SQLiteStore.libraryVersion : nil,
            walResetBug: isFile ? SQLiteStore.hasWALResetBug : nil, scanner: "off")
        return answer(
            try JSONText.document(readiness), "application/json", readiness.ready ? .ok : .serviceUnavailable)
    }

    /// `ok`, or in one word why not; never the engine's own text.
    private func state() async -> String {
        do {
            try await Migrator(deskMigrations).requireCurrent(database.store)
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
