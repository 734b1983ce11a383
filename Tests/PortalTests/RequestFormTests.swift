import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@Suite struct RequestFormTests {
    /// Text that a form must take as text or refuse, never run or swallow.
    static let script = "<script>alert(1)</script>"

    @Test func theReasonHasToBeOneOfTheList() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.find()
            for reason in ["", "nothing", "CANCELLED", "😀", RequestFormTests.script] {
                let answer = try await journey.browser.post("/request/reason", ["reason": reason, "details": "我的话"])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains("id=\"reason-problem\""))
                #expect(answer.page.contains("我的话"))
            }
        }
    }

    @Test func detailsAreDemandedWhereTheReasonSaysNothing() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let browser = journey.browser
            try await journey.find()
            let long = String(repeating: "长", count: TextLimits.detailsCharactersMax + 1)
            for details in ["", "   \n ", long, "bell\u{7}"] {
                let answer = try await browser.post("/request/reason", ["reason": "other", "details": details])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains("id=\"details-problem\""))
            }
            let words = "少了一本😀 \(RequestFormTests.script)"
            let answer = try await browser.post("/request/reason", ["reason": "other", "details": words])
            #expect(answer.status == .seeOther)
            let page = try await browser.get("/request/reason").page
            #expect(page.contains("少了一本😀 &lt;script&gt;"))
            #expect(!page.contains("<script>alert"))
        }
    }

    @Test(arguments: [
        ("part", ""), ("part", "-1"), ("part", "0"), ("part", "60.01"), ("part", "1.005"), ("part", "abc"),
        ("part", "1e3"), ("part", "😀"), ("part", "\u{0}1"), ("part", script), ("part", "99999999999999999999"),
    ])
    func anAmountThatDoesNotFitIsToldBesideTheField(_ portion: String, _ amount: String) async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.find(SamplePayment { $0.refundedElsewhereMinor = 4000 })
            try await journey.chooseReason()
            let answer = try await journey.browser.post("/request/amount", ["portion": portion, "amount": amount])
            if amount.hasPrefix("\u{0}") {
                #expect(answer.status == .badRequest)
            } else {
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains("id=\"amount-problem\""))
                #expect(!answer.page.contains("<script>alert"))
            }
            #expect(try await journey.browser.get("/request/contact").headers[.location] == "/request/amount")
        }
    }

    @Test(arguments: ["60", "60.00", "¥６０", "0.01", "60.000", "６０．００ 元"])
    func anAmountIsReadAsPeopleWriteIt(_ amount: String) async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.find(SamplePayment { $0.refundedElsewhereMinor = 4000 })
            try await journey.chooseReason()
            try await journey.chooseAmount(amount)
            let visitor = try #require(journey.browser.cookie("rp_visitor"))
            let asked = try await portal.desk.draft(of: visitor)?.asked?.minor
            #expect(asked == (amount == "0.01" ? 1 : 6000))
        }
    }

    @Test func theContactIsCheckedFieldByField() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let browser = journey.browser
            try await journey.find()
            try await journey.chooseReason()
            try await journey.chooseAmount()
            let good = ["name": "李女士", "email": "li@mail.example", "phone": "13800138000", "consent": "yes"]
            let bad: [(String, [String], String)] = [
                ("name", ["", "  ", String(repeating: "名", count: 81), "a\u{1}b"], "name"),
                ("email", ["no-at-sign", "a@b@c", "a b@c.example", RequestFormTests.script + "@x"], "email"),
                ("phone", ["123", "phone", "😀", "-13800138000x"], "phone"),
                ("consent", ["", "no"], "consent"),
            ]
            for (field, values, problem) in bad {
                for value in values {
                    var fields = good
                    fields[field] = value
                    let answer = try await browser.post("/request/contact", pairs: fields)
                    #expect(answer.status == .unprocessableContent, "\(field)=\(value)")
                    #expect(answer.page.contains("id=\"\(problem)-problem\""), "\(field)=\(value)")
                    #expect(!answer.page.contains("<script>alert"))
                }
            }
            let neither = try await browser.post(
                "/request/contact", ["name": "李", "email": "", "phone": "", "consent": "yes"])
            #expect(neither.page.contains("请填写手机号或邮箱"))
            #expect(try await portal.takeMessages().isEmpty, "nothing is sent for a form that does not fit")
        }
    }

    @Test func onlyAChangedContactIsSentAnotherCode() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.draft()
            let renamed = try await journey.browser.post(
                "/request/contact", ["name": "李明", "email": "LI@mail.example", "phone": "", "consent": "yes"])
            #expect(renamed.headers[.location] == "/request/check")
            #expect(try await portal.takeMessages().isEmpty)
            let moved = try await journey.browser.post(
                "/request/contact", ["name": "李明", "email": "ming@mail.example", "phone": "", "consent": "yes"])
            #expect(moved.headers[.location] == "/request/contact/code")
            #expect(try await portal.takeMessages().map(\.to) == ["ming@mail.example"])
        }
    }

    @Test func theCodeTakesSpacesAndCountsTries() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let browser = journey.browser
            try await journey.reachCode()
            let code = try #require(try await portal.takeCode())
            #expect(try await browser.post("/request/contact/code", ["code": ""]).status == .unprocessableContent)
            let wrong = code == "123456" ? "654321" : "123456"
            let told = try await browser.post("/request/contact/code", ["code": wrong])
            #expect(told.page.contains("还可以试 4 次"))
            let spaced = " \(code.prefix(3)) \(code.suffix(3)) "
            let proved = try await browser.post("/request/contact/code", ["code": spaced])
            #expect(proved.headers[.location] == "/request/check")
            #expect(try await browser.get("/request/contact/code").headers[.location] == "/request/check")
            // The same form again, because its answer was lost on the way.
            let again = try await browser.post("/request/contact/code", ["code": spaced])
            #expect(again.headers[.location] == "/request/check")
        }
    }

    @Test func anOldCodeAndAUsedUpOneAreTold() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let browser = journey.browser
            try await journey.reachCode()
            let first = try #require(try await portal.takeCode())
            portal.clock.advance(seconds: CodeLimits.lifeSeconds + 1)
            #expect(try await browser.post("/request/contact/code", ["code": first]).page.contains("已经失效"))
            let resent = try await browser.post("/request/contact/code", ["resend": "yes"])
            #expect(resent.headers[.location] == "/request/contact/code?sent=again")
            #expect(try await browser.open("/request/contact/code?sent=again").page.contains("新的验证码已经发出"))
            let second = try #require(try await portal.takeCode())
            let wrong = second == "123456" ? "654321" : "123456"
            for _ in 0..<CodeLimits.tries { _ = try await browser.post("/request/contact/code", ["code": wrong]) }
            #expect(try await browser.post("/request/contact/code", ["code": second]).page.contains("已经失效"))
        }
    }

    @Test func aRequestIsNotSentWithoutTheDeclaration() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.draft()
            let submission = try await journey.submission()
            let answer = try await journey.browser.post("/request/check", ["submission": submission])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.page.contains(submission), "the page's own value stays the same")
            let without = try await journey.browser.post("/request/check", ["accept_terms": "yes"])
            #expect(without.headers[.location] == "/request/check")
        }
    }

    @Test func whenSomebodyElseTookPartOfItTheAmountIsAskedAgain() async throws {
        try await withPortal { portal in
            let first = Journey(portal)
            try await first.draft()
            let second = Journey(portal)
            _ = try await second.browser.post(
                "/find", ["method": "slip", "reference_no": "614233280012", "amount": "100"])
            try await second.chooseReason()
            try await second.chooseAmount("70")
            try await second.giveContact(email: "wang@mail.example")
            try await second.proveContact()
            let sent = try await second.browser.post(
                "/request/check", ["submission": try await second.submission(), "accept_terms": "yes"])
            #expect(sent.headers[.location] == "/request/done")
            let late = try await first.browser.post(
                "/request/check", ["submission": try await first.submission(), "accept_terms": "yes"])
            #expect(late.status == .unprocessableContent)
            #expect(late.page.contains("最多可以申请 ¥30.00"))
        }
    }

    @Test func formPagesAreNeverStored() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.draft()
            for path in ["/find", "/request", "/request/reason", "/request/contact", "/request/check", "/track"] {
                #expect(try await journey.browser.get(path).headers[.cacheControl] == "no-store", "\(path)")
            }
        }
    }
}
