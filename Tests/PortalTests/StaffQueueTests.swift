import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@testable import Portal

@Suite struct StaffQueueTests {
    /// The case numbers of a page, in its order.
    private func numbers(_ page: String) -> [String] {
        page.split(separator: "href=\"/merchant/cases/").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    /// Makes many cases out of one, with promised dates a few apart, so that dates repeat across pages.
    private func multiply(_ number: CaseNumber, by count: Int, _ portal: PortalUnderTest) async throws {
        let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        try await portal.desk.store.write { sql in
            for index in 0..<count {
                let symbols = [letters[index / 32 % 32], letters[index % 32]]
                let state = index % 3 == 0 ? "in_review" : "submitted"
                try sql.run(
                    """
                    INSERT INTO refund_case (id, number, merchant_id, payment_id, state, version, intake, look_up,
                                             language, reason, currency, asked_minor, policy_version, submission,
                                             due_on, contact_proved_ms, submitted_ms, created_ms, changed_ms)
                    SELECT id || $1, $2, merchant_id, payment_id, $3, 1, intake, look_up, language, reason, currency,
                           asked_minor, policy_version, submission || $1, $4, contact_proved_ms, submitted_ms,
                           created_ms, changed_ms
                    FROM   refund_case
                    WHERE  number = $5
                    """,
                    [
                        .text(String(format(index))), .text("RF-0000-00" + String(symbols) + "-0"), .text(state),
                        .text("2026-12-0\(index % 5 + 1)"), .text(number.text),
                    ])
            }
        }
    }

    private func format(_ index: Int) -> String {
        let hex = String(index, radix: 16)
        return String(repeating: "0", count: 4 - hex.count) + hex
    }

    @Test(arguments: ["", "?sort=latest", "?assignee=none"])
    func pagesHaveNoGapsAndNoDoubles(_ filter: String) async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            try await multiply(number, by: 90, portal)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            var seen: [String] = []
            var address: String? = "/merchant/queue\(filter)"
            while let next = address, seen.count < 200 {
                let page = try await browser.get(next).page
                seen += numbers(page)
                address = page.split(separator: "\" rel=\"next\"").dropLast().last
                    .flatMap { $0.split(separator: "href=\"").last }
                    .map { String($0).replacing("&amp;", with: "&") }
            }
            #expect(seen.count == 91)
            #expect(Set(seen).count == 91)
        }
    }

    @Test func filtersShowWhatTheySay() async throws {
        try await withPortal { portal in
            let first = try await portal.filed()
            let second = try await portal.filed(
                SamplePayment {
                    $0.reference = "614233280099"
                    $0.cardLast4 = "4321"
                    $0.transaction = "42000099"
                })
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            _ = try await browser.post(
                "/merchant/cases/\(second.text)/take", ["version": try await portal.version(second)])
            let expected: [(String, [String])] = [
                ("state=submitted", [first.text]), ("state=in_review", [second.text]), ("assignee=me", [second.text]),
                ("assignee=none", [first.text]), ("state=approved", []), ("flag=overdue", []), ("older_than=2", []),
                ("q=4321", [second.text]), ("q=614233280012", [first.text]), ("q=\(first.text)", [first.text]),
                ("q=42000099", [second.text]), ("q=zhang@example.com", []), ("q=nothing", []),
            ]
            for (query, found) in expected {
                #expect(numbers(try await browser.get("/merchant/queue?\(query)").page) == found, "\(query)")
            }
            let open = numbers(try await browser.get("/merchant/queue").page)
            #expect(open == [first.text, second.text], "what was promised first comes first")
        }
    }

    @Test func whatIsOverdueIsSaidInWords() async throws {
        try await withPortal { portal in
            _ = try await portal.filed()
            portal.clock.advance(seconds: 86_400 * 20)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let page = try await browser.get("/merchant/queue?flag=overdue&older_than=15").page
            #expect(page.contains("已逾期"))
            #expect(page.contains("row--turn"))
        }
    }

    @Test func otherMerchantsCasesNeverAppear() async throws {
        try await withPortal { portal in
            let ours = try await portal.filed()
            try await Samples.addMerchant(portal.desk, code: "other", terminal: "20000002")
            let wang = try await portal.signedIn("wang@example.com", .reviewer, merchantCode: "other")
            for query in ["", "?state=all", "?q=\(ours.text)", "?q=614233280012", "?q=000812", "?q=张伟"] {
                let page = try await wang.get("/merchant/queue\(query)").page
                #expect(numbers(page).isEmpty, "\(query)")
            }
        }
    }

    @Test func aDecisionLeadsBackToTheQueueOneCameFrom() async throws {
        try await withPortal { portal in
            let first = try await portal.filed()
            let second = try await portal.filed(
                SamplePayment {
                    $0.reference = "614233280099"
                    $0.transaction = "42000099"
                })
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            _ = try await browser.get("/merchant/queue?state=submitted&sort=latest")
            let page = try await browser.get("/merchant/cases/\(second.text)").page
            #expect(page.contains("href=\"/merchant/queue?state=submitted&amp;sort=latest\""))
            #expect(page.contains("href=\"/merchant/cases/\(first.text)\" rel=\"next\""))
        }
    }

    @Test(arguments: QueueStatements.everyPage + CaseSearchStatements.all + [QueueStatements.count])
    func noStatementReadsAllCases(_ statement: String) async throws {
        try await withStore { store in
            _ = try await Migrator(deskMigrations).migrate(store, now: 0)
            let values = (1...8).filter { statement.contains("$\($0)") }.map { _ in SQLValue.text("") }
            let plan = try await store.read { sql in
                try sql.rows("EXPLAIN QUERY PLAN " + statement, values).map { try $0.text("detail") }
            }
            #expect(!plan.isEmpty)
            #expect(!plan.contains { $0.hasPrefix("SCAN refund_case") || $0.hasPrefix("SCAN payment") }, "\(plan)")
            if statement.contains("ORDER BY due_on") {
                #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
            }
            if statement.contains("(due_on, id)") {
                let index = statement.contains("AND      assignee_id") ? "refund_case_assignee" : "refund_case_queue"
                #expect(plan.contains { $0.contains("\(index) (") && $0.contains("(due_on,id)") }, "\(plan)")
            }
        }
    }

    @Test(arguments: [
        "?after=x", "?after=2026-13-45_0", "?older_than=-3", "?state=draft", "?sort=%27", "?q=%3Cscript%3E",
    ])
    func nonsenseInTheAddressIsTakenCalmly(_ query: String) async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let answer = try await browser.get("/merchant/queue\(query)")
            #expect(answer.status == .ok)
            #expect(!answer.page.contains("<script>"))
        }
    }
}
