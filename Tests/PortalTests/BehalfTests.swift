import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

/// The support desk acts for a cardholder on the line: with consent, on the record, and never as a decider.
@Suite struct BehalfTests {
    private func address(_ number: CaseNumber, _ part: String = "") -> String { "/support/cases/\(number.text)\(part)" }

    /// A case with a question that waits, and the support desk's browser.
    private func asked(_ portal: PortalUnderTest) async throws -> (CaseNumber, Browser) {
        let number = try await portal.filed()
        let reviewer = try await portal.member(try await portal.hire("lin@example.com", .reviewer))
        try await portal.desk.ask(
            number, items: [.receipt], question: "请上传整张小票的照片。", dueOn: nil,
            version: try await portal.desk.version(of: number), by: reviewer)
        return (number, try await portal.signedIn("support@example.com", .support))
    }

    private func declined(_ portal: PortalUnderTest) async throws -> CaseNumber {
        let number = try await portal.filed()
        let reviewer = try await portal.member(try await portal.hire("lin@example.com", .reviewer))
        try await portal.desk.decline(
            number, reason: .goodsUsed, explanation: "商品已经拆封使用，不能再卖。", remedy: .appeal,
            version: try await portal.desk.version(of: number), by: reviewer)
        portal.clock.advance(seconds: 60)
        return number
    }

    @Test func anAnswerNeedsConsentAndIsKeptAsTheAgents() async throws {
        try await withPortal { portal in
            let (number, support) = try await asked(portal)
            #expect(try await support.get(address(number)).page.contains("/behalf/answer"))
            let form = try await support.get(address(number, "/behalf/answer"))
            #expect(form.status == .ok && form.page.contains("请上传整张小票的照片。"))
            let version = try await portal.version(number)
            let silent = try await support.post(address(number, "/behalf/answer"), ["version": version])
            #expect(silent.status == .unprocessableContent)
            #expect(silent.page.contains("href=\"#text\"") && silent.page.contains("href=\"#consent"))
            let alone = try await support.post(
                address(number, "/behalf/answer"), ["version": version, "text": "<b>小票丢了</b>"])
            #expect(alone.status == .unprocessableContent && alone.page.contains("&lt;b&gt;小票丢了&lt;/b&gt;"))
            #expect(try await portal.state(number) == .infoNeeded)
            let sent = try await support.upload(
                address(number, "/behalf/answer"), ["version": version, "text": "小票丢了", "consent": "yes"],
                [.init(name: "a.png", Journey.picture)])
            #expect(sent.headers[.location] == address(number, "#do"))
            #expect(try await portal.state(number) == .inReview)
            let kept = try await portal.int(
                """
                SELECT COUNT(*) AS value FROM event
                WHERE what = 'case.answered' AND actor = 'agent' AND facts LIKE '%consent=yes%'
                """)
            #expect(kept == 1)
            let stale = try await support.post(
                address(number, "/behalf/answer"), ["version": version, "text": "再答", "consent": "yes"])
            #expect(stale.status == .conflict)
        }
    }

    @Test func aRequestIsWithdrawnForItsCardholder() async throws {
        try await withPortal { portal in
            let (number, support) = try await asked(portal)
            let version = try await portal.version(number)
            let done = try await support.post(
                address(number, "/behalf/withdraw"), ["version": version, "consent": "yes", "reason": "已换货"])
            #expect(done.status == .seeOther)
            #expect(try await portal.state(number) == .withdrawn)
            #expect(try await support.get(address(number, "/behalf/withdraw")).status == .conflict)
            let again = try await support.post(
                address(number, "/behalf/withdraw"),
                ["version": try await portal.version(number), "consent": "yes"])
            #expect(again.status == .conflict)
        }
    }

    @Test func anAppealNeedsNewGroundsAndGoesToSomebodyElse() async throws {
        try await withPortal { portal in
            let number = try await declined(portal)
            let support = try await portal.signedIn("support@example.com", .support)
            let form = try await support.get(address(number, "/behalf/appeal")).page
            #expect(form.contains("商品已经拆封使用，不能再卖。"))
            let version = try await portal.version(number)
            for grounds in ["", "短", String(repeating: "长", count: 2_001)] {
                let refused = try await support.post(
                    address(number, "/behalf/appeal"), ["version": version, "consent": "yes", "grounds": grounds])
                #expect(refused.status == .unprocessableContent, "\(grounds.count)")
            }
            let sent = try await support.post(
                address(number, "/behalf/appeal"),
                ["version": version, "consent": "yes", "grounds": "吊牌没有剪，照片里看得清楚。"])
            #expect(sent.status == .seeOther)
            #expect(try await portal.state(number) == .appealed)
        }
    }

    @Test func supportAsksAndTheCardholderIsTold() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let reviewer = try await portal.member(try await portal.hire("lin@example.com", .reviewer))
            try await portal.desk.take(number, version: try await portal.desk.version(of: number), by: reviewer)
            let support = try await portal.signedIn("support@example.com", .support)
            #expect(try await support.get(address(number)).page.contains("/question"))
            let version = try await portal.version(number)
            let wrong = try await support.post(
                address(number, "/question"), ["version": version, "question": "请拍下整张小票，谢谢您。", "due": "x"])
            #expect(wrong.status == .unprocessableContent && wrong.page.contains("href=\"#due\""))
            let sent = try await support.post(
                address(number, "/question"),
                ["version": version, "question": "请拍下整张小票，谢谢您。", "items": "receipt"])
            #expect(sent.status == .seeOther)
            #expect(try await portal.state(number) == .infoNeeded)
        }
    }

    @Test func nobodyElseActsForACardholder() async throws {
        try await withPortal { portal in
            let (number, _) = try await asked(portal)
            let version = try await portal.version(number)
            for (email, role) in [("wu@example.com", Role.finance), ("zhao@example.com", .operatorReviewer)] {
                let browser = try await portal.signedIn(email, role)
                for act in BehalfAct.allCases {
                    let page = address(number, "/\(act.path)")
                    #expect(try await browser.get(page).status == .notFound, "\(role) \(act)")
                    let sent = try await browser.post(page, ["version": version, "consent": "yes", "text": "好"])
                    #expect(sent.status == .notFound, "\(role) \(act)")
                }
            }
            #expect(try await portal.version(number) == version)
        }
    }
}
