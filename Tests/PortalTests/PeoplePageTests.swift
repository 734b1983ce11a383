import Foundation
import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Vault

@testable import Portal

extension PortalUnderTest {
    /// The link of the newest invitation that is due, as if it had been sent.
    func takeInvitation() async throws -> OutgoingInvitation {
        while let job = try await desk.claimJob() {
            guard job.kind == .sendInvitation, let invitation = try await desk.outgoingInvitation(job) else { continue }
            try await desk.invitationSent(job)
            return invitation
        }
        throw Refusal.notFound
    }

    /// The code that an authenticator with this secret shows now.
    func code(of secret: Secret) -> String {
        OneTimeCode.standard.code(secret: secret, step: OneTimeCode.standard.step(at: clock.now.seconds))
    }
}

@Suite struct PeoplePageTests {
    private static let password = "violet tractor seldom hums"

    /// Somebody invited by an administrator, up to the page with their recovery codes.
    private func joined(
        _ portal: PortalUnderTest, _ browser: Browser, email: String = "new@example.com"
    ) async throws -> (page: String, secret: Secret) {
        let admin = try await portal.signedIn("admin@example.com", .merchantAdmin)
        let sent = try await admin.post("/merchant/people", ["email": email, "role": "reviewer"])
        #expect(sent.headers[.location] == "/merchant/people")
        let link = "/staff/join/\(try await portal.takeInvitation().link)"
        let secret = try #require(try await portal.desk.invitation(link: String(link.dropFirst(12)))).secret
        #expect(try await browser.get(link).page.contains("<path d=\"M"))
        let answer = try await browser.post(
            link, ["new_password": PeoplePageTests.password, "code": portal.code(of: secret)])
        #expect(answer.status == .ok)
        return (answer.page, secret)
    }

    private func codes(_ page: String) -> [String] {
        page.components(separatedBy: "<li class=\"number\">").dropFirst().map { String($0.prefix { $0 != "<" }) }
    }

