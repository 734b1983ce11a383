import Foundation
import RefundDesk
import RefundDomain
import Storage
import StoragePostgres
import StorageSQLite
import TestSupport
import Testing
import Vault

@testable import PortalCommand

/// `migrate --from … --to …` as a person runs it.
@Suite struct MovingTests {
    @Test func aPortalMovesToPostgreSQLAndBackAndThePersonHearsWhatIsNext() async throws {
        try await withPortal { folder, settings in
            let server = try await schemaURL()
            for (from, to) in [("sqlite:\(folder)/a.sqlite", server), (server, "sqlite:\(folder)/b.sqlite")] {
                let said = Said()
                try await Moving(from: from, to: to, settings).run(report: said.add)
                let told = said.outputs.joined()
                #expect(told.hasPrefix("Moved "))
                #expect(told.contains("DATABASE_URL") && told.contains("KEYS_FILE") && told.contains("rclone copy"))
                #expect(said.notes.contains("merchant\t1"))
            }
            let names = try await OpenDatabase.reading(.sqlite(path: folder + "/b.sqlite")).use { store in
                try await Office(store, settings).desk.merchants().map(\.name)
            }
            #expect(names == ["兰亭百货"])
        }
    }

    @Test func aDatabaseThatAServerHasOpenStaysWhereItIs() async throws {
        try await withPortal { folder, settings in
            guard case .taken(let lock) = try WriterLock.take(databasePath: folder + "/a.sqlite") else {
                throw StoreFault.busy
            }
            let moving = try Moving(from: "sqlite:\(folder)/a.sqlite", to: "sqlite:\(folder)/b.sqlite", settings)
            let failure = await #expect(throws: CommandFailure.self) { try await moving.run { _ in } }
            withExtendedLifetime(lock) {}
            #expect(failure?.code == .unreachable)
            #expect(failure?.sentence.contains("Stop it") == true)
            #expect(!FileManager.default.fileExists(atPath: folder + "/b.sqlite"))
        }
    }

    @Test func whatCannotBeMovedIsToldByItsOption() async throws {
        try await withPortal { folder, settings in
            let here = "sqlite:\(folder)/a.sqlite"
            for (from, to, word) in [
                (here, here, "same database"), ("mysql://x", here, "--from"), (here, "postgres://h/", "--to"),
            ] {
                let failure = #expect(throws: CommandFailure.self) { try Moving(from: from, to: to, settings) }
                #expect(failure?.code == .usage)
                #expect(failure?.sentence.contains(word) == true)
            }
            let missing = try Moving(from: "sqlite:\(folder)/none/x.sqlite", to: here, settings)
            let failure = await #expect(throws: CommandFailure.self) { try await missing.run { _ in } }
            #expect(failure?.sentence == "--from: \(folder)/none/x.sqlite is missing.")
            #expect(!FileManager.default.fileExists(atPath: folder + "/none"))
            let nowhere = try Moving(from: here, to: "postgres://x:y@127.0.0.1:1/none", settings)
            let silent = await #expect(throws: CommandFailure.self) { try await nowhere.run { _ in } }
            #expect(silent?.code == .unreachable)
            #expect(silent?.sentence.hasPrefix("--to:") == true)
        }
    }

    @Test(arguments: [
        (MoveFault.notEmpty(table: "payment"), ExitCode.cannotCreate), (.otherSource, .cannotCreate),
        (.schemasDiffer, .configuration), (.otherKeys, .configuration), (.takenOver, .tryAgain),
        (.cannotBeMoved("x"), .bug), (.stopped(table: "payment", .full), .inputOutput),
    ])
    func everyFaultOfAMoveHasItsExitCode(_ fault: MoveFault, _ code: ExitCode) {
        #expect(CommandFailure(fault as any Error).code == code)
    }

    @Test func aMoveThatHasNotEndedIsToldWhoeverOpensTheDatabase() {
        let failure = CommandFailure(StoreFault.schemaNewer(found: MoveMark.number, known: 1))
        #expect(failure.code == .configuration)
        #expect(failure.sentence.contains("has not ended"))
    }

    /// A portal with one merchant at `a.sqlite`, and settings with its keys.
    private func withPortal(_ body: (String, Settings) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            _ = try KeyFile.create(at: folder + "/keys.json")
            let settings = try await SettingsSource.read(
                file: nil, environment: ["KEYS_FILE": folder + "/keys.json"])
            try await OpenDatabase.migrating(.sqlite(path: folder + "/a.sqlite")).use { store in
                try await Migrator(deskMigrations).migrate(store, now: 0)
                try await Office(store, settings).desk.addMerchant(
                    code: "lanting", name: "兰亭百货", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
            }
            try await body(folder, settings)
        }
    }

    /// The address of an empty schema of the tests' PostgreSQL.
    private func schemaURL() async throws -> String {
        let server = try await PostgresServer.shared()
        let name = "moving" + UUID().uuidString.filter { $0 != "-" }.lowercased()
        let store = try await PostgresStore.open(server.address(), .maintenance)
        defer { store.close() }
        try await store.write { sql in _ = try sql.run("CREATE SCHEMA \(name)") }
        return "postgres://portal:portal@127.0.0.1:\(server.port)/postgres?options=-csearch_path%3D\(name)"
    }
}
