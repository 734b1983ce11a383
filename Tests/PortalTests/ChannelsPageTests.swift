import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing
import Vault

@testable import Portal

/// The page of channel accounts: who takes orders, and whose certificates end.
@Suite struct ChannelsPageTests {
    @Test(arguments: ["zh-CN", "en"])
    func certificatesThatEndAreSaid(_ language: String) async throws {
        try await withPortal { portal in
            let now = portal.desk.clock().seconds
            let key = try RSAPrivateKey.generate()
            let soon = try Certificate.selfSigned(
                key, commonName: "soon<b>", notBefore: now - 86_400, notAfter: now + 6 * 86_400 + 60)
            let ended = try Certificate.selfSigned(
                key, commonName: "ended", notBefore: now - 9 * 86_400, notAfter: now - 86_400)
            let account = try #require(try await portal.desk.channelAccounts().first)
            let settings = "{\"platform_certificates_pem\":\"\(soon.pem)\(ended.pem)\"}".replacing("\n", with: "\\n")
            try await portal.desk.changeChannelSettings(accountID: account.id, to: Array(settings.utf8))
            let support = try await portal.signedIn(
                try await portal.hire("desk@example.com", .support), language: language)
            let page = try await support.get("/support/channels").page
            #expect(page.contains("soon&lt;b&gt;") && page.contains("platform_certificates_pem"))
            #expect(page.contains(language == "en" ? "6 days left" : "还剩 6 天"))
            #expect(page.contains(language == "en" ? "Ended" : "已到期"))
            #expect(page.contains(language == "en" ? "Takes orders" : "正常"))
            #expect(!page.contains(account.callbackName))
        }
    }

    @Test func aMerchantSeesItsOwnAccountsOnly() async throws {
        try await withPortal { portal in
            try await Samples.addMerchant(portal.desk, code: "other", terminal: "20000002")
            let accounts = try await portal.desk.channelAccounts()
            let own = try #require(accounts.first { $0.merchantCode == Samples.merchant })
            let browser = try await portal.signedIn("admin@example.com", .merchantAdmin)
            let page = try await browser.get("/merchant/channels").page
            #expect(page.contains(own.merchantNumber))
            for other in accounts where other.merchantCode != Samples.merchant {
                #expect(!page.contains(other.name) || other.name == own.name)
            }
            #expect(try await browser.get("/support/channels").status == .notFound)
        }
    }
}
