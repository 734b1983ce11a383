import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

/// The cardholder asks for somebody else to look again.
@Suite struct OwnAppealTests {
    /// A request of this browser that the merchant declined.
    private func declined(_ portal: PortalUnderTest) async throws -> (Journey, CaseNumber) {
        let journey = Journey(portal)
        let number = try await journey.file()
        let reviewer = try await portal.member(try await portal.hire("lin@example.com", .reviewer))
        try await portal.desk.decline(
            number, reason: .goodsUsed, explanation: "商品已经拆封使用，不能再卖。", remedy: .appeal,
            version: try await portal.desk.version(of: number), by: reviewer)
        portal.clock.advance(seconds: 60)
        return (journey, number)
    }

    private func send(
        _ journey: Journey, _ number: CaseNumber, _ grounds: String, version: String? = nil
    ) async throws -> TestResponse {
        let current = try await journey.version(of: number)
        return try await journey.browser.upload(
            "/cases/\(number.text)/appeal", ["version": version ?? current, "grounds": grounds],
            [.init(name: "a.png", Journey.picture)])
    }

    @Test func anAppealIsTakenWithItsFilesAndShown() async throws {
        try await withPortal { portal in
            let (journey, number) = try await declined(portal)
            let path = "/cases/\(number.text)"
            #expect(try await journey.browser.get(path).page.contains("\(path)/appeal"))
            let form = try await journey.browser.get("\(path)/appeal").page
            #expect(form.contains("商户说：商品已经拆封使用，不能再卖。"))
            let sent = try await send(journey, number, "吊牌没有剪，照片里看得清楚。")
            #expect(sent.headers[.location] == path)
            #expect(try await portal.state(number) == .appealed)
            let page = try await journey.browser.get(path).page
            #expect(page.contains("正由另一位人员重新审核") && page.contains("PNG"))
            #expect(!page.contains("\(path)/appeal"))
        }
    }

    @Test func anAppealOfAnOldPageIsToldWhatChanged() async throws {
        try await withPortal { portal in
            let (journey, number) = try await declined(portal)
            let grounds = "吊牌没有剪，照片里看得清楚。"
            let stale = try await send(journey, number, grounds, version: "1")
            #expect(stale.status == .conflict && stale.page.contains(grounds), "what was written is kept")
            #expect(try await send(journey, number, grounds).status == .seeOther)
            #expect(try await send(journey, number, grounds).status == .conflict, "once")
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM event WHERE what = 'case.appealed'") == 1)
        }
    }

    @Test func whatIsNoGroundsIsRefusedAndKept() async throws {
        try await withPortal { portal in
            let (journey, number) = try await declined(portal)
            let hostile = "<script>alert(1)</script>"
            for grounds in ["", "短", String(repeating: "长", count: 2_001), hostile + "\u{0}"] {
                let answer = try await send(journey, number, grounds)
                #expect([.unprocessableContent, .badRequest].contains(answer.status), "\(grounds.prefix(10))")
                #expect(!answer.page.contains(hostile))
            }
            let bare = try await journey.browser.post("/cases/\(number.text)/appeal", ["grounds": hostile])
            #expect(bare.status == .conflict && !bare.page.contains(hostile), "a form without a version has seen none")
            #expect(try await portal.state(number) == .declined)
        }
    }

    @Test func anAppealAfterItsTimeIsRefused() async throws {
        try await withPortal { portal in
            let (journey, number) = try await declined(portal)
            let visitor = try #require(journey.browser.cookie("rp_visitor"))
            portal.clock.advance(seconds: 31 * 86_400)
            await #expect(throws: Refusal.self) {
                try await portal.desk.appeal(
                    number, grounds: "吊牌没有剪，照片里看得清楚。", proofs: [],
                    version: try await portal.desk.version(of: number), visitor: visitor)
            }
        }
    }
}
