import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

extension PortalUnderTest {
    /// The member of an address, for verbs.
    func member(_ email: String) async throws -> StaffMember {
        guard let found = try await desk.staffMember(email: email) else {
            throw Refusal.notFound
        }
        return found
    }

    /// Proposes rules for tomorrow; the proposal's id.
    func propose(_ policy: Policy, after newest: Int64 = 0, by email: String = "maker@example.com") async throws
        -> String
    {
        if try await desk.staffMember(email: email) == nil {
            _ = try await hire(email, .merchantAdmin)
        }
        let staff = try await member(email)
        let today = LocalTime(clock.now, secondsAheadOfUTC: 28_800).day
        return try await desk.proposePolicy(
            policy, for: staff.merchantID ?? "", from: today.adding(days: 1), after: newest, by: staff)
    }

    /// Rules that are in force.
    func enact(_ policy: Policy) async throws {
        let id = try await propose(policy)
        _ = try await hire("checker@example.com", .merchantAdmin)
        try await desk.confirmPolicy(id, by: member("checker@example.com"))
        clock.advance(seconds: 86_400)
    }
}

@Suite struct StaffPolicyTests {
    /// A form that changes nothing but one field.
    private func form(_ changes: [String: String] = [:], version: String = "0") -> [String: String] {
        var fields = ["version": version, "from": "2027-01-01"]
        for number in PolicyNumber.allCases {
            if let standard = number.standard {
                let words = ["basis-points": standard / 100, "money": standard / 100]
                fields[number.rawValue] = String(words[number.unit.rawValue] ?? standard)
            }
        }
        for choice in PolicyChoice.allCases { fields[choice.rawValue] = choice.standard }
        for reason in RequestReason.allCases where reason.proof.isDemanded { fields["proof.\(reason.rawValue)"] = "0" }
        return fields.merging(changes) { $1 }
    }

    @Test func anAdminComesToThePolicyAndProposesOne() async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("admin@example.com", .merchantAdmin)
            let home = try await browser.get("/staff")
            #expect(home.headers[.location] == "/merchant/policy")
            let page = try await browser.get("/merchant/policy").page
            #expect(page.contains("通用规则") && page.contains("¥1,000.00") && page.contains("提出新规则"))
            let fields = form(["refund-max": "500", "share-max": "80.5", "undo-seconds": "0"])
            let answer = try await browser.post("/merchant/policy/propose", pairs: fields)
            #expect(answer.status == .seeOther)
            let address = try #require(answer.headers[.location])
            let proposal = try await browser.get(address).page
            #expect(proposal.contains("不限") && proposal.contains("¥500.00") && proposal.contains("80.50%"))
            #expect(proposal.contains("要由另一个人确认") && !proposal.contains("/confirm"))
            let own = try await browser.post("\(address)/confirm", ["version": "1"])
            #expect(own.status == .conflict)
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM policy WHERE state = 'confirmed'") == 0)
        }
    }

    @Test func somebodyElseConfirmsOrRefusesIt() async throws {
        try await withPortal { portal in
            let id = try await portal.propose(try Policy.standard.with(.offerDays, 5))
            let browser = try await portal.signedIn("finance@example.com", .finance)
            let list = try await browser.get("/support/policies").page
            #expect(list.contains("/support/policies/camellia") && list.contains("有 1 份规则等另一个人确认"))
            let address = "/support/policies/camellia/\(id)"
            let empty = try await browser.post("\(address)/refuse", ["version": "1", "reason": " "])
            #expect(empty.status == .unprocessableContent && empty.page.contains("请写明原因"))
            let confirmed = try await browser.post("\(address)/confirm", ["version": "1"])
            #expect(confirmed.status == .seeOther)
            let again = try await browser.post("\(address)/refuse", ["version": "1", "reason": "迟了"])
            #expect(again.status == .conflict && again.page.contains("已经有人决定过了"))
            portal.clock.advance(seconds: 86_400)
            let back = try await portal.signedIn("finance2@example.com", .finance)
            let page = try await back.get("/support/policies/camellia").page
            #expect(page.contains("camellia-1") && page.contains("maker") && page.contains("finance"))
        }
    }

    @Test func whyAProposalWasRefusedStandsWithIt() async throws {
        try await withPortal { portal in
            let id = try await portal.propose(try Policy(version: "camellia").with(.windowDays, 90))
            let browser = try await portal.signedIn("admin@example.com", .merchantAdmin)
            let address = "/merchant/policy/\(id)"
            let refused = try await browser.post("\(address)/refuse", ["version": "1", "reason": "三个月 <太短>。"])
            #expect(refused.status == .seeOther)
            let page = try await browser.get(address).page
            #expect(page.contains("没有同意的原因") && page.contains("三个月 &lt;太短&gt;。"))
        }
    }

    @Test func whatDoesNotFitIsToldBesideItsFieldAndKept() async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("admin@example.com", .merchantAdmin)
            for (field, typed) in [
                ("offer-days", "99"), ("offer-days", ""), ("offer-days", "<script>"), ("refund-max", "-5"),
                ("share-max", "101"), ("proof.other", "many"), ("from", "2020-01-01"), ("from", "tomorrow"),
            ] {
                let fields = form(["refund-max": "77"]).merging([field: typed]) { $1 }
                let answer = try await browser.post("/merchant/policy/propose", pairs: fields)
                #expect(answer.status == .unprocessableContent, "\(field) \(typed)")
                #expect(answer.page.contains("href=\"#\(field)\""), "\(field) \(typed)")
                #expect(answer.page.contains(field == "refund-max" ? "value=\"-5\"" : "value=\"77\""))
                #expect(!answer.page.contains("<script>\""))
            }
            let same = try await browser.post("/merchant/policy/propose", pairs: form(["undo-seconds": "0"]))
            #expect(same.status == .unprocessableContent && same.page.contains("没有改动"))
        }
    }

    @Test func aPageThatWentStaleIsAnsweredWithWhatWasTyped() async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("admin@example.com", .merchantAdmin)
            let first = try await portal.propose(try Policy.standard.with(.offerDays, 5))
            let late = try await browser.post("/merchant/policy/propose", pairs: form(["refund-max": "77"]))
            #expect(late.status == .conflict)
            #expect(late.page.contains("value=\"77\"") && late.page.contains("name=\"version\" value=\"1\""))
            _ = try await portal.propose(try Policy.standard.with(.offerDays, 4), after: 1)
            let old = try await browser.post("/merchant/policy/\(first)/confirm", ["version": "1"])
            #expect(old.status == .conflict)
        }
    }

    @Test func reviewersReadAndChangeNothing() async throws {
        try await withPortal { portal in
            let id = try await portal.propose(try Policy.standard.with(.offerDays, 5))
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let page = try await browser.get("/merchant/policy").page
            #expect(page.contains("通用规则") && !page.contains("/merchant/policy/propose"))
            let version = try await browser.get("/merchant/policy/\(id)").page
            #expect(version.contains("camellia-1") && !version.contains("/confirm"))
            #expect(try await browser.get("/merchant/policy/propose").status == .notFound)
            #expect(try await browser.post("/merchant/policy/\(id)/confirm", ["version": "1"]).status == .notFound)
        }
    }

    @Test func thePagesAreReadInEnglishToo() async throws {
        try await withPortal { portal in
            let id = try await portal.propose(try Policy.standard.with(.offerDays, 5).with(.dayMax, 20_000))
            let amy = try await portal.hire("amy@example.com", .merchantAdmin)
            let browser = try await portal.signedIn(amy, language: "en")
            #expect(try await browser.get("/merchant/policy").page.contains("Standard rules"))
            #expect(try await browser.get("/merchant/policy/propose").page.contains("3 to 7 days"))
            let page = try await browser.get("/merchant/policy/\(id)").page
            #expect(page.contains("7 days") && page.contains("5 days") && page.contains("no limit"))
        }
    }
}

