import Foundation
import Logging
import Proofs
import StoragePostgres
import TestSupport
import Testing
import Web

@testable import PortalCommand

@Suite struct SettingsTests {
    @Test func withoutAnythingSetTheDefaultsHold() async throws {
        let settings = try await SettingsSource.read(file: nil, environment: [:])
        #expect(settings.listen.text == "127.0.0.1:8080")
        #expect(settings.adminListen.text == "127.0.0.1:9090")
        #expect(settings.origin.text == "http://127.0.0.1:8080")
        #expect(settings.database == .sqlite(path: "data/portal.sqlite"))
        guard case .folder("data/proofs") = settings.proofStore else {
            Issue.record("no folder: \(settings.proofStore)")
            return
        }
        #expect(settings.keysFile == "data/keys.json")
        #expect(settings.messageDirectory == nil)
        #expect(settings.worker == .on)
        #expect(settings.logLevel == .info)
        #expect(settings.logFormat == .text)
    }

    @Test func theEnvironmentComesBeforeTheFile() async throws {
        let settings = try await read(
            #"{"listen": "127.0.0.1:1000", "worker": "off"}"#, environment: ["LISTEN": "[::1]:2000"])
        #expect(settings.listen == ListenAddress(host: "::1", port: 2000))
        #expect(settings.origin.text == "http://[::1]:2000")
        #expect(settings.worker == .off)
    }

    @Test func anEmptyVariableIsNotSet() async throws {
        let settings = try await SettingsSource.read(file: nil, environment: ["SMTP_URL": "", "WORKER": ""])
        #expect(settings.worker == .on)
    }

    @Test(arguments: [
        ("LISTEN", "8080"), ("LISTEN", "127.0.0.1:0"), ("LISTEN", "127.0.0.1:65536"), ("LISTEN", "host:+80"),
        ("LISTEN", "::1:80"), ("LISTEN", "a b:80"), ("LISTEN", "[x]:80"), ("LISTEN", ":80"),
        ("PUBLIC_URL", "refund.example"), ("PUBLIC_URL", "https://a.example/path"),
        ("PUBLIC_URL", "http://refund.example"), ("PUBLIC_URL", "http://127.evil.example"),
        ("DATABASE_URL", "postgres://host"), ("DATABASE_URL", "postgres:host/base"),
        ("DATABASE_URL", "postgres://db.example/portal?sslmode=require"), ("DATABASE_URL", "mysql://host/base"),
        ("DATABASE_URL", "postgres://u:p@127.0.0.1/portal?pool_max_conns=0"), ("DATABASE_URL", "data/portal.sqlite"),
        ("DATABASE_URL", "sqlite:"),
        ("DATABASE_URL", "sqlite::memory:"), ("DATABASE_URL", "sqlite://data"), ("PROOF_STORE_URL", "s3://proofs"),
        ("PROOF_STORE_URL", "proofs"), ("TRUSTED_PROXIES", "10.0.0.0/33"), ("TRUSTED_PROXIES", "proxy.example"),
        ("WORKER", "yes"), ("LOG_LEVEL", "loud"), ("LOG_FORMAT", "xml"), ("CLAMD", "/run/clamd.sock"),
        ("CLAMD", "tcp:127.0.0.1"),
        ("SMTP_URL", "smtps://mail.example"), ("SMS_URL", "https://sms.example"),
        ("MIGRATE_DATABASE_URL", "postgres://x"), ("BACKUP_KEY_FILE", "k"),
    ])
    func whatDoesNotFitIsRefusedByName(_ name: String, _ value: String) async throws {
        let fault = await #expect(throws: SettingsFault.self) {
            try await SettingsSource.read(file: nil, environment: [name: value])
        }
        #expect(fault?.problems.map(\.variable) == [name])
    }

