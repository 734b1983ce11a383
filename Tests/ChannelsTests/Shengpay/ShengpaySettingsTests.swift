import Channels
import Foundation
import RefundDomain
import Testing

/// Shengpay is off until somebody says that the acquirer was asked; wrong settings name the key at fault.
struct ShengpaySettingsTests {
    private let platform = ShengpayPlatform.shared

    private func fault(_ changes: [String: Any?]) throws -> AccountFault? {
        let settings = try platform.settings(changes)
        do throws(AccountFault) {
            _ = try ChannelBook.check(settings: settings)
            return nil
        } catch { return error }
    }

    @Test func withoutTheAcquirersWordItStaysOff() throws {
        let fault = try #require(try fault(["confirmed_with_acquirer": nil, "mch_id": nil]))
        #expect(fault.key == "confirmed_with_acquirer")
        for part in ["off until the acquirer", "states", "notices", "limits", "docs/guides/shengpay.md"] {
            #expect(fault.problem.contains(part), "\(part)")
        }
        let wrong: [Any] = [true, "yes", "", 1]
        for value in wrong {
            #expect(try self.fault(["confirmed_with_acquirer": value])?.key == "confirmed_with_acquirer")
        }
        let guide = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../docs/guides/shengpay.md")
        #expect(try String(contentsOf: guide, encoding: .utf8).contains("confirmed_with_acquirer"))
    }

    @Test func goodSettingsAreReadWithAndWithoutTheAcquirersAnswers() throws {
        #expect(try fault([:]) == nil)
        let summary = try ChannelBook.check(settings: platform.publicFactsOnly())
        #expect(summary.channel == .shengpay && summary.merchantNumber == "1900000109" && summary.name == "Test")
    }

    /// Printed in a public client of Shengpay; 1024 bits.
    @Test func aPublishedKeyOfThePlatformIsTaken() throws {
        let key = """
            -----BEGIN PUBLIC KEY-----
            MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCmnlzMPhklUfsN8+enQkXk8vA5
            fGSGOIp6eHzExL7znaUN3bs9GORbvpPDVis8nWdKpgX6TeFP1L2hsVoNXkWZM2MX
            3P72HJQYdhcVpzhgMj3zlW3KI2/HQyns6Ub6yJNGTajXYEqy+qKY3I7EQETMI3vN
            128182lMaxwLmVikRQIDAQAB
            -----END PUBLIC KEY-----
            """
        #expect(try fault(["platform_public_key_pem": key]) == nil)
    }

    @Test func aWrongKeyIsNamedAndNeverRepeated() throws {
        let wrong: [(String, Any?)] = [
            ("mch_id", nil), ("mch_id", "19 00"), ("mch_id", String(repeating: "1", count: 21)), ("app_id", ""),
            ("private_key_pem", nil), ("private_key_pem", "MIIBVgIBADANBgkqhkiG"), ("platform_public_key_pem", nil),
            ("platform_public_key_pem", "MIGfMA0GCSqGSIb3"),
            ("platform_public_key_pem", platform.merchantPublicKeyPEM), ("refund_path", "refund"),
            ("refund_path", "/refund?x=1"), ("refund_path", "/../admin"), ("refund_path", "//host/x"),
            ("failed_codes", "A B"), ("failed_codes", "A,,B"), ("no_funds_codes", "TOO_LATE"), ("query_path", nil),
            ("query_path", "/refund/orderRefund"),
            ("query_state_name", nil), ("query_succeeded", nil), ("query_failed", "DONE"),
            ("query_failed", "PROCESSING"), ("base_url", "http://mchapi.shengpay.com"), ("timeout_seconds", 31),
            ("md5_key", "x"),
        ]
        for (key, value) in wrong {
            let found = try fault([key: value])
            #expect(found?.key == key, "\(key): \(String(describing: found))")
            #expect(!(found?.description.contains("MII") ?? true))
        }
    }
}
