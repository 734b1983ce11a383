import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

/// What the owner of a case does from its page once it was decided.
@Suite struct OwnFollowUpTests {
    private static let card = "6222 0212 3456 7894"

    /// A case of ¥60.00 that was agreed to and of which the channel said something.
    private func paid(
        _ portal: PortalUnderTest, _ verdict: ChannelVerdict = .succeeded
    ) async throws -> (Journey, CaseNumber) {
        let journey = Journey(portal)
        let number = try await journey.file()
        let staff = try await Journey.reviewer(portal)
        try await portal.desk.approve(
            number, amount: .fen(6_000), checks: Set(Check.allCases), note: "",
            version: try await portal.desk.version(of: number), by: staff)
        try await answer(portal, verdict)
        return (journey, number)
    }

    private func answer(_ portal: PortalUnderTest, _ verdict: ChannelVerdict) async throws {
        while let job = try await portal.desk.claimJob() {
            guard job.kind == .sendMovement else { continue }
            let sending = try #require(try await portal.desk.beginSend(job, noticeAddress: { _, _ in nil }))
            try await portal.desk.recordOutcome(
                ChannelAnswer(verdict: verdict, code: "CODE", verified: true, amount: sending.order.amount),
                of: sending.movementID, from: .call(attempt: sending.attempt))
            return
        }
        Issue.record("nothing was to be sent")
    }

    /// A browser that has the private link and nothing else.
    private func linked(_ portal: PortalUnderTest, _ journey: Journey) async throws -> Browser {
        let visitor = try #require(journey.browser.cookie("rp_visitor"))
        let link = try #require(try await portal.desk.filedCase(of: visitor)?.linkToken)
        let browser = portal.browser()
        _ = try await browser.get("/t/\(link)")
        return browser
    }

    private func destination(
        _ journey: Journey, _ number: CaseNumber, account: String = card, holder: String = "李女士", files: Bool = true,
        version: String? = nil
    ) async throws -> TestResponse {
        let shown = try await journey.version(of: number)
        return try await journey.browser.upload(
            "/cases/\(number.text)/destination",
            ["version": version ?? shown, "account": account, "bank": "招商银行", "holder": holder],
            files ? [.init(name: "a.png", Journey.picture)] : [])
    }

    @Test func theButtonsComeWithTheBanksWordAndTheArrivalIsTheLastOne() async throws {
        try await withPortal { portal in
            let (journey, number) = try await paid(portal)
            let path = "/cases/\(number.text)"
            let page = try await journey.browser.get(path).page
            for text in ["钱到账了吗？", "\(path)/arrived", "\(path)/not-arrived", "\(path)/wrong-amount", "95017"] {
                #expect(page.contains(text), "\(text)")
            }
            let version = try await journey.version(of: number)
            for wrong in ["2025-01-01", "2099-01-01", "yesterday", "😀"] {
                let refused = try await journey.browser.post("\(path)/arrived", ["version": version, "date": wrong])
                #expect(refused.status == .unprocessableContent, "\(wrong)")
            }
            let done = try await journey.browser.post("\(path)/arrived", ["version": version, "date": ""])
            #expect(done.headers[.location] == path)
            let after = try await journey.browser.get(path).page
            #expect(after.contains("您已确认到账"))
            #expect(!after.contains("\(path)/arrived"))
            let late = try await journey.browser.post("\(path)/arrived", ["version": version])
            #expect(late.status == .conflict)
            #expect(try await journey.browser.get("\(path)/record").page.contains("您确认已到账"))
        }
    }