@Suite struct PolicyForCardholderTests {
    @Test(arguments: [
        ("zh-CN", "这家商户一次最多退", "¥50.00"), ("en", "gives back no more at once", "¥50.00"),
    ])
    func theAmountPageSaysWhichLimitWasHit(_ language: String, _ words: String, _ most: String) async throws {
        try await withPortal { portal in
            try await portal.enact(try Policy.standard.with(.refundMax, 5_000))
            let journey = Journey(portal, language)
            try await journey.find()
            let found = try await journey.browser.get("/request").page
            #expect(found.contains(words))
            try await journey.chooseReason()
            let page = try await journey.browser.get("/request/amount").page
            #expect(page.contains(words) && page.contains(most))
            let above = try await journey.browser.post("/request/amount", ["portion": "part", "amount": "50.01"])
            #expect(above.status == .unprocessableContent && above.page.contains("id=\"amount-problem\""))
            let edge = try await journey.browser.post("/request/amount", ["portion": "part", "amount": "50"])
            #expect(edge.status == .seeOther)
        }
    }

    @Test func aWindowOfTheMerchantsIsToldAsTheMerchants() async throws {
        try await withPortal { portal in
            try await portal.enact(try Policy.standard.with(.windowDays, 1))
            let journey = Journey(portal)
            try await journey.find()
            let page = try await journey.browser.get("/request").page
            #expect(page.contains("超过了商户接受退款的期限") && page.contains("付款后 1 天内"))
        }
    }

    @Test func theFeeIsShownBeforeSending() async throws {
        try await withPortal { portal in
            try await portal.enact(
                try Policy.standard.with(.feeFixed, 100).with(.feeShare, 100).with(.feeBearer, "cardholder"))
            let journey = Journey(portal)
            try await journey.draft()
            let page = try await journey.browser.get("/request/check").page
            #expect(page.contains("¥60.00") && page.contains("¥1.60") && page.contains("¥58.40"))
        }
    }
}
