import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct TwoPeopleTests {
    private static let evidence = "渠道 11 月 24 日来函 QD-17：此号未付。"

    private func address(_ number: CaseNumber, _ part: String = "") -> String {
        "/support/cases/\(number.text)\(part)"
    }

    /// A case whose money nobody knows anything about, for long enough.
    private func lost(_ portal: PortalUnderTest) async throws -> CaseNumber {
        let number = try await portal.paid([.unknown])
        portal.clock.advance(seconds: 25 * 3600)
        return number
    }

    private func fields(_ number: CaseNumber, _ portal: PortalUnderTest) async throws -> [String: String] {
        [
            "version": try await portal.version(number), "movement": try await portal.movement(of: number),
            "evidence": TwoPeopleTests.evidence,
        ]
    }

    @Test func oneProposesSeesWhatWillHappenAndAnotherConfirms() async throws {
        try await withPortal { portal in
            let number = try await lost(portal)
            let finance = try await portal.signedIn("wu@example.com", .finance)
            let movement = try await portal.movement(of: number)
            #expect(try await finance.get(address(number)).page.contains("/give-up?movement=\(movement)"))
            let form = try await finance.get(address(number, "/give-up?movement=\(movement)"))
            #expect(form.status == .ok && form.page.contains("失败退回 P9") && form.page.contains("¥60.00"))
            let typed = try await fields(number, portal)
            let last = try await finance.post(address(number, "/give-up"), pairs: typed)
            #expect(last.status == .ok && last.page.contains("name=\"confirm\""))
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM joint_proposal") == 0)
            let confirmed = typed.merging(["confirm": "yes"]) { $1 }
            let proposed = try await finance.post(address(number, "/give-up"), pairs: confirmed)
            #expect(proposed.headers[.location] == address(number, "#two-people"))
            let twice = try await finance.post(address(number, "/give-up"), pairs: confirmed)
            #expect(twice.status == .conflict)
            let proposal = try await proposal(portal)
            let own = try await finance.get(address(number, "/proposals/\(proposal)")).page
            #expect(own.contains("这是您提出的") && !own.contains("/confirm\""))
            #expect(try await finance.post(address(number, "/proposals/\(proposal)/confirm")).status == .forbidden)
            #expect(try await portal.movementState(number) == .unknown)
            let second = try await portal.signedIn("zhao@example.com", .operatorReviewer)
            #expect(try await second.get("/support/stuck?show=proposals").page.contains(number.text))
            let seen = try await second.get(address(number, "/proposals/\(proposal)")).page
            #expect(seen.contains(TwoPeopleTests.evidence) && seen.contains("wu（财务）"))
            let done = try await second.post(address(number, "/proposals/\(proposal)/confirm"))
            #expect(done.headers[.location] == address(number, "#two-people"))
            #expect(try await portal.movementState(number) == .failed)
            let after = try await second.get(address(number)).page
            #expect(after.contains("已确认") && after.contains("zhao"))
            #expect(
                try await second.post(address(number, "/proposals/\(proposal)/confirm")).status == .conflict,
                "what is decided is decided once")
        }
    }

    @Test func aProposalIsRefusedWithAReason() async throws {
        try await withPortal { portal in
            let number = try await lost(portal)
            let finance = try await portal.signedIn("wu@example.com", .finance)
            let typed = try await fields(number, portal).merging(["confirm": "yes"]) { $1 }
            _ = try await finance.post(address(number, "/give-up"), pairs: typed)
            let proposal = try await proposal(portal)
            let second = try await portal.signedIn("zhao@example.com", .operatorReviewer)
            let silent = try await second.post(address(number, "/proposals/\(proposal)/refuse"))
            #expect(silent.status == .unprocessableContent && silent.page.contains("href=\"#reason\""))
            let refused = try await second.post(
                address(number, "/proposals/\(proposal)/refuse"), ["reason": "来函不是这个编号。"])
            #expect(refused.status == .seeOther)
            #expect(try await portal.movementState(number) == .unknown)
            #expect(try await second.get(address(number)).page.contains("已拒绝"))
        }
    }

    @Test func whatDoesNotFitIsToldAndNothingIsProposed() async throws {
        try await withPortal { portal in
            let number = try await lost(portal)
            let finance = try await portal.signedIn("wu@example.com", .finance)
            let hostile = "<script>alert(1)</script>"
            for evidence in ["", "短", hostile + String(repeating: "长", count: 2100)] {
                let typed = try await fields(number, portal).merging(["evidence": evidence, "confirm": "yes"]) { $1 }
                let answer = try await finance.post(address(number, "/give-up"), pairs: typed)
                #expect(answer.status == .unprocessableContent && answer.page.contains("href=\"#evidence\""))
                #expect(!answer.page.contains("<script>alert"))
            }
            for change in [["version": "1"], ["movement": "nobody's"], ["movement": ""]] {
                let typed = try await fields(number, portal).merging(change) { $1 }
                #expect(try await finance.post(address(number, "/give-up"), pairs: typed).status == .conflict)
            }
            let wrong = try await fields(number, portal)
            #expect(try await finance.post(address(number, "/reroute"), pairs: wrong).status == .conflict)
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM joint_proposal") == 0)
        }
    }

    @Test func whoMayNotProposeFindsNoForm() async throws {
        try await withPortal { portal in
            let number = try await lost(portal)
            let typed = try await fields(number, portal)
            let support = try await portal.signedIn("li@example.com", .support)
            #expect(!(try await support.get(address(number)).page.contains("/give-up")))
            #expect(try await support.post(address(number, "/give-up"), pairs: typed).status == .notFound)
            let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
            #expect(try await reviewer.post(address(number, "/give-up"), pairs: typed).status == .notFound)
        }
    }

    @Test func aCorrectionShowsBothTotals() async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.succeeded])
            let finance = try await portal.signedIn("wu@example.com", .finance)
            let typed = try await fields(number, portal).merging(["direction": "up", "amount": "20"]) { $1 }
            let last = try await finance.post(address(number, "/correct"), pairs: typed)
            #expect(last.status == .ok && last.page.contains("¥60.00 + ¥20.00 = ¥80.00"))
            for amount in ["", "0", "-1", "1.234", "abc", "60.01"] {
                let down = typed.merging(["direction": "down", "amount": amount, "basis": "goodwill"]) { $1 }
                let answer = try await finance.post(address(number, "/correct"), pairs: down)
                #expect(answer.status == .unprocessableContent && answer.page.contains("href=\"#amount\""))
            }
            let sideways = typed.merging(["direction": "sideways"]) { $1 }
            #expect(try await finance.post(address(number, "/correct"), pairs: sideways).status == .conflict)
        }
    }

    @Test func aBlockStopsApprovalsAndSaysWhy() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let finance = try await portal.signedIn("wu@example.com", .finance)
            let empty = try await finance.post(address(number, "/block"), ["version": portal.version(number)])
            #expect(empty.status == .unprocessableContent && empty.page.contains("href=\"#kind\""))
            let blocked = try await finance.post(
                address(number, "/block"),
                ["version": portal.version(number), "kind": "legal-hold", "reference": "LH-7"])
            #expect(blocked.status == .seeOther)
            let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
            let page = try await reviewer.get("/merchant/cases/\(number.text)").page
            #expect(page.contains("依法冻结") && page.contains("LH-7") && page.contains("这笔付款被冻结"))
            #expect(!page.contains("/approve\""))
            #expect(try await finance.get("/support/stuck?show=blocks").page.contains(number.text))
            let id = try await portal.text("SELECT id AS value FROM block")
            let lifted = try await finance.post(
                address(number, "/unblock"),
                ["version": portal.version(number), "block": id, "outcome": "lifted"])
            #expect(lifted.status == .seeOther)
            #expect(try await reviewer.get("/merchant/cases/\(number.text)").page.contains("/approve\""))
        }
    }

    private func proposal(_ portal: PortalUnderTest) async throws -> String {
        try await portal.text("SELECT id AS value FROM joint_proposal")
    }
}
