import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct SecondApprovalTests {
    private func address(_ number: CaseNumber, _ part: String = "") -> String {
        "/merchant/cases/\(number.text)\(part)"
    }

    private func approval(_ amount: String, _ number: CaseNumber, _ portal: PortalUnderTest) async throws -> String {
        "version=\(try await portal.version(number))&amount=\(amount)&checks=card&checks=time&checks=amount"
    }

    /// A case above a reviewer's limit that one reviewer has approved, and the reviewer's browser.
    private func waiting(_ portal: PortalUnderTest) async throws -> (CaseNumber, Browser) {
        let number = try await portal.filed(SamplePayment { $0.amountMinor = 200_000 }, asking: 150_000)
        let first = try await portal.signedIn("lin@example.com", .reviewer)
        #expect(try await first.get(address(number)).page.contains("还要另一位复核"), "said before the button is pressed")
        let answer = try await first.post(
            raw: address(number, "/approve"), try await approval("1500", number, portal))
        #expect(answer.status == .seeOther)
        #expect(try await portal.state(number) == .awaitingSecond)
        return (number, first)
    }

    @Test func anotherApproverAgreesAndSeesWhoWasFirst() async throws {
        try await withPortal { portal in
            let (number, first) = try await waiting(portal)
            let own = try await first.get(address(number)).page
            #expect(!own.contains("/second\"") && !own.contains("/approve\""))
            let second = try await portal.signedIn("chen@example.com", .approver)
            #expect(try await second.get("/merchant/queue?state=awaiting_second").page.contains(number.text))
            let page = try await second.get(address(number)).page
            #expect(page.contains("第一次同意") && page.contains("lin") && page.contains("¥1,500.00"))
            let none = try await second.post(
                address(number, "/second"), ["version": portal.version(number)])
            #expect(none.status == .unprocessableContent && none.page.contains("href=\"#decision\""))
            let version = try await portal.version(number)
            let agreed = try await second.post(
                address(number, "/second"), ["version": version, "decision": "approve"])
            #expect(agreed.status == .seeOther)
            #expect(try await portal.state(number) == .approved)
            let twice = try await second.post(
                address(number, "/second"), ["version": version, "decision": "approve"])
            #expect(twice.status == .conflict)
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM movement") == 1)
        }
    }

    @Test func sendingBackNeedsANote() async throws {
        try await withPortal { portal in
            let (number, _) = try await waiting(portal)
            let second = try await portal.signedIn("zhao@example.com", .operatorReviewer)
            #expect(try await second.get("/support/queue?show=second").page.contains(number.text))
            let folder = "/support/cases/\(number.text)"
            #expect(try await second.get("\(folder)/review").page.contains("/second\""))
            let silent = try await second.post(
                "\(folder)/second", ["version": portal.version(number), "decision": "send-back"])
            #expect(silent.status == .unprocessableContent && silent.page.contains("href=\"#note\""))
            let back = try await second.post(
                "\(folder)/second",
                ["version": portal.version(number), "decision": "send-back", "note": "小票看不清。"])
            #expect(back.headers[.location] == "\(folder)/review")
            #expect(try await portal.state(number) == .inReview)
        }
    }

    @Test func noOtherRoleOfTheMerchantAndNoOtherMerchantAgrees() async throws {
        try await withPortal { portal in
            let (number, first) = try await waiting(portal)
            try await Samples.addMerchant(portal.desk, code: "other", terminal: "20000002")
            let fields = ["version": try await portal.version(number), "decision": "approve"]
            #expect(try await first.post(address(number, "/second"), pairs: fields).status == .notFound)
            let others = [(Role.clerk, Samples.merchant), (.merchantAdmin, Samples.merchant), (.approver, "other")]
            for (role, merchant) in others {
                let browser = try await portal.signedIn("\(role.rawValue)@example.com", role, merchantCode: merchant)
                #expect(try await browser.post(address(number, "/second"), pairs: fields).status == .notFound)
            }
            #expect(try await portal.state(number) == .awaitingSecond)
        }
    }
}
