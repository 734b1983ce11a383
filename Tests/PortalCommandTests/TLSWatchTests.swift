import Foundation
import Logging
import RefundDomain
import TestSupport
import Testing
import Vault

@testable import PortalCommand

@Suite struct TLSWatchTests {
    private static let now: Int64 = 1_795_000_000

    /// Writes a certificate of so many days and its key.
    private func write(_ folder: String, days: Int64, keyMode: Int = 0o600) throws -> TLSFiles {
        let key = try RSAPrivateKey.generate()
        let certificate = try Certificate.selfSigned(
            key, commonName: "portal.example", notBefore: 0, notAfter: Self.now + days * 86_400)
        let files = TLSFiles(certificate: "\(folder)/a.pem", key: "\(folder)/a.key")
        try certificate.pem.write(toFile: files.certificate, atomically: true, encoding: .utf8)
        try? FileManager.default.removeItem(atPath: files.key)
        try #require(
            FileManager.default.createFile(
                atPath: files.key, contents: Data(try key.pem().bytes), attributes: [.posixPermissions: keyMode]))
        return files
    }

    private func watch(_ files: TLSFiles) throws -> TLSWatch {
        try TLSWatch(
            files, clock: { Moment(milliseconds: Self.now * 1000) }, logger: Logger(label: "test"))
    }

    @Test func whatIsReadAgainIsUsedAndWhatIsBadIsNot() async throws {
        try await withTemporaryFolder { folder in
            let watch = try watch(try write(folder, days: 30))
            #expect(await watch.detail.daysLeft == 30)
            _ = try write(folder, days: 60)
            await watch.reload()
            #expect(await watch.detail == TLSWatch.Detail(until: await watch.detail.until, daysLeft: 60, refused: nil))
            for (days, mode, words) in [(Int64(90), 0o644, "mode must be 0600"), (-1, 0o600, "has ended")] {
                _ = try write(folder, days: days, keyMode: mode)
                await watch.reload()
                let detail = await watch.detail
                #expect(detail.daysLeft == 60)
                #expect(detail.refused?.contains(words) == true, "\(detail)")
            }
            try "nothing".write(toFile: "\(folder)/a.pem", atomically: true, encoding: .utf8)
            await watch.reload()
            #expect(await watch.detail.refused?.contains("TLS_CERTIFICATE: \(folder)/a.pem has no certificate") == true)
            _ = try write(folder, days: 10)
            await watch.reload()
            #expect(await watch.detail.refused == nil)
            #expect(await watch.gauge.text.contains("refund_portal_tls_certificate_days_left 10\n"))
        }
    }

    @Test func whatCannotBeUsedAtTheStartNamesItsSetting() async throws {
        try await withTemporaryFolder { folder in
            let files = try write(folder, days: 30, keyMode: 0o640)
            #expect(throws: CommandFailure.self) { try watch(files) }
            let missing = TLSFiles(certificate: "\(folder)/none.pem", key: files.key)
            let failure = #expect(throws: CommandFailure.self) { try watch(missing) }
            #expect(failure?.code == .configuration)
            #expect(failure?.sentence.hasPrefix("TLS_CERTIFICATE: \(folder)/none.pem") == true)
        }
    }

    @Test func aCertificateThatHasEndedDoesNotKeepTheServerFromStarting() async throws {
        try await withTemporaryFolder { folder in
            let watch = try watch(try write(folder, days: -3))
            #expect(await watch.detail.daysLeft == -1)
        }
    }
}