    @Test func nothingIsAskedBeforeTheBankHasTheMoney() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)"
            let version = try await journey.version(of: number)
            #expect(try await !journey.browser.get(path).page.contains("钱到账了吗"))
            for form in ["arrived", "not-arrived", "wrong-amount"] {
                let answer = try await journey.browser.post(
                    "\(path)/\(form)", ["version": version, "expected": "5"])
                #expect(answer.status == .conflict, "\(form)")
            }
            #expect(try await destination(journey, number).status == .conflict)
            for page in ["wrong-amount", "destination", "appeal"] {
                #expect(try await journey.browser.get("\(path)/\(page)").headers[.location] == path, "\(page)")
            }
            #expect(try await journey.version(of: number) == version)
        }
    }

    @Test func aMissingArrivalIsSaidOnceAndShown() async throws {
        try await withPortal { portal in
            let (journey, number) = try await paid(portal)
            let path = "/cases/\(number.text)"
            let version = try await journey.version(of: number)
            let first = try await journey.browser.get(path)
            let told = try await journey.browser.post("\(path)/not-arrived", ["version": version])
            #expect(told.headers[.location] == path)
            let page = try await journey.browser.get(path)
            #expect(page.headers[.eTag] != first.headers[.eTag])
            #expect(page.page.contains("您告诉我们钱还没到"))
            #expect(!page.page.contains("\(path)/not-arrived"))
            let again = try await journey.browser.post(
                "\(path)/not-arrived", ["version": try await journey.version(of: number)])
            #expect(again.status == .conflict)
        }
    }

    @Test func anAmountIsComparedAndQuestioned() async throws {
        try await withPortal { portal in
            let (journey, number) = try await paid(portal)
            let path = "/cases/\(number.text)"
            let form = try await journey.browser.get("\(path)/wrong-amount").page
            for row in ["付款金额", "之前已退", "您申请", "商户同意", "手续费", "货币换算", "应到账", "银行已确认"] {
                #expect(form.contains(row), "\(row)")
            }
            let version = try await journey.version(of: number)
            for wrong in ["", "0", "-5", "abc", "5.005", "99999999999999999999", "１😀"] {
                let answer = try await journey.browser.post(
                    "\(path)/wrong-amount", ["version": version, "expected": wrong, "details": "<b>少了</b>"])
                #expect(answer.status == .unprocessableContent, "\(wrong)")
                #expect(answer.page.contains("&lt;b&gt;少了&lt;/b&gt;"))
            }
            let long = try await journey.browser.post(
                "\(path)/wrong-amount",
                ["version": version, "expected": "80", "details": String(repeating: "长", count: 1_001)])
            #expect(long.status == .unprocessableContent)
            let stale = try await journey.browser.post("\(path)/wrong-amount", ["version": "1", "expected": "80"])
            #expect(stale.status == .conflict)
            let told = try await journey.browser.post(
                "\(path)/wrong-amount", ["version": version, "expected": "¥８０", "details": "小票上是 80"])
            #expect(told.headers[.location] == path)
            let page = try await journey.browser.get(path).page
            #expect(page.contains("您告诉我们金额不对，应为 ¥80.00"))
            #expect(!page.contains("小票上是"), "the cardholder's own words are not on a page that is kept")
        }
    }

    @Test func anAccountIsNamedWithProofAndItsNumberShownNowhere() async throws {
        try await withPortal { portal in
            let (journey, number) = try await paid(portal, .needsPayeeAction)
            let path = "/cases/\(number.text)"
            #expect(try await journey.browser.get(path).page.contains("\(path)/destination"))
            let form = try await journey.browser.get("\(path)/destination")
            #expect(form.headers[.cacheControl] == "no-store")
            for wrong in ["", "6222021234567895", "1234", "<script>", String(repeating: "9", count: 90)] {
                let answer = try await destination(journey, number, account: wrong)
                #expect(answer.status == .unprocessableContent, "\(wrong)")
                #expect(answer.page.contains("李女士"))
            }
            #expect(try await destination(journey, number, files: false).status == .unprocessableContent)
            #expect(try await destination(journey, number, holder: " ").status == .unprocessableContent)
            #expect(try await destination(journey, number, version: "1").status == .conflict)
            #expect(try await destination(journey, number).headers[.location] == path)
            let page = try await journey.browser.get(path).page
            #expect(page.contains("您已经告诉我们另一个账户"))
            for hidden in ["7894", "李女士", "招商银行"] { #expect(!page.contains(hidden), "\(hidden)") }
        }
    }

    @Test func theLinkAloneIsAskedForACode() async throws {
        try await withPortal { portal in
            let (journey, number) = try await paid(portal)
            let path = "/cases/\(number.text)"
            let link = try await linked(portal, journey)
            let page = try await link.get(path).page
            #expect(!page.contains("\(path)/arrived"))
            #expect(page.contains("需要先用验证码确认是您本人"))
            let version = try await journey.version(of: number)
            for form in ["arrived", "not-arrived", "wrong-amount", "destination", "appeal"] {
                let fields: KeyValuePairs = [
                    "version": version, "expected": "80", "account": "6222021234567894", "bank": "b", "holder": "h",
                    "grounds": "The receipt shows another amount.",
                ]
                let answer =
                    ["destination", "appeal"].contains(form)
                    ? try await link.upload("\(path)/\(form)", fields, [.init(name: "a.png", Journey.picture)])
                    : try await link.post("\(path)/\(form)", fields)
                #expect(answer.headers[.location]?.hasPrefix("/track") == true, "\(form)")
            }
            for form in ["wrong-amount", "destination", "appeal"] {
                #expect(try await link.get("\(path)/\(form)").headers[.location]?.hasPrefix("/track") == true)
            }
            #expect(try await journey.version(of: number) == version)
        }
    }
}
