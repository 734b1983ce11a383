import Channels
import Foundation
import RefundDomain
import Testing

/// Helipay is off until somebody says that the acquirer was asked; wrong settings name the key at fault.
struct HelipaySettingsTests {
    private let platform = HelipayPlatform.shared

    private func fault(_ changes: [String: Any?]) throws -> AccountFault? {
        let settings = try platform.settings(changes)
        do throws(AccountFault) {
            _ = try ChannelBook.check(settings: settings)
            return nil
        } catch { return error }
    }

    @Test func withoutTheAcquirersWordItStaysOff() throws {
        let fault = try #require(try fault(["confirmed_with_acquirer": nil, "md5_key": nil]))
        #expect(fault.key == "confirmed_with_acquirer")
        for part in ["off until the acquirer", "https", "error codes", "repeated", "docs/guides/helipay.md"] {
            #expect(fault.problem.contains(part), "\(part)")
        }
        #expect(try self.fault(["confirmed_with_acquirer": true])?.key == "confirmed_with_acquirer")
        let guide = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../docs/guides/helipay.md")
        #expect(try String(contentsOf: guide, encoding: .utf8).contains("confirmed_with_acquirer"))
    }

    @Test func goodSettingsAreReadWithAndWithoutTheAcquirersAnswers() throws {
        #expect(try fault([:]) == nil)
        let summary = try ChannelBook.check(settings: platform.publicFactsOnly())
        #expect(summary.channel == .helipay && summary.merchantNumber == "C1800000002" && summary.name == "Test")
    }

    @Test func aWrongKeyIsNamedAndNeverRepeated() throws {
        let wrong: [(String, Any?)] = [
            ("customer_number", nil), ("customer_number", "C 1"), ("md5_key", nil), ("md5_key", "secret7"),
            ("failed_codes", "0000"), ("failed_codes", "A;B"), ("query_not_found_codes", "0001"),
            ("no_funds_codes", "8101"), ("no_funds_codes", "0001"), ("base_url", "http://pay.trx.helipay.com"),
            ("timeout_seconds", 0), ("mch_id", "1"),
        ]
        for (key, value) in wrong {
            let found = try fault([key: value])
            #expect(found?.key == key, "\(key): \(String(describing: found))")
            #expect(!(found?.description.contains("secret7") ?? true))
        }
    }
}
