import Foundation
import RefundDesk
import Storage
import StoragePostgres
import TestSupport
import Testing
import Vault

@testable import PortalCommand

/// Commands on a PostgreSQL of the tests' own.
@Suite struct PostgresCommandTests {
    @Test func whatIsNotMigratedIsRefusedAndThenEverythingWorksWithoutALock() async throws {
        try await withSettings { settings in
            let refused = await #expect(throws: StoreFault.self) {
                try await Office.run(.addMerchant(Self.lanting), from: .nothing, settings)
            }
            #expect(refused == .schemaOlder(found: 0, known: Int64(deskMigrations.count)))
            let applied = try await OpenDatabase.migrating(settings.database).use { store in
                try await Migrator(deskMigrations).migrate(store, now: 0)
            }
            #expect(applied == deskMigrations)
            let serving = try await OpenDatabase.serving(settings.database)
            let beside = try await OpenDatabase.serving(settings.database)
            try await Office.run(.addMerchant(Self.lanting), from: .nothing, settings)
            let file = RepositoryFolder.path + "/docs/examples/lanting-wechat.csv"
            let command = ImportStatement(
                merchant: "lanting", format: nil, isDryRun: false, skipsBad: false, asJSON: false)
            try await Office.run(.importStatement(command), from: try .path(file), settings)
            let (names, faults) = try await Office.reading(settings) { office in
                (try await office.desk.merchants().map(\.code), try await office.desk.verify())
            }
            #expect(names == ["lanting"])
            #expect(faults == [])
            try serving.close()
            try beside.close()
        }
    }

    @Test(arguments: ["portal:wrong word@", "nobody:portal@", "portal:portal@", "port"])
    func whyADatabaseCannotBeUsedIsSaidAtOnceWithoutThePassword(_ what: String) async throws {
        let server = try await PostgresServer.shared()
        let user = what == "port" ? "portal:wrong%20word@" : what.replacing(" ", with: "%20")
        let port = what == "port" ? try PostgresServer.freePort() : server.port
        let address = try PostgresAddress("postgres://\(user)127.0.0.1:\(port)/nowhere")
        let fault = await #expect(throws: StoreFault.self) {
            _ = try await OpenDatabase.reading(.postgres(address))
        }
        let failure = CommandFailure(try #require(fault), of: Variable.databaseURL.rawValue)
        #expect(failure.code == .unreachable)
        #expect(failure.sentence.hasPrefix("DATABASE_URL: the database server cannot be used. It says: connection to "))
        #expect(!failure.sentence.contains("wrong word"))
    }

    private static let lanting = AddMerchant(
        code: "lanting", name: "兰亭百货", nameEnglish: nil, zone: "Asia/Shanghai", currency: "CNY")

    /// Settings that lead to a new schema of the shared server.
    private func withSettings(_ body: (Settings) async throws -> Void) async throws {
        let server = try await PostgresServer.shared()
        let schema = "c" + UUID().uuidString.filter { $0 != "-" }.lowercased()
        let url = "postgres://portal:portal@127.0.0.1:\(server.port)/postgres?options=-csearch_path%3D\(schema)"
        let database = OpenDatabase.postgres(try await PostgresStore.open(try PostgresAddress(url)))
        _ = try await database.use { store in try await store.write { sql in try sql.run("CREATE SCHEMA \(schema)") } }
        try await withTemporaryFolder { folder in
            let environment = ["DATABASE_URL": url, "KEYS_FILE": folder + "/keys.json"]
            _ = try KeyFile.create(at: folder + "/keys.json")
            try await body(try await SettingsSource.read(file: nil, environment: environment))
        }
    }
}
