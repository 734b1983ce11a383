import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct StaffAccessTests {
    /// Who asks for a case of the sample merchant.
    enum Asker: CaseIterable {
        case nobody, clerk, reviewer, admin, reviewerOfOther, support, finance, operatorReviewer, operatorAdmin

        var role: Role? {
            switch self {
            case .nobody: nil
            case .clerk: .clerk
            case .reviewer, .reviewerOfOther: .reviewer
            case .admin: .merchantAdmin
            case .support: .support
            case .finance: .finance
            case .operatorReviewer: .operatorReviewer
            case .operatorAdmin: .operatorAdmin
            }
        }
    }

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

    /// What needs a thing of its own to be there: JointPageTests, ReconciliationTests, PayoutTests and IssuersTests
    /// ask for it.
    private static func hasItsOwnTests(_ path: String) -> Bool {
        path.contains("{proposal}") || path.contains("/reconciliation/{id}") || path == "/support/issuers"
            || path.hasPrefix("/support/payouts")
    }

    @Test(arguments: Asker.allCases)
    func everyRouteForEveryRole(_ asker: Asker) async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let proof = try await portal.store(proof: Array("%PDF-1.7 hello".utf8), of: number)
            try await Samples.addMerchant(portal.desk, code: "other", terminal: "20000002")
            let policy = try await portal.propose(try Policy.standard.with(.offerDays, 5))
            let browser: Browser
            if let role = asker.role {
                let merchant = asker == .reviewerOfOther ? "other" : Samples.merchant
                browser = try await portal.signedIn("who@example.com", role, merchantCode: merchant)
            } else {
                browser = portal.browser()
            }
            for rule in Permissions.table where rule.path != "/staff" && !Self.hasItsOwnTests(rule.path) {
                let id = rule.path.contains("polic") ? policy : proof
                let address = rule.path.replacing("{number}", with: number.text).replacing("{id}", with: id)
                    .replacing("{merchant}", with: Samples.merchant)
                // A version that fits nothing: whoever may act is told 409 and changes nothing.
                let answer =
                    rule.method == .get
                    ? try await browser.get(address)
                    : try await browser.post(address, ["version": "999", "note": "x"])
                let isOfOne = rule.path.contains("{number}") || rule.path.contains("{id}")
                let isOthers = asker == .reviewerOfOther && isOfOne
                let isAllowed = asker.role.map { rule.roles.contains($0) } == true && !isOthers
                switch (asker, isAllowed) {
                case (.nobody, _): #expect(answer.status == .seeOther, "\(rule.method) \(rule.path)")
                case (_, true):
                    #expect([.ok, .conflict].contains(answer.status), "\(rule.method) \(rule.path) \(answer.status)")
                case (_, false): #expect(answer.status == .notFound, "\(rule.method) \(rule.path)")
                }
            }
            #expect(try await portal.state(number) == .submitted)
        }
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
