import RefundDomain
import Testing
import Vault

@testable import Channels

/// Wrong settings name the key at fault, and never its value.
struct LakalaSettingsTests {
    private let platform = LakalaPlatform.shared

    private func fault(_ settings: [UInt8]) -> AccountFault? {
        do throws(AccountFault) {
            _ = try ChannelBook.check(settings: settings)
            return nil
        } catch { return error }
    }

    @Test func bothProductsAreRead() throws {
        #expect(fault(try platform.settings()) == nil)
        #expect(fault(try platform.slipSettings()) == nil)
        let summary = try ChannelBook.check(settings: try platform.settings())
        #expect(summary.merchantNumber == LakalaPlatform.merchantNumber && summary.channel == .lakala)
    }

    @Test(arguments: [
        "appid", "serial_no", "private_key_pem", "platform_certificate_pem", "merchant_no", "term_no", "product",
    ])
    func aMissingKeyIsNamed(key: String) throws {
        #expect(fault(try platform.settings([key: nil]))?.key == key)
    }

    @Test(arguments: [
        ("channel", "lakala2"), ("appid", "OP 3"), ("serial_no", "not hex!"), ("private_key_pem", "MIIB"),
        ("platform_certificate_pem", "none"), ("notice_certificate_pem", "none"), ("merchant_no", "82229005943"),
        ("term_no", "A925471"), ("sm4_key", "short"), ("sm4_key", "AAAA"), ("encrypted_path_suffix", "_encry"),
        ("product", "relation"), ("refund_account", "x"), ("request_ip", "example.com"),
        ("base_url", "http://s2.lakala.com"), ("base_url", "https://s2.lakala.com/api"),
        ("codes_failed", "small"), ("codes_failed", "000000"), ("codes_no_funds", "RFD11105"), ("mchid", "1"),
        ("origin_biz_type", "5"), ("card_mask", "16"), ("query_date", "today"),
    ])
    func aWrongValueIsNamed(key: String, value: String) throws {
        #expect(fault(try platform.slipSettings([key: value]))?.key == key)
    }

    @Test func aCodeHasOneMeaning() throws {
        let twice = try platform.settings(["codes_failed": "RFD20001", "codes_no_funds": "RFD20002 RFD20001"])
        #expect(fault(twice)?.key == "codes_no_funds")
        #expect(fault(try platform.settings(["codes_failed": "RFD20001 RFD20001"]))?.key == "codes_failed")
    }

    @Test(arguments: [29, 3601, -1]) func aToleranceBeyondReasonIsRefused(seconds: Int) throws {
        let settings = try platform.settings(["timestamp_tolerance_seconds": seconds])
        #expect(fault(settings)?.key == "timestamp_tolerance_seconds")
    }

    @Test func theMerchantsOwnCertificateIsNotLakalas() throws {
        let own = try LakalaPlatform.certificate(platform.merchantKey)
        for key in ["platform_certificate_pem", "notice_certificate_pem"] {
            let found = try #require(fault(try platform.settings([key: own.pem])))
            #expect(found.key == key && found.problem.contains("own"))
        }
    }

    @Test func whatTheChannelCanDoIsKnown() {
        #expect(ChannelCapability.of(.lakala)?.replaySafe == false)
        #expect(ChannelCapability.of(.lakala)?.queryPlanSeconds.first == 30)
    }
}