    @Test func aListenerSpeaksTLSWithBothFilesAndAnHTTPSAddress() async throws {
        let files = ["TLS_CERTIFICATE": "cert.pem", "TLS_KEY": "key.pem"]
        let settings = try await SettingsSource.read(
            file: nil,
            environment: files.merging(["LISTEN": "0.0.0.0:443", "PUBLIC_URL": "https://refund.example"]) { $1 })
        #expect(settings.tls == TLSFiles(certificate: "cert.pem", key: "key.pem"))
        #expect(try await SettingsSource.read(file: nil, environment: files).origin.text == "https://127.0.0.1:8080")
        let refused: [([String: String], [String])] = [
            (["TLS_KEY": "key.pem"], ["TLS_CERTIFICATE"]), (["TLS_CERTIFICATE": "cert.pem"], ["TLS_KEY"]),
            (files.merging(["PUBLIC_URL": "http://127.0.0.1:8080"]) { $1 }, ["PUBLIC_URL"]),
            (["LISTEN": "0.0.0.0:8080", "PUBLIC_URL": "http://127.0.0.1:8080"], ["PUBLIC_URL"]),
            (["LISTEN": "[::]:8080", "PUBLIC_URL": "http://localhost:8080"], ["PUBLIC_URL"]),
            (["LISTEN": "0.0.0.0:8080"], ["PUBLIC_URL"]),
        ]
        for (environment, names) in refused {
            let fault = await #expect(throws: SettingsFault.self) {
                try await SettingsSource.read(file: nil, environment: environment)
            }
            #expect(fault?.problems.map(\.variable) == names, "\(environment)")
        }
    }

    @Test func postgresIsNamedByItsAddressAndItsSecretIsNeverSaid() async throws {
        let url = "postgres://portal:hidden%20word@127.0.0.1:5433/refunds?pool_max_conns=7"
        let settings = try await SettingsSource.read(
            file: nil, environment: ["DATABASE_URL": url, "MIGRATE_DATABASE_URL": "postgres://owner@127.0.0.1/refunds"])
        guard case .postgres(let address) = settings.database, case .postgres(let owner) = settings.migrateDatabase
        else {
            Issue.record("no PostgreSQL: \(settings)")
            return
        }
        #expect(address.description == "postgres://portal@127.0.0.1:5433/refunds")
        #expect(address.connectionsMax == 7)
        #expect(owner.description == "postgres://owner@127.0.0.1/refunds")
        for broken in [url + "&sslmod=disable", url + "%zz"] {
            let fault = await #expect(throws: SettingsFault.self) {
                try await SettingsSource.read(file: nil, environment: ["DATABASE_URL": broken])
            }
            #expect(fault?.description.contains("hidden") == false)
        }
    }

    @Test func aBucketNeedsItsKeysAndTheyAreNeverSaid() async throws {
        var environment = ["PROOF_STORE_URL": "s3://proofs?endpoint=https://s3.example&region=cn-north-1"]
        environment["AWS_SECRET_ACCESS_KEY"] = "hidden secret"
        let missing = await fault(environment)
        #expect(missing?.description == "PROOF_STORE_URL: cannot be used: AWS_ACCESS_KEY_ID is missing")
        environment["AWS_ACCESS_KEY_ID"] = "key"
        let spaced = await fault(environment)
        #expect(spaced?.description.contains("AWS_SECRET_ACCESS_KEY holds spaces") == true)
        #expect(spaced?.description.contains("hidden") == false)
        environment["AWS_SECRET_ACCESS_KEY"] = "secret"
        let settings = try await SettingsSource.read(file: nil, environment: environment)
        guard case .bucket(let address, let credentials) = settings.proofStore else {
            Issue.record("no bucket: \(settings.proofStore)")
            return
        }
        #expect(address.bucket == "proofs")
        #expect(credentials.accessKey == "key")
    }

    private func fault(_ environment: [String: String]) async -> SettingsFault? {
        await #expect(throws: SettingsFault.self) {
            try await SettingsSource.read(file: nil, environment: environment)
        }
    }

    @Test func aWorkerHasNothingAtListen() async throws {
        let settings = try await SettingsSource.read(file: nil, environment: ["ADMIN_LISTEN": "127.0.0.1:8080"])
        let fault = #expect(throws: SettingsFault.self) { try settings.requireOwnAdminAddress() }
        #expect(fault?.problems.map(\.variable) == ["ADMIN_LISTEN"])
    }

    @Test func everythingWrongIsSaidAtOnce() async throws {
        let fault = await #expect(throws: SettingsFault.self) {
            try await SettingsSource.read(
                file: nil, environment: ["LISTEN": "x", "WORKER": "x", "SMTP_URL": "smtp://mail.example"])
        }
        #expect(Set(fault?.problems.map(\.variable) ?? []) == ["LISTEN", "WORKER", "SMTP_URL"])
    }

    @Test(arguments: [
        (#"{"lisen": "127.0.0.1:80"}"#, "lisen"), (#"{"LISTEN": "127.0.0.1:80"}"#, "LISTEN"),
        (#"{"listen": 80}"#, "--config"), ("[]", "--config"), ("listen=1", "--config"), ("", "--config"),
    ])
    func aFileWithOtherThanOurTextsIsRefused(_ content: String, _ name: String) async throws {
        let fault = await #expect(throws: SettingsFault.self) { try await read(content, environment: [:]) }
        #expect(fault?.problems.map(\.variable) == [name])
    }

    @Test func aMissingFileIsRefused() async throws {
        await #expect(throws: SettingsFault.self) {
            try await SettingsSource.read(file: "/nowhere/portal.json", environment: [:])
        }
    }

    private func read(_ content: String, environment: [String: String]) async throws -> Settings {
        try await withTemporaryFolder { folder in
            let path = folder + "/portal.json"
            try Data(content.utf8).write(to: URL(fileURLWithPath: path))
            return try await SettingsSource.read(file: path, environment: environment)
        }
    }
}