    @Test(arguments: ["zh-CN", "en"])
    func somebodyIsInvitedSetsThemselvesUpAndSignsInByARecoveryCode(_ language: String) async throws {
        try await withPortal { portal in
            let browser = portal.browser(language)
            let codes = codes(try await joined(portal, browser).page)
            #expect(codes.count == RecoveryCodes.setCount)
            #expect(try await browser.get("/merchant/queue").status == .ok)
            let other = portal.browser(language)
            for status in [HTTPResponse.Status.seeOther, .unprocessableContent] {
                _ = try await other.post(
                    "/staff/sign-in", ["email": "new@example.com", "password": PeoplePageTests.password])
                #expect(try await other.get("/staff/sign-in/code").page.contains("/staff/sign-in/recovery"))
                #expect(try await other.get("/staff/sign-in/recovery").status == .ok)
                let answer = try await other.post("/staff/sign-in/recovery", ["code": codes[3].lowercased()])
                #expect(answer.status == status)
                guard status == .seeOther else { continue }
                let account = try await other.open(try #require(answer.headers[.location])).page
                #expect(account.contains(language == "en" ? "9 are left" : "还剩 9 个"))
                _ = try await other.post("/staff/sign-out")
            }
        }
    }

    @Test func aPasswordThatEverybodyTriesIsToldBesideItsField() async throws {
        try await withPortal { portal in
            let admin = try await portal.signedIn("admin@example.com", .merchantAdmin)
            _ = try await admin.post("/merchant/people", ["email": "lin.wei@example.com", "role": "clerk"])
            let link = "/staff/join/\(try await portal.takeInvitation().link)"
            let browser = portal.browser("en")
            for (typed, said) in [
                ("", "Enter a new password"), ("short", "Too short"), ("qwerty123456", "Too many people"),
                ("my lin.wei password", "name of your address"), (String(repeating: "ab ", count: 50), "Too long"),
            ] {
                let answer = try await browser.post(link, ["new_password": typed, "code": "000000"])
                #expect(answer.status == .unprocessableContent && answer.page.contains(said), "\(typed)")
                #expect(answer.page.contains("href=\"#new_password\"") && !answer.page.contains("value=\"\(typed)\""))
            }
            let wrong = try await browser.post(
                link, ["new_password": PeoplePageTests.password, "code": "abc"])
            #expect(wrong.status == .unprocessableContent && wrong.page.contains("href=\"#code\""))
        }
    }

    @Test func aLinkThatLeadsNowhereIsTheSamePageWhateverItWas() async throws {
        try await withPortal { portal in
            let browser = portal.browser("en")
            _ = try await joined(portal, browser)
            let link = try await portal.desk.store.read { sql in
                try sql.row("SELECT id FROM staff_invitation")?.text("id")
            }
            #expect(link != nil)
            let unknown = try await portal.browser("en").get("/staff/join/nothing")
            #expect(unknown.status == .notFound && unknown.page.contains("does not work any more"))
            let posted = try await portal.browser("en").post("/staff/join/nothing", ["new_password": "x", "code": "1"])
            #expect(posted.status == .notFound)
        }
    }

    @Test(arguments: ["zh-CN", "en"])
    func anAdministratorSeesWhoWorksHereAndChangesIt(_ language: String) async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            let theirs = try await portal.signedIn(lin)
            let id = try await portal.member(lin).id
            let admin = try await portal.signedIn(
                try await portal.hire("admin@example.com", .merchantAdmin), language: language)
            let list = try await admin.get("/merchant/people").page
            #expect(list.contains("lin@example.com") && list.contains("/merchant/people/\(id)"))
            let page = "/merchant/people/\(id)"
            #expect(try await admin.get(page).page.contains("name=\"was\" value=\"reviewer\""))
            let changed = try await admin.post("\(page)/role", ["was": "reviewer", "role": "clerk"])
            #expect(changed.headers[.location] == page)
            #expect(try await theirs.get("/merchant/policy").status == .notFound)
            let stale = try await admin.post("\(page)/role", ["was": "reviewer", "role": "approver"])
            #expect(stale.status == .conflict)
            #expect(stale.page.contains(language == "en" ? "a moment ago" : "刚刚有人改过"))
            #expect(try await admin.post("\(page)/shut-out").status == .seeOther)
            #expect(try await theirs.get("/merchant/queue").status == .seeOther)
            #expect(try await admin.get(page).page.contains("/let-in"))
            #expect(try await admin.post("\(page)/let-in").status == .seeOther)
            for typed in ["lin@example.com", "nobody", ""] {
                let answer = try await admin.post("/merchant/people", ["email": typed, "role": "clerk"])
                #expect(answer.status == .unprocessableContent && answer.page.contains("href=\"#email\""), "\(typed)")
            }
            let finance = try await admin.post("/merchant/people", ["email": "a@b.example", "role": "finance"])
            #expect(finance.status == .unprocessableContent && finance.page.contains("href=\"#role\""))
        }
    }

    @Test func aLostAuthenticatorTakesASecondAdministrator() async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            let page = "/merchant/people/\(try await portal.member(lin).id)"
            let first = try await portal.signedIn("first@example.com", .merchantAdmin)
            let second = try await portal.signedIn("second@example.com", .merchantAdmin)
            #expect(try await first.post("\(page)/reset").headers[.location] == "/merchant/people")
            #expect(try await second.post("\(page)/reset").status == .conflict)
            let own = try await first.get("/merchant/people").page
            #expect(!own.contains("/confirm\""))
            let seen = try await second.get("/merchant/people").page
            let start = try #require(seen.ranges(of: "/merchant/people/invitations/").first?.lowerBound)
            let confirm = String(seen[start...].prefix { $0 != "\"" })
            #expect(try await first.post(confirm).status == .conflict)
            #expect(try await second.post(confirm).status == .seeOther)
            let sent = try await portal.takeInvitation()
            #expect(sent.kind == .reset && sent.to == "lin@example.com")
            let open = try #require(try await portal.desk.invitation(link: sent.link))
            let browser = portal.browser()
            let done = try await browser.post(
                "/staff/join/\(sent.link)",
                ["new_password": PeoplePageTests.password, "code": portal.code(of: open.secret)])
            #expect(done.status == .ok && codes(done.page).count == 10)
            let old = try await portal.browser().post(
                "/staff/sign-in", ["email": "lin@example.com", "password": Colleague.password])
            #expect(old.status == .unprocessableContent)
        }
    }

    @Test func theOperatorsPeopleAreKeptByTheirOwnAdministrators() async throws {
        try await withPortal { portal in
            _ = try await portal.hire("support@example.com", .support)
            let lin = try await portal.hire("lin@example.com", .reviewer)
            let admin = try await portal.signedIn("chief@example.com", .operatorAdmin)
            let page = try await admin.open("/staff").page
            #expect(page.contains("support@example.com") && !page.contains("lin@example.com"))
            #expect(
                try await admin.get("/support/people/\(try await portal.member(lin).id)").status == .notFound)
            let sent = try await admin.post("/support/people", ["email": "new@example.com", "role": "finance"])
            #expect(sent.status == .seeOther)
            #expect(try await portal.takeInvitation().merchantName == nil)
        }
    }
}

