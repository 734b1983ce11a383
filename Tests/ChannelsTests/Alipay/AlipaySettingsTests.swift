import RefundDomain
import Testing
import Vault

@testable import Channels

/// Wrong settings name the key at fault, and never its value.
struct AlipaySettingsTests {
    private let platform = AlipayPlatform.shared

    private func fault(_ settings: [UInt8]) -> AccountFault? {
        do throws(AccountFault) {
            _ = try Alipay.AccountSettings(json: settings)
            return nil
        } catch { return error }
    }

    @Test func bothModesAreRead() throws {
        #expect(fault(try platform.settings()) == nil)
        #expect(fault(try platform.certificateSettings()) == nil)
        let summary = try ChannelBook.check(settings: try platform.settings())
        #expect(summary.merchantNumber == "2021000000000001" && summary.channel == .alipay)
    }

    @Test func statementsKnowAMerchantByItsOwnNumberWhereItIsGiven() throws {
        let settings = try platform.settings(["seller_id": "2088501234567890"])
        #expect(try ChannelBook.check(settings: settings).merchantNumber == "2088501234567890")
        #expect(fault(try platform.settings(["seller_id": "20885012345678900156"]))?.key == "seller_id")
    }

    @Test func aWrongKeyIsNamed() throws {
        let stranger = try RSAPrivateKey.generate()
        let strangerPEM = String(decoding: try stranger.pem().bytes, as: UTF8.self)
        let wrong: [(String, [UInt8])] = [
            ("app_id", try platform.settings(["app_id": "x"])),
            ("app_id", try platform.settings(["app_id": nil])),
            ("private_key_pem", try platform.settings(["private_key_pem": "MIIB"])),
            ("alipay_public_key_pem", try platform.settings(["alipay_public_key_pem": nil])),
            ("alipay_public_key_pem", try platform.settings(["alipay_public_key_pem": "x"])),
            ("alipay_public_key_pem", try platform.settings(["app_cert_pem": "x"])),
            ("alipay_cert_pem", try platform.certificateSettings(["app_cert_pem": nil])),
            ("app_cert_pem", try platform.certificateSettings(["private_key_pem": strangerPEM])),
            ("app_cert_pem", try platform.certificateSettings(["app_cert_pem": "x"])),
            (
                "alipay_root_cert_pem",
                try platform.certificateSettings(["alipay_root_cert_pem": platform.roots[0].certificate.pem])
            ),
            ("alipay_cert_pem", try platform.certificateSettings(["alipay_cert_pem": "x"])),
            (
                "alipay_cert_pem",
                try platform.certificateSettings([
                    "alipay_cert_pem": try Certificate.selfSigned(
                        stranger, commonName: "forged", notBefore: 1_795_000_000, notAfter: 1_799_000_000
                    ).pem
                ])
            ),
            ("base_url", try platform.settings(["base_url": "http://openapi.alipay.com"])),
            ("mchid", try platform.settings(["mchid": "1"])),
            ("channel", try platform.settings(["channel": "wechatpay"])),
        ]
        for (key, settings) in wrong {
            let found = fault(settings)
            #expect(found?.key == key, "\(key): \(String(describing: found))")
            #expect(found.map { !$0.description.contains("PRIVATE KEY") } ?? false)
        }
    }

    @Test func twoPublicKeysCountDuringAChange() async throws {
        let newKey = try RSAPrivateKey.generate()
        let both = try newKey.publicKey().pem() + platform.key.publicKey().pem()
        let settings = try platform.settings(["alipay_public_key_pem": both])
        let content = #"{"code":"10000","msg":"Success"}"#
        let name = "alipay_trade_fastpay_refund_query_response"
        for key in [newKey, platform.key] {
            let answer = try platform.answer(name, content, key: key)
            #expect(try await platform.query(answer, settings: settings).verdict == .neverSeen)
        }
        let third = try platform.answer(name, content, key: platform.merchantKey)
        #expect(try await platform.query(third, settings: settings).code == "bad signature")
    }
}
