import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@Suite struct TrackTests {
    @Test func aCaseIsOpenedByNumberContactAndCode() async throws {
        try await withPortal { portal in
            let number = try await Journey(portal).file()
            _ = try await portal.takeMessages()
            let browser = portal.browser()
            let typed = number.text.lowercased().replacing("-", with: " ")
            let asked = try await browser.post("/track", ["case_number": typed, "contact": "LI@mail.example"])
            #expect(asked.headers[.location] == "/track?case=\(number.text)&step=code")
            #expect(try await browser.get("/cases/\(number.text)").status == .notFound, "a number opens nothing")
            let code = try #require(try await portal.takeCode())
            let spaced = "\(code.prefix(3)) \(code.suffix(3))"
            let opened = try await browser.post("/track", ["case_number": number.text, "code": spaced])
            #expect(opened.headers[.location] == "/cases/\(number.text)")
            let page = try await browser.get("/cases/\(number.text)")
            #expect(page.page.contains("撤回申请"))
        }
    }

    @Test func aWrongContactAndAnUnknownCaseHaveTheSameAnswers() async throws {
        try await withPortal { portal in
            let number = try await Journey(portal).file()
            _ = try await portal.takeMessages()
            let other = try #require(CaseNumber(value: number.value == 37 ? 74 : 37))
            var pages: Set<String> = []
            for (wanted, contact) in [
                (number, "wang@mail.example"), (other, "li@mail.example"), (number, "li@mail.example"),
            ] {
                let browser = portal.browser()
                let asked = try await browser.post("/track", ["case_number": wanted.text, "contact": contact])
                #expect(asked.status == .seeOther)
                let tried = try await browser.post("/track", ["case_number": wanted.text, "code": "abc"])
                #expect(tried.status == .unprocessableContent)
                pages.insert(tried.page.replacing(wanted.text, with: ""))
            }
            #expect(pages.count == 1)
            #expect(try await portal.takeMessages().count == 1, "only the right contact is sent a code")
        }
    }

    @Test func aWrongCheckSymbolIsToldAtOnce() async throws {
        try await withPortal { portal in
            let number = try await Journey(portal).file()
            let last = number.text.last == "0" ? "1" : "0"
            let browser = portal.browser()
            for _ in 0..<(LookUpLimits.missesPerAddress + 5) {
                let answer = try await browser.post(
                    "/track", ["case_number": number.text.dropLast() + last, "contact": "li@mail.example"])
                #expect(answer.status == .unprocessableContent, "it is no counted try")
                #expect(answer.page.contains("申请编号有一位不对"))
            }
            for text in ["", "RF", "😀", "<script>", "RF-7K3M-Q9TX-DDDD"] {
                let answer = try await browser.post("/track", ["case_number": text, "contact": "x"])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains("id=\"case_number-problem\""))
            }
            let without = try await browser.post("/track", ["case_number": number.text, "contact": ""])
            #expect(without.page.contains("id=\"contact-problem\""))
        }
    }

    @Test func aVisitorByTheLinkMayLookAndAnswerAndNothingElse() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let link = try #require(try await portal.takeMessages().compactMap(\.link).first)
            let browser = portal.browser()
            let opened = try await browser.get("/t/\(link)")
            #expect(opened.headers[.location] == "/cases/\(number.text)")
            let policy = try #require(HTTPField.Name("Referrer-Policy"))
            #expect(opened.headers[policy] == "no-referrer")
            let page = try await browser.get("/cases/\(number.text)")
            #expect(page.status == .ok)
            #expect(!page.page.contains("/withdraw\""))
            #expect(page.page.contains("/track?case=\(number.text)"))
            let version = try await journey.version(of: number)
            let stopped = try await browser.post("/cases/\(number.text)/withdraw", ["version": version])
            #expect(stopped.headers[.location] == "/track?case=\(number.text)")
            #expect(try await browser.get("/cases/\(number.text)/contact").status == .seeOther)
            let added = try await browser.upload(
                "/cases/\(number.text)/proof", ["version": version, "kind": "receipt"],
                [.init(name: "a.png", Journey.picture)])
            #expect(added.headers[.location] == "/cases/\(number.text)")
            #expect(try await browser.get("/cases/\(number.text)").page.contains("PNG · 2 KB"))
            #expect(try await browser.get("/track?case=\(number.text)").page.contains(number.text))
        }
    }

    @Test func linksThatAreUnknownOrTooOldOpenNothing() async throws {
        try await withPortal { portal in
            let number = try await Journey(portal).file()
            let link = try #require(try await portal.takeMessages().compactMap(\.link).first)
            for token in ["x", String(link.dropLast()), String(link.reversed())] {
                #expect(try await portal.browser().get("/t/\(token)").status == .notFound)
            }
            portal.clock.advance(seconds: (LinkLimits.days + 1) * 86_400)
            #expect(try await portal.browser().get("/t/\(link)").status == .notFound)
            #expect(try await portal.browser().get("/cases/\(number.text)").status == .notFound)
        }
    }

    @Test func askingForTooManyCodesHasToWait() async throws {
        try await withPortal { portal in
            let number = try await Journey(portal).file()
            let browser = portal.browser()
            var last: HTTPResponse.Status = .ok
            for _ in 0...LookUpLimits.missesPerAddress {
                last = try await browser.post("/track", ["case_number": number.text, "contact": "x@y.example"]).status
            }
            #expect(last == .tooManyRequests)
        }
    }
}