@Suite struct AccountPageTests {
    private static let password = "violet tractor seldom hums"

    @Test(arguments: ["zh-CN", "en"])
    func somebodyChangesTheirPasswordAndTheirOtherSessionsEnd(_ language: String) async throws {
        try await withPortal { portal in
            let lin = try await portal.hire("lin@example.com", .reviewer)
            let other = try await portal.signedIn(lin)
            let browser = try await portal.signedIn(lin, language: language)
            let account = try await browser.get("/staff/account").page
            #expect(account.contains("lin@example.com"))
            for (old, new, field) in [
                ("", AccountPageTests.password, "old_password"), ("wrong", AccountPageTests.password, "old_password"),
                (Colleague.password, "short", "new_password"), (Colleague.password, "qwertyuiopasdf", "new_password"),
            ] {
                let refused = try await browser.post(
                    "/staff/account/password", ["old_password": old, "new_password": new])
                #expect(refused.status == .unprocessableContent && refused.page.contains("href=\"#\(field)\""))
            }
            let changed = try await browser.post(
                "/staff/account/password",
                ["old_password": Colleague.password, "new_password": AccountPageTests.password])
            #expect(changed.headers[.location] == "/staff/account?said=password")
            #expect(try await browser.get("/staff/account?said=password").status == .ok)
            #expect(try await other.get("/merchant/queue").status == .seeOther)
            let again = try await portal.browser().post(
                "/staff/sign-in", ["email": lin.email, "password": AccountPageTests.password])
            #expect(again.status == .seeOther)
        }
    }

    @Test func somebodyTakesAnotherAuthenticatorAndNewCodes() async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let page = try await browser.get("/staff/account/authenticator").page
            let secret = try #require(Journey.value(of: "secret", in: page))
            let mark = try #require(Journey.value(of: "mark", in: page))
            let bytes = try #require(Base32.decode(secret))
            let wrong = try await browser.post(
                "/staff/account/authenticator", ["secret": secret, "mark": mark, "code": "000000"])
            #expect(wrong.status == .unprocessableContent && wrong.page.contains(secret))
            let forged = try await browser.post(
                "/staff/account/authenticator",
                ["secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "mark": mark, "code": "000000"])
            #expect(forged.status == .notFound)
            let done = try await browser.post(
                "/staff/account/authenticator",
                ["secret": secret, "mark": mark, "code": portal.code(of: Secret(bytes: bytes))])
            #expect(done.headers[.location] == "/staff/account?said=authenticator")
            let codes = try await browser.post("/staff/account/recovery-codes")
            #expect(codes.status == .ok && codes.page.components(separatedBy: "<li class=\"number\">").count == 11)
            #expect(codes.headers[.cacheControl] == "no-store")
            #expect(try await browser.post("/staff/account/sign-out").status == .seeOther)
            #expect(try await browser.get("/staff/account").status == .seeOther)
        }
    }
}

