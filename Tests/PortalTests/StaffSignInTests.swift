import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Vault

@testable import Portal

@Suite struct StaffSignInTests {
    @Test func passwordAndCodeOpenTheQueueWithANewTokenEachTime() async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            let browser = portal.browser()
            let first = try await browser.post(
                "/staff/sign-in", ["email": " Lin@Example.com ", "password": Colleague.password])
            #expect(first.status == .seeOther)
            #expect(first.headers[.location] == "/staff/sign-in/code")
            #expect(first.headers[values: .setCookie].contains { $0.contains("SameSite=Strict") })
            let waiting = browser.cookie("rp_staff")
            #expect(try await browser.get("/merchant/queue").status == .seeOther)
            let second = try await browser.post("/staff/sign-in/code", ["code": portal.code(of: lin)])
            #expect(second.headers[.location] == "/merchant/queue")
            #expect(browser.cookie("rp_staff") != waiting)
            #expect(try await browser.get("/merchant/queue").status == .ok)
        }
    }

    @Test func aWrongPasswordAndAnUnknownAccountGetTheSameAnswer() async throws {
        try await withPortal { portal in
            _ = try await portal.hire("lin@example.com", .reviewer)
            let wrong = try await portal.browser().post(
                "/staff/sign-in", ["email": "lin@example.com", "password": "guess"])
            let unknown = try await portal.browser().post(
                "/staff/sign-in", ["email": "nob@example.com", "password": "guess"])
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.page.replacing("lin@", with: "nob@") == unknown.page)
            #expect(!wrong.page.contains("guess"))
        }
    }

    @Test func aCodeWorksOnce() async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            let code = portal.code(of: lin)
            for (browser, status) in [
                (portal.browser(), HTTPResponse.Status.seeOther), (portal.browser(), .unprocessableContent),
            ] {
                _ = try await browser.post("/staff/sign-in", ["email": lin.email, "password": Colleague.password])
                #expect(try await browser.post("/staff/sign-in/code", ["code": code]).status == status)
            }
        }
    }

    @Test(arguments: ["lin@example.com", "nobody@example.com"])
    func tenWrongPasswordsMakeThePairWaitAndNobodyElse(_ email: String) async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            for _ in 0..<10 {
                _ = try await portal.browser().post("/staff/sign-in", ["email": email, "password": "guess"])
                portal.clock.advance(seconds: 64)
            }
            let refused = try await portal.browser().post(
                "/staff/sign-in", ["email": email, "password": Colleague.password])
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] != nil)
            let credentials = try await portal.desk.staffCredentials(email: lin.email, address: "198.51.100.9")
            #expect(credentials != nil)
            portal.clock.advance(seconds: StaffLimits.waitSeconds + 1)
            let later = try await portal.browser().post(
                "/staff/sign-in", ["email": lin.email, "password": Colleague.password])
            #expect(later.status == .seeOther)
        }
    }

    @Test func wrongCodesCountAsWrongPasswordsDo() async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            var statuses: [HTTPResponse.Status] = []
            for _ in 0..<3 {
                let browser = portal.browser()
                statuses.append(
                    try await browser.post("/staff/sign-in", ["email": lin.email, "password": Colleague.password])
                        .status)
                for _ in 0..<5 {
                    portal.clock.advance(seconds: 33)
                    _ = try await browser.post("/staff/sign-in/code", ["code": "000000"])
                }
                portal.clock.advance(seconds: 33)
            }
            #expect(statuses == [.seeOther, .seeOther, .tooManyRequests])
        }
    }

    @Test func signingOutEndsTheSessionEverywhere() async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let token = try #require(browser.cookie("rp_staff"))
            _ = try await browser.get("/merchant/queue?state=approved")
            #expect(browser.cookie("rp_queue") != nil)
            let out = try await browser.post("/staff/sign-out")
            #expect(out.status == .seeOther)
            #expect(out.headers[.init("Clear-Site-Data")!] == "\"cache\", \"storage\"")
            #expect(browser.cookie("rp_staff") == nil && browser.cookie("rp_queue") == nil)
            #expect(try await portal.desk.staff(of: token) == nil)
        }
    }

    @Test func anIdleSessionEnds() async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            portal.clock.advance(seconds: StaffLimits.idleSeconds + 1)
            #expect(try await browser.get("/merchant/queue").status == .seeOther)
        }
    }

    @Test func aNewRoleHoldsFromTheNextClick() async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let number = try await portal.filed()
            try await portal.desk.store.write { sql in try sql.run("UPDATE staff SET role = 'clerk'") }
            let refused = try await browser.post(
                "/merchant/cases/\(number.text)/take", ["version": try await portal.version(number)])
            #expect(refused.status == .notFound)
            #expect(try await portal.state(number) == .submitted)
        }
    }

    @Test func signingInLeadsBackToThePageThatWasWanted() async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            let browser = portal.browser()
            let sent = try await browser.get("/merchant/queue?state=approved&q=12%2034")
            #expect(sent.headers[.location]?.hasPrefix("/staff/sign-in?next=") == true)
            let page = try await browser.open("/merchant/queue?state=approved")
            #expect(page.page.contains("value=\"/merchant/queue?state=approved\""))
            let next = "/merchant/queue?state=approved"
            _ = try await browser.post(
                "/staff/sign-in", ["email": lin.email, "password": Colleague.password, "next": next])
            let arrived = try await browser.post("/staff/sign-in/code", ["code": portal.code(of: lin), "next": next])
            #expect(arrived.headers[.location] == next)
        }
    }

    @Test(arguments: [
        "https://evil.example/", "//evil.example/merchant/", "/merchant/../../evil", "/\\evil.example",
        "/merchant/\r\nSet-Cookie: a=b", "javascript:alert(1)", "/cases/RF", "/merchant//evil.example",
        "/staff/accountant", "/staff/join/abc",
    ])
    func signingInLeadsOnlyToOurOwnStaffPages(_ next: String) {
        #expect(Destination(next) == nil)
    }

    @Test func emptyFieldsAreToldBesideThem() async throws {
        try await withPortal { portal in
            let answer = try await portal.browser("en").post("/staff/sign-in", ["email": "", "password": ""])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.page.contains("href=\"#email\"") && answer.page.contains("href=\"#password\""))
        }
    }
}
