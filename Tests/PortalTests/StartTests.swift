import HTTPTypes
import HummingbirdTesting
import TestSupport
import Testing

@Suite struct StartTests {
    @Test func theFirstPageSpeaksTheLanguageThatIsAskedFor() async throws {
        try await withPortal { portal in
            let chinese = try await portal.browser().get("/")
            #expect(chinese.status == .ok)
            #expect(chinese.page.contains("lang=\"zh-Hans\""))
            let english = portal.browser("en-GB")
            #expect(try await english.get("/").page.contains("Request a refund"))
            #expect(try await english.get("/?lang=zh-Hans").page.contains("申请退款"))
            #expect(try await english.get("/").page.contains("申请退款"), "the choice is remembered")
        }
    }

    @Test func errorsHaveThePortalsHeadersAndWords() async throws {
        try await withPortal { portal in
            let browser = portal.browser()
            let unknown = try await browser.get("/nothing-here")
            #expect(unknown.status == .notFound)
            #expect(unknown.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            #expect(unknown.page.contains("没有这个页面"))
            let wrong = try await browser.post("/")
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers[.allow] == "GET, HEAD")
        }
    }

    @Test func aFormOfAnotherSiteIsRefused() async throws {
        try await withPortal { portal in
            let origin = try #require(HTTPField.Name("Origin"))
            let answer = try await portal.browser().post("/find", [:], [origin: "http://elsewhere.example"])
            #expect(answer.status == .forbidden)
        }
    }
}
