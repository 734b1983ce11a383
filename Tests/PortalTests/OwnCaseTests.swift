import HTTPTypes
import HummingbirdTesting
import NIOCore
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@Suite struct OwnCaseTests {
    @Test func anUnchangedPageIsNotSentAgain() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let path = "/cases/\(try await journey.file().text)"
            let first = try await journey.browser.get(path)
            #expect(first.headers[.cacheControl] == "private, no-cache")
            #expect(first.headers[.vary]?.contains("Cookie") == true)
            let tag = try #require(first.headers[.eTag])
            let second = try await journey.browser.get(path, [.ifNoneMatch: tag])
            #expect(second.status == .notModified)
            #expect(second.body.readableBytes == 0)
            portal.clock.advance(seconds: 86_400 * 40)
            _ = try await journey.browser.get("/")
            let english = try await journey.browser.get("\(path)?lang=en", [.ifNoneMatch: tag])
            #expect(english.status != .notModified)
        }
    }

    @Test func aChangedCaseIsRenderedAnew() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)"
            let before = try await journey.browser.get(path)
            let staff = try await Journey.reviewer(portal)
            try await portal.desk.take(number, version: try await portal.desk.version(of: number), by: staff)
            let tag = try #require(before.headers[.eTag])
            let after = try await journey.browser.get(path, [.ifNoneMatch: tag])
            #expect(after.status == .ok)
            #expect(after.page.contains("商户正在查看"))
        }
    }

    @Test func foreignAndUnknownCasesLookTheSame() async throws {
        try await withPortal { portal in
            let number = try await Journey(portal).file()
            let stranger = portal.browser()
            let foreign = try await stranger.get("/cases/\(number.text)")
            let other = try #require(CaseNumber(value: number.value == 37 ? 74 : 37))
            let unknown = try await stranger.get("/cases/\(other.text)")
            let nonsense = try await stranger.get("/cases/nonsense")
            #expect(foreign.status == .notFound)
            #expect(unknown.status == .notFound)
            #expect(nonsense.status == .notFound)
            let plain = { (page: String, number: String) in page.replacing(number, with: "") }
            #expect(plain(foreign.page, number.text) == plain(unknown.page, other.text))
            for part in ["record", "proof", "contact", "events", "wrong-amount", "destination", "appeal"] {
                #expect(try await stranger.get("/cases/\(number.text)/\(part)").status == .notFound)
            }
            let forms = [
                "answer", "proof", "withdraw", "accept-offer", "refuse-offer", "appeal", "wrong-amount", "not-arrived",
                "arrived", "destination",
            ]
            for part in forms {
                let answer = try await stranger.post("/cases/\(number.text)/\(part)", ["version": "1"])
                #expect(answer.status == .notFound, "\(part)")
            }
        }
    }

    @Test func aQuestionIsAnsweredWithWordsAndAFile() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)"
            let staff = try await Journey.reviewer(portal)
            try await portal.desk.ask(
                number, items: [.receipt], question: "请上传送货单的照片，谢谢。", dueOn: nil,
                version: try await portal.desk.version(of: number), by: staff)
            let page = try await journey.browser.get(path).page
            #expect(page.contains("请上传送货单的照片"))
            #expect(page.contains("需要您补充信息"))
            let version = try await journey.version(of: number)
            let empty = try await journey.browser.upload("\(path)/answer", ["version": version, "text": " "], [])
            #expect(empty.status == .unprocessableContent)
            let wrong = try await journey.browser.upload(
                "\(path)/answer", ["version": version, "text": "我的回答"], [.init(name: "a.exe", [1, 2, 3])])
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.page.contains("我的回答"))
            let answered = try await journey.browser.upload(
                "\(path)/answer", ["version": version, "text": "我的回答"], [.init(name: "a.png", Journey.picture)])
            #expect(answered.headers[.location] == path)
            let after = try await journey.browser.get(path).page
            #expect(after.contains("商户正在查看"))
            #expect(after.contains("PNG · 2 KB"))
        }
    }

    @Test(arguments: [true, false])
    func anOfferIsAcceptedOrRefused(_ accepts: Bool) async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)"
            let staff = try await Journey.reviewer(portal)
            try await portal.desk.offer(
                number, amount: try Money.parse("50", in: .cny), reason: .goodsUsed, explanation: "外包装已经拆开，扣除十元。",
                version: try await portal.desk.version(of: number), by: staff)
            let page = try await journey.browser.get(path).page
            #expect(page.contains("商户愿意退 ¥50.00（您申请 ¥60.00）"))
            let answer = try await journey.browser.post(
                "\(path)/\(accepts ? "accept" : "refuse")-offer",
                ["version": try await journey.version(of: number)])
            #expect(answer.headers[.location] == path)
            let after = try await journey.browser.get(path).page
            #expect(after.contains(accepts ? "商户已同意，正在发往银行" : "商户正在查看"))
            #expect(!after.contains("accept-offer"))
        }
    }

    @Test func aRequestIsWithdrawnOnce() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)"
            let version = try await journey.version(of: number)
            let done = try await journey.browser.post("\(path)/withdraw", ["version": version, "reason": "算了"])
            #expect(done.headers[.location] == path)
            #expect(try await journey.browser.get(path).page.contains("您撤回了申请"))
            let again = try await journey.browser.post("\(path)/withdraw", ["version": version])
            #expect(again.status == .conflict)
        }
    }

    @Test func aStalePageIsToldWhatChangedAndKeepsWhatWasTyped() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let version = try await journey.version(of: number)
            let staff = try await Journey.reviewer(portal)
            try await portal.desk.take(number, version: try await portal.desk.version(of: number), by: staff)
            for typed in [version, "", "x", "99999999999999999999"] {
                let late = try await journey.browser.post(
                    "/cases/\(number.text)/withdraw", ["version": typed, "reason": "我写的原因"])
                #expect(late.status == .conflict)
                #expect(late.page.contains("商户开始查看"))
                #expect(late.page.contains("我写的原因"))
            }
            #expect(try await journey.browser.get("/cases/\(number.text)").page.contains("商户正在查看"))
        }
    }

    @Test func theCasePageShowsNeitherContactNorName() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let pages = [
                try await journey.browser.get("/cases/\(number.text)"),
                try await journey.browser.get("/cases/\(number.text)/record"),
            ]
            for page in pages {
                #expect(page.status == .ok)
                for hidden in ["李女士", "li@mail.example", "614233280012"] { #expect(!page.page.contains(hidden)) }
            }
            let contact = try await journey.browser.get("/cases/\(number.text)/contact")
            #expect(contact.page.contains("li@mail.example"))
            #expect(contact.headers[.cacheControl] == "no-store")
        }
    }
}
