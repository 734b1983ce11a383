import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct StaffAccessTests {
    @Test func everyStaffRouteHasARowInTheTable() async throws {
        try await withPortal { portal in
            let routes = try portal.routes()
            #expect(routes.contains { $0.path == "/merchant/queue" })
            #expect(Permissions.missing(in: routes) == [])
            #expect(Permissions.missing(in: [(.get, "/merchant/new"), (.post, "/support/cases")]).count == 2)
        }
    }

    @Test func nobodyMayUseWhatIsNotInTheTable() {
        for role in Role.allCases {
            #expect(!Permissions.allow(role, .get, "/merchant/ledger"))
            #expect(!Permissions.allow(role, .post, "/merchant/queue"))
            #expect(!Permissions.allow(role, .get, nil))
        }
        #expect(!Permissions.allow(.support, .post, "/merchant/cases/{number}/approve"))
        #expect(!Permissions.allow(.clerk, .post, "/merchant/cases/{number}/approve"))
        #expect(!Permissions.allow(.approver, .get, "/support/cases"))
    }

    @Test func foreignUnknownAndForbiddenLookTheSame() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            try await Samples.addMerchant(portal.desk, code: "other", terminal: "20000002")
            let other = try await portal.signedIn("wang@example.com", .reviewer, merchantCode: "other")
            let foreign = try await other.get("/merchant/cases/\(number.text)").page
            let unknown = try await other.get("/merchant/cases/RF-0000-0000-0").page
            let forbidden = try await other.get("/support/cases/\(number.text)").page
            func body(_ page: String, _ path: String) -> String { page.replacing(path, with: "/") }
            #expect(
                body(foreign, "/merchant/cases/\(number.text)") == body(unknown, "/merchant/cases/RF-0000-0000-0"))
            #expect(body(foreign, "/merchant/cases/\(number.text)") == body(forbidden, "/support/cases/\(number.text)"))
        }
    }

    @Test func aFormOfAnotherSiteChangesNothing() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            for value in ["cross-site", "same-site", "none"] {
                let answer = try await browser.post(
                    "/merchant/cases/\(number.text)/take", ["version": try await portal.version(number)],
                    [site: value])
                #expect(answer.status == .forbidden)
            }
            #expect(try await portal.state(number) == .submitted)
        }
    }
}
