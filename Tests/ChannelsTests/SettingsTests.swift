import Channels
import Foundation
import RefundDomain
import Testing

struct SettingsTests {
    @Test func goodSettingsAreSummedUpWithoutSecrets() throws {
        let summary = try ChannelBook.check(settings: TestPlatform.shared.settings())
        #expect(summary.channel == .wechatPay)
        #expect(summary.name == "Test")
        #expect(summary.merchantNumber == "1900000109")
    }

    @Test(arguments: ["mchid", "serial_no", "private_key_pem", "apiv3_key", "public_key_id", "public_key_pem"])
    func aMissingKeyIsNamed(key: String) throws {
        #expect(fault(try TestPlatform.shared.settings([key: nil]))?.key == key)
    }

    @Test(arguments: [
        ("channel", "wechat"), ("mchid", "19000 0109"), ("mchid", ""), ("sub_mchid", "x"), ("serial_no", "not hex!"),
        ("private_key_pem", "-----BEGIN PRIVATE KEY-----"), ("apiv3_key", "31 bytes are not quite enough.."),
        ("public_key_id", "0114"), ("public_key_pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
        ("platform_certificates_pem", "none"), ("base_url", "http://api.mch.weixin.qq.com"),
        ("base_url", "ftp://127.0.0.1"), ("base_url", "https://user@host"), ("base_url", "https://host/path"),
        ("base_url", "https://host:0"), ("base_url", "https://"), ("base_url", "http://127.0.0.1.evil.example"),
        ("name", String(repeating: "x", count: 65)), ("api_v3_key", "x"),
    ])
    func aWrongValueIsNamedAndNeverRepeated(key: String, value: String) throws {
        let fault = try #require(fault(try TestPlatform.shared.settings([key: value])))
        #expect(fault.key == key)
        #expect(value.utf8.count < 12 || !fault.description.contains(value))
    }

    @Test(arguments: [0, 31, -1])
    func aTimeoutBeyondReasonIsRefused(seconds: Int) throws {
        #expect(fault(try TestPlatform.shared.settings(["timeout_seconds": seconds]))?.key == "timeout_seconds")
    }

    @Test func aKeyGivenTwiceIsRefused() throws {
        let text = String(decoding: try TestPlatform.shared.settings(), as: UTF8.self)
        #expect(fault(Array(("{\"mchid\":\"1\"," + text.dropFirst()).utf8))?.key == "(file)")
    }

    @Test func oneKindOfPlatformKeyIsEnough() throws {
        let platform = TestPlatform.shared
        #expect(fault(try platform.settings(["platform_certificates_pem": nil])) == nil)
        #expect(fault(try platform.settings(["public_key_id": nil, "public_key_pem": nil])) == nil)
    }

    @Test func aChannelWithoutClientIsSaidSo() throws {
        #expect(fault(Array(#"{"channel":"pigeon"}"#.utf8))?.key == "channel")
    }

    @Test(arguments: [
        "https://api.mch.weixin.qq.com/", "http://localhost:8082", "http://[::1]:8082", "https://10.0.0.1",
    ])
    func aBaseAddressWithoutAPathIsTaken(address: String) throws {
        #expect(fault(try TestPlatform.shared.settings(["base_url": address])) == nil)
    }

    private func fault(_ settings: [UInt8]) -> AccountFault? {
        do throws(AccountFault) {
            _ = try ChannelBook.check(settings: settings)
            return nil
        } catch { return error }
    }
}
