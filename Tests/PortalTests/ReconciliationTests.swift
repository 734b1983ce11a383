import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@testable import Portal

@Suite struct ReconciliationTests {
    /// A file with a refund that nobody knows and with another amount for ours.
    private func differ(_ portal: PortalUnderTest, _ number: CaseNumber) async throws {
        let row = try await portal.desk.store.read { sql in
            try sql.row(
                """
                SELECT movement.refund_number
                FROM   movement
                JOIN   refund_case
                ON     refund_case.id = movement.case_id
                WHERE  refund_case.number = $1
                """, [.text(number.text)])
        }
        let ours = try #require(try row?.text("refund_number"))
        let at = LocalTime(portal.clock.now, secondsAheadOfUTC: 28_800)
        let lines = [(ours, Int64(5_999)), ("TILL-<b>1</b>", 700)].map { name, minor in
            ImportItem.row(
                .refund(
                    StatementRefund(
                        line: 2, kind: .refund, status: .succeeded, merchantNumber: "1900000109", channel: .wechatPay,
                        refundedAt: at, refundNumber: name, channelRefundNumber: "503\(name)", amount: .fen(minor))))
        }
        let source = ImportSource(format: "wechat-bill") {
            var rest = lines[...]
            return { rest.popFirst() }
        }
        _ = try await portal.desk.reconcile(source, merchantCode: Samples.merchant)
    }

    private func id(_ portal: PortalUnderTest, _ kind: Difference) async throws -> String {
        let row = try await portal.desk.store.read { sql in
            try sql.row("SELECT id FROM difference WHERE kind = $1", [.text(kind.rawValue)])
        }
        return try #require(try row?.text("id"))
    }

    @Test(arguments: ["zh-CN", "en"])
    func differencesAreListedWithTheirAgesAndClosedWithANote(_ language: String) async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.succeeded])
            try await differ(portal, number)
            portal.clock.advance(seconds: 3 * 86_400)
            let browser = try await portal.signedIn(
                try await portal.hire("money@example.com", .finance), language: language)
            let list = try await browser.get("/support/reconciliation").page
            #expect(list.contains(language == "en" ? "3 days" : "3 天"))
            #expect(list.contains("¥59.99") && list.contains("¥60.00"))
            #expect(list.contains("TILL-&lt;b&gt;1&lt;/b&gt;"))
            let address = "/support/reconciliation/\(try await id(portal, .amount))"
            let page = try await browser.get(address).page
            #expect(page.contains("/support/cases/\(number.text)\""))
            let empty = try await browser.post("\(address)/close", ["note": " "])
            #expect(empty.status == .unprocessableContent)
            #expect(empty.page.contains("href=\"#note\""))
            let closed = try await browser.post("\(address)/close", ["note": "One fen <kept> by the bank."])
            #expect(closed.headers[.location] == address)
            let after = try await browser.get(address).page
            #expect(after.contains("One fen &lt;kept&gt; by the bank."))
            #expect(!after.contains("name=\"note\""))
            #expect(try await browser.post("\(address)/close", ["note": "Again."]).status == .notFound)
            #expect(!(try await browser.get("/support/reconciliation").page.contains(address)))
            #expect(try await browser.get("/support/reconciliation?show=closed").page.contains(address))
            #expect(try await browser.get("/support/cases/\(number.text)").status == .ok)
        }
    }

    @Test func supportLooksAndDoesNotClose() async throws {
        try await withPortal { portal in
            try await differ(portal, try await portal.paid([.succeeded]))
            let browser = try await portal.signedIn("support@example.com", .support)
            let address = "/support/reconciliation/\(try await id(portal, .unknownHere))"
            let page = try await browser.get(address)
            #expect(page.status == .ok)
            #expect(!page.page.contains("name=\"note\""))
            #expect(try await browser.post("\(address)/close", ["note": "Seen."]).status == .notFound)
        }
    }

    @Test func aMerchantSeesItsOwnAndNoOther() async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.succeeded])
            try await differ(portal, number)
            try await portal.desk.addMerchant(
                code: "other", name: "别家", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
            let address = "/merchant/reconciliation/\(try await id(portal, .amount))"
            let own = try await portal.signedIn("own@example.com", .approver)
            #expect(try await own.get("/merchant/reconciliation").page.contains(address))
            let page = try await own.get(address)
            #expect(page.page.contains("/merchant/cases/\(number.text)\""))
            #expect(!page.page.contains("<form method=\"post\" action=\"/merchant/reconciliation"))
            let other = try await portal.signedIn("other@example.com", .approver, merchantCode: "other")
            #expect(!(try await other.get("/merchant/reconciliation").page.contains(address)))
            #expect(try await other.get(address).status == .notFound)
            #expect(try await other.get("/support/reconciliation").status == .notFound)
            let clerk = try await portal.signedIn("clerk@example.com", .clerk)
            #expect(try await clerk.get("/merchant/reconciliation").status == .notFound)
        }
    }

    @Test(arguments: ["", "&after=0_0", "&after=x", "&after=9999999999999999999_1", "&after=1_%27%3B--"])
    func everyListOpensWithAnyKey(_ key: String) async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("money@example.com", .finance)
            for list in ["open", "closed", "nothing"] {
                #expect(try await browser.get("/support/reconciliation?show=\(list)\(key)").status == .ok)
            }
            #expect(try await browser.get("/support/reconciliation/none").status == .notFound)
        }
    }
}
