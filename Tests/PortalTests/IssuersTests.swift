import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct IssuersTests {
    private func load(_ portal: PortalUnderTest) async throws {
        let rows = [("622588", 16, "CMB", "招商银行"), ("621260", 19, "A", "甲<b>"), ("621260001", 19, "B", "乙")]
        let prefixes = rows.map { digits, length, bank, name in
            CardPrefix(digits: digits, length: length, bank: bank, bankName: name, kind: .debit)
        }
        try await portal.desk.loadIssuers(CardIssuers(source: "a list", prefixes: prefixes))
    }

    @Test(arguments: ["zh-CN", "en"])
    func digitsLeadToTheBankAndItsTelephone(_ language: String) async throws {
        try await withPortal { portal in
            try await load(portal)
            let browser = try await portal.signedIn(
                try await portal.hire("desk@example.com", .support), language: language)
            let start = try await browser.get("/support/issuers").page
            #expect(start.contains("95588") && start.contains("a list"))
            let asked = try await browser.post("/support/issuers", ["digits": "6225 88"])
            #expect(asked.headers[.location] == "/support/issuers?digits=622588")
            let found = try await browser.get("/support/issuers?digits=622588").page
            #expect(found.contains("招商银行") && found.contains("95555"))
            let several = try await browser.get("/support/issuers?digits=621260").page
            #expect(several.contains("甲&lt;b&gt;") && several.contains("乙"))
            #expect(several.contains(language == "en" ? "Several banks" : "多家银行"))
            #expect(!(try await browser.get("/support/issuers?digits=621260001").page.contains("甲")))
            let none = try await browser.get("/support/issuers?digits=999999").page
            #expect(none.contains(language == "en" ? "No bank is known" : "没有查到"))
        }
    }

    @Test(arguments: ["6225880123451234", "62258", "x", "６２２５８８", "", "62258801234"])
    func whatMayBeAWholeNumberIsRefusedAndNotRepeated(_ digits: String) async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("desk@example.com", .support)
            let answer = try await browser.post("/support/issuers", ["digits": digits])
            #expect(answer.status == .unprocessableContent)
            #expect(digits.count < 6 || !answer.page.contains(digits))
            let typed = try await browser.get("/support/issuers?digits=6225880123451234")
            #expect(typed.status == .ok)
            #expect(!typed.page.contains("6225880123451234"))
        }
    }
}
