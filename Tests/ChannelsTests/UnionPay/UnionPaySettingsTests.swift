import Channels
import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

struct UnionPaySettingsTests {
    private let platform = UnionPayPlatform.shared

    @Test func goodSettingsAreSummedUpWithoutSecrets() throws {
        let summary = try ChannelBook.check(settings: platform.settings())
        #expect(summary == (try ChannelBook.check(settings: platform.settings(["sign_method": nil]))))
        #expect(summary.channel == .unionPay)
        #expect(summary.name == "Test")
        #expect(summary.merchantNumber == "777290058167151")
    }

    @Test(arguments: [
        "mer_id", "biz_type", "channel_type", "certificate_pem", "root_certificates_pem", "middle_certificates_pem",
    ])
    func aMissingKeyIsNamed(key: String) throws {
        #expect(fault([key: nil])?.key == key)
    }

    @Test(arguments: [
        ("mer_id", "77729005816715"), ("mer_id", "777290058167 51"), ("biz_type", "B2C001"), ("channel_type", "7"),
        ("sign_method", "11"), ("sign_method", "1"), ("private_key_pem", "-----BEGIN PRIVATE KEY-----"),
        ("certificate_pem", "none at all"), ("root_certificates_pem", "none at all"),
        ("middle_certificates_pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        ("pfx_base64", "AAAA"), ("base_url", "http://gateway.95516.com"), ("merId", "777290058167151"),
        ("signer_common_name", ""), ("allow_sha1_certificates", "true"),
    ])
    func aWrongValueIsNamedAndNeverRepeated(key: String, value: String) throws {
        let found = try #require(fault([key: value]))
        #expect(found.key == (key == "pfx_base64" ? "private_key_pem" : key))
        #expect(value.utf8.count < 12 || !found.description.contains(value))
    }

    @Test func aPfxFileStandsForKeyAndCertificate() throws {
        let vector = try UnionPayVector.named("UP-PFX-OMNIPAY")
        let pfx: [String: Any?] = [
            "private_key_pem": nil, "certificate_pem": nil, "pfx_base64": vector.pfxB64, "pfx_password": "000000",
        ]
        #expect(fault(pfx) == nil)
        #expect(fault(pfx.merging(["pfx_password": "000001"]) { $1 })?.key == "pfx_password")
        #expect(fault(pfx.merging(["pfx_password": nil]) { $1 })?.key == "pfx_password")
        #expect(fault(pfx.merging(["pfx_base64": "not base64!"]) { $1 })?.key == "pfx_base64")
        #expect(fault(pfx.merging(["pfx_base64": "MAA="]) { $1 })?.problem == "is not a .pfx file (PKCS#12)")
        #expect(fault(["private_key_pem": nil])?.key == "pfx_base64")
    }

    @Test func aCertificateOfAnotherKeyIsNamed() throws {
        #expect(fault(["certificate_pem": platform.certificate.pem])?.problem == "does not belong to private_key_pem")
    }

    @Test func aLeafIsNoRoot() throws {
        #expect(fault(["root_certificates_pem": platform.certificate.pem])?.key == "root_certificates_pem")
    }

    @Test func testRootsDoNotGoWithTheProductionAddress() throws {
        let authorities = try UnionPayVector.testAuthorities()
        let test: [String: Any?] = [
            "root_certificates_pem": authorities.root, "middle_certificates_pem": authorities.middle,
        ]
        #expect(fault(test)?.key == "root_certificates_pem")
        #expect(fault(test.merging(["base_url": "https://gateway.test.95516.com"]) { $1 }) == nil)
    }

    @Test func aSharedKeyNeedsNoCertificates() throws {
        let shared: [String: Any?] = [
            "private_key_pem": nil, "certificate_pem": nil, "root_certificates_pem": nil,
            "middle_certificates_pem": nil, "sign_method": "12", "secure_key": "0123456789abcdef",
        ]
        #expect(fault(shared) == nil)
        #expect(fault(shared.merging(["secure_key": nil]) { $1 })?.key == "secure_key")
        #expect(fault(shared.merging(["secure_key": "too short"]) { $1 })?.key == "secure_key")
    }

    @Test func whatTheChannelCanDoIsKnown() {
        #expect(ChannelCapability.of(.unionPay)?.replaySafe == false)
        #expect(ChannelCapability.of(.unionPay)?.queryPlanSeconds.prefix(6) == [1, 2, 4, 8, 16, 32])
    }

    private func fault(_ changes: [String: Any?]) -> AccountFault? {
        do {
            _ = try ChannelBook.check(settings: platform.settings(changes))
            return nil
        } catch { return error as? AccountFault }
    }
}
