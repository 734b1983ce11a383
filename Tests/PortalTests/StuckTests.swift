import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct StuckTests {
    @Test func unknownMoneyIsListedAfterADayAndCanBeAskedAbout() async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.unknown])
            let browser = try await portal.signedIn("support@example.com", .support)
            #expect(!(try await browser.get("/support/stuck?show=unknown").page.contains(number.text)), "too early")
            portal.clock.advance(seconds: 86_400)
            let again = try await portal.signedIn("other@example.com", .support)
            let list = try await again.get("/support/stuck").page
            #expect(list.contains("/support/cases/\(number.text)\"") && list.contains("24 小时"))
            let address = "/support/cases/\(number.text)"
            #expect(try await again.get(address).page.contains("马上查询"))
            let movement = try await portal.movement(of: number)
            let version = try await portal.version(number)
            let asked = try await again.post(
                "\(address)/query-channel", ["version": version, "movement": movement])
            #expect(asked.headers[.location] == "\(address)#do")
            let due = try await portal.int(
                "SELECT not_before_ms AS value FROM outbox WHERE kind = 'query-movement' AND done_ms IS NULL")
            #expect(due <= portal.clock.now.milliseconds)
            let twice = try await again.post(
                "\(address)/query-channel", ["version": version, "movement": movement])
            #expect(twice.status == .conflict)
            let other = try await again.post(
                "\(address)/query-channel", ["version": portal.version(number), "movement": "nobody's"])
            #expect(other.status == .notFound)
            #expect(try await portal.movementState(number) == .unknown, "asking changes nothing by itself")
        }
    }

    @Test func moneyThatTheChannelDoesNotHaveCannotBeAskedAbout() async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.failed])
            let browser = try await portal.signedIn("support@example.com", .support)
            let page = try await browser.get("/support/cases/\(number.text)").page
            #expect(!page.contains("query-channel"))
            let answer = try await browser.post(
                "/support/cases/\(number.text)/query-channel",
                ["version": portal.version(number), "movement": portal.movement(of: number)])
            #expect(answer.status == .conflict)
            #expect(try await browser.get("/support/stuck?show=failed").page.contains(number.text))
        }
    }

    @Test(arguments: StuckKind.allCases)
    func everyListOpensInBothLanguagesWithAnyKey(_ kind: StuckKind) async throws {
        try await withPortal { portal in
            for language in ["zh-CN", "en"] {
                let browser = try await portal.signedIn(
                    try await portal.hire("\(language)@example.com", .finance), language: language)
                for key in ["", "&after=0_0", "&after=x", "&after=9999999999999999999_1", "&after=1_%27%3B--"] {
                    let answer = try await browser.get("/support/stuck?show=\(kind.rawValue)\(key)")
                    #expect(answer.status == .ok)
                }
            }
        }
    }

    @Test func aContactWithABankIsKeptInside() async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.accepted])
            _ = try await portal.takeMessages()
            let browser = try await portal.signedIn("support@example.com", .support)
            let address = "/support/cases/\(number.text)"
            let empty = try await browser.post(
                "\(address)/contact", ["version": portal.version(number), "promised": "soon"])
            #expect(empty.status == .unprocessableContent)
            #expect(empty.page.contains("href=\"#promised\""))
            let hostile = "<script>alert(1)</script>"
            let kept = try await browser.post(
                "\(address)/contact",
                [
                    "version": portal.version(number), "who": "工商银行 95588", "bank_reference": hostile,
                    "promised": "2026-12-01", "details": "三天内答复",
                ])
            #expect(kept.status == .seeOther)
            let page = try await browser.get(address).page
            #expect(page.contains("工商银行 95588") && page.contains("三天内答复"))
            #expect(!page.contains("<script>alert"))
            #expect(try await portal.takeMessages().isEmpty)
            #expect(
                try await portal.int(
                    "SELECT COUNT(*) AS value FROM event WHERE what = 'bank.contacted' AND visibility = 'internal'")
                    == 1)
        }
    }

    @Test func theBooksOfACaseAreToldInWordsAndAddUp() async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.accepted, .succeeded])
            let browser = try await portal.signedIn("support@example.com", .support)
            let page = try await browser.get("/support/cases/\(number.text)").page
            for words in ["冻结 P1", "发出 P4", "确认 P7", "此申请使各账户变动", "· CNY", "− ¥60.00"] {
                #expect(page.contains(words), "\(words)")
            }
            #expect(!page.contains("merchant.held"))
        }
    }
}
