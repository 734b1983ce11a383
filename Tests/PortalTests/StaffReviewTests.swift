import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@testable import Portal

@Suite struct StaffReviewTests {
    private func address(_ number: CaseNumber, _ part: String = "") -> String {
        "/merchant/cases/\(number.text)\(part)"
    }

    @Test func approvingPartMakesAMovementAndShowsTheSeal() async throws {
        try await withPortal { portal in
            let number = try await portal.filed(asking: 6000)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let body = try await browser.post(
                address(number, "/approve"),
                ["version": portal.version(number), "amount": "５０.00", "checks": "card", "checks[]": ""])
            #expect(body.status == .unprocessableContent, "one check of three is not enough")
            #expect(try await portal.state(number) == .submitted)
            let answer = try await browser.post(
                address(number, "/approve"),
                [
                    "version": portal.version(number), "amount": "５０.00", "checks": "card", "checks": "time",
                    "checks": "amount", "note": "已看监控",
                ])
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == address(number))
            #expect(try await portal.state(number) == .approved)
            #expect(try await portal.int("SELECT gross_minor AS value FROM movement") == 5000)
            let page = try await browser.get(address(number)).page
            #expect(page.contains("seal--approved"))
            #expect(page.contains("已看监控"))
        }
    }

    @Test(arguments: [
        ("60.01", "不超过"), ("0", "大于零"), ("-5", "大于零"), ("5.001", "最多 2 位"), ("fifty", "用数字"), ("", "请填写金额"),
        ("99999999999999", "太大"), ("<script>", "用数字"), ("１０００００", "不超过"),
    ])
    func anAmountThatDoesNotFitIsToldAndKept(_ typed: String, _ words: String) async throws {
        try await withPortal { portal in
            let number = try await portal.filed(asking: 6000)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let answer = try await browser.post(
                address(number, "/approve"),
                [
                    "version": portal.version(number), "amount": typed, "checks": "card", "checks": "time",
                    "checks": "amount",
                ])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.page.contains(words))
            #expect(answer.page.contains("href=\"#amount\""))
            #expect(!answer.page.contains("<script>\""))
            #expect(try await portal.state(number) == .submitted)
        }
    }

    @Test func decliningNeedsReasonExplanationAndRemedy() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let short = try await browser.post(
                address(number, "/decline"),
                ["version": portal.version(number), "reason": "goods-used", "explanation": "不行", "remedy": "appeal"])
            #expect(short.status == .unprocessableContent)
            #expect(short.page.contains("href=\"#explanation\"") && short.page.contains(">不行</textarea>"))
            for (reason, remedy, field) in [("", "appeal", "reason"), ("goods-used", "nonsense", "remedy")] {
                let answer = try await browser.post(
                    address(number, "/decline"),
                    [
                        "version": portal.version(number), "reason": reason, "explanation": "商品已经拆封使用，不能再卖。",
                        "remedy": remedy,
                    ])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains("href=\"#\(field)\""))
            }
            #expect(try await portal.state(number) == .submitted)
            let done = try await browser.post(
                address(number, "/decline"),
                [
                    "version": portal.version(number), "reason": "goods-used", "explanation": "商品已经拆封使用，不能再卖。",
                    "remedy": "appeal",
                ])
            #expect(done.status == .seeOther)
            #expect(try await portal.state(number) == .declined)
            #expect(try await browser.get(address(number)).page.contains("seal--declined"))
        }
    }

    @Test func askingAndOfferingWaitForTheCardholder() async throws {
        try await withPortal { portal in
            let first = try await portal.filed()
            let second = try await portal.filed(
                SamplePayment {
                    $0.reference = "614233280099"
                    $0.transaction = "42000099"
                })
            let browser = try await portal.signedIn("lin@example.com", .reviewer, merchantCode: Samples.merchant)
            let late = try await browser.post(
                address(first, "/ask"),
                ["version": portal.version(first), "question": "请拍下整张小票，谢谢您。", "due": "2031-01-01"])
            #expect(late.status == .unprocessableContent)
            #expect(late.page.contains("href=\"#due\"") && late.page.contains("value=\"2031-01-01\""))
            let asked = try await browser.post(
                address(first, "/ask"),
                ["version": portal.version(first), "items": "receipt", "question": "请拍下整张小票，谢谢您。", "due": ""])
            #expect(asked.status == .seeOther)
            #expect(try await portal.state(first) == .infoNeeded)
            let whole = try await browser.post(
                address(second, "/offer"),
                [
                    "version": portal.version(second), "amount": "60", "reason": "goods-used",
                    "explanation": "有一本已经拆封，按原价扣除。",
                ])
            #expect(whole.status == .unprocessableContent, "an offer is less than what was asked")
            let offered = try await browser.post(
                address(second, "/offer"),
                [
                    "version": portal.version(second), "amount": "50", "reason": "goods-used",
                    "explanation": "有一本已经拆封，按原价扣除。",
                ])
            #expect(offered.status == .seeOther)
            #expect(try await portal.state(second) == .counterOffered)
            let page = try await browser.get(address(second)).page
            #expect(!page.contains("/approve\""), "there is nothing to decide while the cardholder is asked")
        }
    }

    @Test func everythingThatIsWrongIsToldAtOnce() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let forms: [(String, [String])] = [
                ("/offer", ["amount", "reason", "explanation"]), ("/decline", ["reason", "explanation", "remedy"]),
                ("/ask", ["question"]),
            ]
            for (part, fields) in forms {
                let answer = try await browser.post(
                    address(number, part), ["version": try await portal.version(number)])
                #expect(answer.status == .unprocessableContent)
                for field in fields { #expect(answer.page.contains("href=\"#\(field)\""), "\(part) \(field)") }
            }
        }
    }

    @Test func aStalePageIsToldWhatChanged() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let slow = try await portal.signedIn("lin@example.com", .reviewer)
            let quick = try await portal.signedIn("chen@example.com", .approver)
            let seen = try await portal.version(number)
            _ = try await quick.post(
                address(number, "/ask"), ["version": seen, "question": "请拍下整张小票，谢谢您。"])
            let answer = try await slow.post(
                address(number, "/decline"),
                ["version": seen, "reason": "goods-used", "explanation": "商品已经拆封使用，不能再卖。", "remedy": "appeal"])
            #expect(answer.status == .conflict)
            #expect(answer.page.contains("这笔申请刚刚有了变化"))
            #expect(answer.page.contains("请持卡人补充"))
            #expect(answer.page.contains("chen（审批人）"))
            #expect(try await portal.state(number) == .infoNeeded)
            let late = try await slow.post(
                address(number, "/take"), ["version": try await portal.version(number)])
            #expect(late.status == .conflict, "the version fits, the state does not")
        }
    }

    @Test(arguments: ["", "x", "9999999999999999999999"])
    func aFormWithoutItsVersionIsRefused(_ version: String) async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            #expect(try await browser.post(address(number, "/take"), ["version": version]).status == .badRequest)
            #expect(try await portal.state(number) == .submitted)
        }
    }

    @Test func whatPeopleTypeIsNeverMarkup() async throws {
        try await withPortal { portal in
            let hostile = "<script>alert(1)</script>{{secret}}\" onload=\"x' &amp; \u{202E}"
            let number = try await portal.filed(details: hostile)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let typed = try await browser.post(
                address(number, "/offer"),
                ["version": portal.version(number), "amount": hostile, "reason": hostile, "explanation": hostile])
            let noted = try await browser.post(
                address(number, "/note"), ["version": portal.version(number), "note": hostile])
            #expect(noted.status == .seeOther)
            let control = try await browser.post(
                address(number, "/note"), ["version": portal.version(number), "note": "a\u{7}b"])
            #expect(control.status == .unprocessableContent)
            let long = try await browser.post(
                address(number, "/note"),
                ["version": portal.version(number), "note": String(repeating: "长", count: 4001)])
            #expect(long.status == .unprocessableContent)
            for page in [typed.page, try await browser.get(address(number)).page] {
                #expect(!page.contains("<script>alert"))
                #expect(!page.contains("\" onload=\""))
                #expect(page.contains("{{secret}}"))
            }
        }
    }

    @Test func proofComesAsAnAttachmentAndIsWrittenDown() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let id = try await portal.store(proof: Array("%PDF-1.7 hello".utf8), of: number)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let file = try await browser.get(address(number, "/proof/\(id)"))
            #expect(file.status == .ok)
            #expect(file.page == "%PDF-1.7 hello")
            #expect(
                file.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"\(number.text)-receipt.pdf\"")
                    == true)
            #expect(file.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
            #expect(file.headers[.xContentTypeOptions] == "nosniff")
            #expect(file.headers[.cacheControl] == "no-store")
            #expect(
                try await portal.int("SELECT COUNT(*) AS value FROM event WHERE what = 'proof.opened'") == 1)
            #expect(try await browser.get(address(number, "/proof/unknown")).status == .notFound)
            #expect(try await browser.get(address(number)).page.contains("下载了材料"))
        }
    }
}
