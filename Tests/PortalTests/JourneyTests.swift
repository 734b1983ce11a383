import Foundation
import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct JourneyTests {
    @Test(arguments: ["zh-CN", "en-GB"])
    func aWholeRequestWithProofEndsWithACaseThatCanBeOpened(_ language: String) async throws {
        try await withPortal { portal in
            let journey = Journey(portal, language)
            let browser = journey.browser
            try await journey.find()
            let found = try await browser.get("/request")
            #expect(found.page.contains("100.00"))
            try await journey.chooseReason("goods-faulty")
            try await journey.chooseAmount("60")
            #expect(try await browser.get("/request/contact").headers[.location] == "/request/proof")
            let uploaded = try await browser.upload(
                "/request/proof", ["kind": "photo"], [.init(name: "我的照片.png", Journey.picture)])
            #expect(uploaded.headers[.location] == "/request/proof")
            #expect(try await browser.get("/request/proof").page.contains("PNG · 2 KB"))
            #expect(try await browser.post("/request/proof").headers[.location] == "/request/contact")
            try await journey.giveContact()
            try await journey.proveContact()
            let check = try await browser.get("/request/check").page
            for shown in ["60.00", "li@mail.example", "李女士"] { #expect(check.contains(shown)) }
            let submission = try await journey.submission()
            let sent = try await browser.post(
                "/request/check", ["submission": submission, "accept_terms": "yes"])
            #expect(sent.headers[.location] == "/request/done")
            let done = try await browser.get("/request/done")
            #expect(done.status == .ok)
            #expect(done.page.contains("http://localhost/t/"))
            #expect(try await browser.get("/request/done").body == done.body, "it can be opened again")
            let visitor = try #require(browser.cookie("rp_visitor"))
            let number = try #require(try await portal.desk.filedCase(of: visitor)).number
            let page = try await browser.get("/cases/\(number.text)")
            #expect(page.status == .ok)
            #expect(page.page.contains(language == "en-GB" ? "We have your request" : "我们收到了您的申请"))
            #expect(!page.page.contains("⟦"))
        }
    }

    @Test func whoseCommitNobodyHeardOfIsToldSoAndSendsAgain() async throws {
        try await withPortal { portal in
            let journey = Journey(portal, "en-GB")
            try await journey.draft()
            let form = ["submission": try await journey.submission(), "accept_terms": "yes"]
            portal.store.begin(.lostAnswer)
            let lost = try await journey.browser.post("/request/check", pairs: form)
            #expect(lost.status == .serviceUnavailable)
            #expect(lost.headers[.retryAfter] == "10")
            #expect(lost.page.contains("may have been kept, or not"))
            #expect(try await journey.browser.post("/request/check", pairs: form).headers[.location] == "/request/done")
            let count = try await portal.desk.store.read { sql in
                try sql.row("SELECT COUNT(*) AS n FROM refund_case")?.int("n")
            }
            #expect(count == 1)
        }
    }

    @Test(arguments: [StoreFault.unreachable("no route"), .busy, .full])
    func aDatabaseThatCannotAnswerIsSaidToPassAndNothingIsLost(_ fault: StoreFault) async throws {
        try await withPortal { portal in
            let journey = Journey(portal, "en-GB")
            try await journey.draft()
            let form = ["submission": try await journey.submission(), "accept_terms": "yes"]
            portal.store.begin(.fault(fault))
            let refused = try await journey.browser.post("/request/check", pairs: form)
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.headers[.retryAfter] == (fault == .full ? "120" : "10"))
            #expect(!refused.page.contains("no route"), "the server's words are for the log")
            portal.store.begin(.none)
            #expect(try await journey.browser.post("/request/check", pairs: form).headers[.location] == "/request/done")
        }
    }

    @Test func theSameSubmissionMakesOneCase() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.draft()
            let submission = try await journey.submission()
            for _ in 0..<3 {
                let sent = try await journey.browser.post(
                    "/request/check", ["submission": submission, "accept_terms": "yes"])
                #expect(sent.headers[.location] == "/request/done")
            }
            let again = try await journey.browser.post(
                "/request/check", ["submission": "another-one-of-16", "accept_terms": "yes"])
            #expect(again.headers[.location] == "/request/done", "the draft has become a case")
            let cases = try await portal.desk.store.read { sql in
                try sql.row("SELECT COUNT(*) AS made FROM refund_case WHERE state <> 'draft'")?.int("made")
            }
            #expect(cases == 1)
        }
    }

    @Test func whatAnotherWindowChangedIsShownBeforeItIsSent() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.draft()
            let shown = try await journey.submission()
            try await journey.chooseAmount("99")
            let sent = try await journey.browser.post(
                "/request/check", ["submission": shown, "accept_terms": "yes"])
            #expect(sent.status == .conflict)
            #expect(sent.page.contains("99.00"))
            let now = try #require(Journey.value(of: "submission", in: sent.page))
            let again = try await journey.browser.post(
                "/request/check", ["submission": now, "accept_terms": "yes"])
            #expect(again.headers[.location] == "/request/done")
        }
    }

    @Test func aDraftThatIsTooOldBeginsAgainAtTheLookUp() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            _ = try await journey.file()
            let link = try #require(try await portal.takeMessages().last?.values["link"])
            let other = SamplePayment {
                $0.reference = "614233280099"
                $0.trace = "000813"
                $0.transaction = "4200002026112000000000000002"
            }
            try await Samples.add(other, to: portal.desk)
            _ = try await journey.browser.post(
                "/find", ["method": "slip", "reference_no": other.reference, "amount": "100"])
            portal.clock.advance(seconds: 20 * 3600)
            _ = try await journey.browser.get("/t/\(link)")
            portal.clock.advance(seconds: 5 * 3600)
            #expect(try await journey.browser.get("/request/reason").headers[.location] == "/find")
            let late = try await journey.browser.post("/request/reason", ["reason": "cancelled", "details": ""])
            #expect(late.status == .seeOther)
        }
    }

    @Test func aProofFolderThatCannotBeWrittenIsSaidToPassAndNothingIsStored() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.find()
            try await journey.chooseReason("goods-faulty")
            try await journey.chooseAmount()
            // A file where the folder should be: no write can succeed, for root either.
            #expect(FileManager.default.createFile(atPath: portal.folder + "/proofs", contents: nil))
            let refused = try await journey.browser.upload(
                "/request/proof", ["kind": "photo"], [.init(name: "a.png", Journey.picture)])
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.headers[.retryAfter] == "120")
            let visitor = try #require(journey.browser.cookie("rp_visitor"))
            #expect(try await portal.desk.draft(of: visitor)?.proofs.isEmpty == true)
        }
    }

    @Test func aStepThatComesTooEarlyLeadsToTheFirstOpenOne() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let browser = journey.browser
            for path in ["/request", "/request/reason", "/request/check"] {
                #expect(try await browser.get(path).headers[.location] == "/find")
            }
            try await journey.find()
            for path in ["/request/amount", "/request/proof", "/request/contact", "/request/check"] {
                #expect(try await browser.get(path).headers[.location] == "/request/reason")
            }
            #expect(try await browser.post("/request/amount", ["portion": "whole"]).status == .seeOther)
            try await journey.chooseReason()
            #expect(try await browser.get("/request/check").headers[.location] == "/request/amount")
            try await journey.chooseAmount()
            #expect(try await browser.get("/request/proof").status == .ok)
            #expect(try await browser.get("/request/contact/code").headers[.location] == "/request/contact")
        }
    }

    @Test func theLanguageOfTheRequestIsTheLanguageOfItsMessages() async throws {
        try await withPortal { portal in
            let journey = Journey(portal, "en")
            _ = try await journey.file()
            let messages = try await portal.takeMessages()
            #expect(messages.map(\.kind) == [.submitted])
            #expect(messages.first?.language == "en")
        }
    }

    @Test func nobodyIsToldMoreThanTheyTypedBeforeTheContactIsProved() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await journey.find(SamplePayment { $0.refundedElsewhereMinor = 4000 })
            let page = try await journey.browser.get("/request").page
            #expect(page.contains("60.00"))
            #expect(page.contains("有一部分已经退回"))
            for hidden in ["40.00", "20:30", "11 月 18", "4200002026112"] { #expect(!page.contains(hidden)) }
        }
    }

    @Test func aPlainCardPaymentIsFoundAndLeadsToTheMerchant() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            try await Samples.add(
                SamplePayment {
                    $0.channel = nil
                    $0.transaction = nil
                    $0.cardLast4 = "1234"
                }, to: portal.desk)
            _ = try await journey.browser.post(
                "/find",
                ["method": "slip", "reference_no": "6142-3328 0012", "amount": "¥１００", "card_last4": "１２３４"])
            let page = try await journey.browser.get("/request")
            #expect(page.status == .ok)
            #expect(page.page.contains("这笔付款还不能在这里退，请联系商户"))
            #expect(try await journey.browser.get("/request/reason").headers[.location] == "/request")
        }
    }
}