@Suite struct StepUpTests {
    @Test func everyFormThatAsksIsARoute() async throws {
        try await withPortal { portal in
            let routes = Set(try portal.routes().filter { $0.method == .post }.map(\.path))
            #expect(Set(StepUp.paths).subtracting(routes) == [])
            #expect(StepUp.need("/merchant/cases/RF-7K3M-Q9TX-D/second") == .code)
            #expect(StepUp.need("/merchant/people/abc/role") == .passwordAndCode)
            #expect(StepUp.need("/merchant/cases/RF-7K3M-Q9TX-D/note") == nil)
            #expect(StepUp.need("/merchant/people/abc/role/more") == nil)
        }
    }

    @Test(arguments: ["zh-CN", "en"])
    func afterTenMinutesPasswordAndCodeAreAskedForAndTheFormGoesOn(_ language: String) async throws {
        try await withPortal { portal in
            let colleague = try await portal.hire("admin@example.com", .merchantAdmin)
            let admin = try await portal.signedIn(colleague, language: language)
            portal.clock.advance(seconds: StaffLimits.freshSeconds)
            let invitation: [String: String] = ["email": "new@example.com", "role": "clerk"]
            let asked = try await admin.post("/merchant/people", pairs: invitation)
            #expect(asked.status == .unprocessableContent)
            #expect(asked.page.contains("name=\"email\" value=\"new@example.com\""))
            #expect(asked.page.contains("name=\"prove_to\" value=\"/merchant/people\""))
            let before = admin.cookie("rp_staff")
            let to = invitation.merging(["prove_to": "/merchant/people"]) { $1 }
            for (password, code) in [
                ("", portal.code(of: colleague)), ("wrong", portal.code(of: colleague)),
                (Colleague.password, ""), (Colleague.password, "000000"),
            ] {
                let wrong = try await admin.post(
                    "/staff/prove", pairs: to.merging(["prove_password": password, "prove_code": code]) { $1 })
                #expect(wrong.status == .unprocessableContent, "\(password) \(code)")
                #expect(wrong.page.contains("name=\"email\" value=\"new@example.com\""))
                #expect(!wrong.page.contains(Colleague.password))
            }
            let proofs = ["prove_password": Colleague.password, "prove_code": portal.code(of: colleague)]
            let right = try await admin.post("/staff/prove", pairs: to.merging(proofs) { $1 })
            #expect(right.status == .temporaryRedirect && right.headers[.location] == "/merchant/people")
            #expect(admin.cookie("rp_staff") != before)
            let done = try await admin.post("/merchant/people", pairs: to.merging(proofs) { $1 })
            #expect(done.status == .seeOther)
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM staff_invitation") == 1)
        }
    }

    @Test func onlyOurOwnFormsAreGoneOnWith() async throws {
        try await withPortal { portal in
            let colleague = try await portal.hire("admin@example.com", .merchantAdmin)
            let admin = try await portal.signedIn(colleague)
            for to in [
                "https://evil.example/merchant/people", "//evil.example/merchant/people", "/merchant/queue",
                "/merchant/people?x=1", "/merchant/people/../people", "",
            ] {
                let answer = try await admin.post(
                    "/staff/prove",
                    [
                        "prove_to": to, "prove_password": Colleague.password,
                        "prove_code": portal.code(of: colleague),
                    ])
                #expect(answer.status == .notFound, "\(to)")
            }
        }
    }

    @Test func aSecondApprovalAsksForACodeAlone() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let colleague = try await portal.hire("zhao@example.com", .approver)
            let browser = try await portal.signedIn(colleague)
            portal.clock.advance(seconds: StaffLimits.freshSeconds)
            let path = "/merchant/cases/\(number.text)/second"
            let asked = try await browser.post(path, ["version": "999", "decision": "approve"])
            #expect(asked.status == .unprocessableContent)
            #expect(asked.page.contains("prove_code") && !asked.page.contains("prove_password"))
            let right = try await browser.post(
                "/staff/prove",
                ["prove_to": path, "prove_code": portal.code(of: colleague), "version": "999", "decision": "approve"])
            #expect(right.status == .temporaryRedirect)
            #expect(try await browser.post(path, ["version": "999", "decision": "approve"]).status == .conflict)
        }
    }
}
