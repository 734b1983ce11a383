import HTTPTypes
import HummingbirdTesting
import NIOCore
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Web

@testable import Portal

/// What holds for every route there is: the list is the portal's own, so that a new one is held to it by itself.
@Suite struct EdgeTests {
    /// One browser with every right that one person can have: a cardholder who is a reviewer too.
    private func everybody(_ portal: PortalUnderTest) async throws -> (Browser, CaseNumber) {
        let journey = Journey(portal)
        let number = try await journey.file()
        let lin = try await portal.hire("lin@example.com", .reviewer)
        let browser = journey.browser
        _ = try await browser.post("/staff/sign-in", ["email": lin.email, "password": Colleague.password])
        let signedIn = try await browser.post("/staff/sign-in/code", ["code": portal.code(of: lin)])
        #expect(signedIn.headers[.location] == "/merchant/queue")
        return (browser, number)
    }

    private func address(_ path: String, _ number: CaseNumber) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            guard part.hasPrefix("{") || part.hasPrefix(":") else { return String(part) }
            return part.contains("number") ? number.text : "x1"
        }.joined(separator: "/")
    }

    @Test func noPageOfAnotherSiteChangesAnything() async throws {
        try await withPortal { portal in
            let (browser, number) = try await everybody(portal)
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            let foreign: [HTTPFields] = [
                [site: "cross-site"], [site: "same-site"], [site: "none"], [:], [.origin: "null"],
                [.origin: "https://evil.example"], [.referer: "\(PortalUnderTest.origin)/request"],
                [site: "cross-site", .origin: PortalUnderTest.origin],
            ]
            let forms = try portal.everyRoute().filter { route in
                route.method == .post && !Paths.machinePrefixes.contains { "/\(route.path)/".contains($0) }
            }
            #expect(forms.count > 50)
            // Whoever so much as asked the database would be told 503.
            portal.store.begin(.fault(.busy))
            for form in forms {
                for headers in foreign {
                    let answer = try await browser.post(address(form.path, number), from: headers)
                    #expect(answer.status == .forbidden, "\(form.path) \(headers)")
                    #expect(answer.headers[.setCookie] == nil, "\(form.path) \(headers)")
                }
                let own = try await browser.post(address(form.path, number), from: [site: "same-origin"])
                #expect(own.status != .forbidden, "\(form.path)")
            }
        }
    }

    @Test func machinesProveThemselvesOtherwise() async throws {
        try await withPortal { portal in
            let answer = try await portal.browser().post("/callbacks/wechatpay/nobody", from: [:])
            #expect(answer.status == .notFound)
            #expect(answer.headers[.contentType] == "application/json")
        }
    }

    @Test func everyAnswerOfEveryRouteIsDressed() async throws {
        try await withPortal { portal in
            let (browser, number) = try await everybody(portal)
            let nobody = portal.browser("en")
            let routes = try portal.everyRoute().filter { !$0.path.hasSuffix("/events") }
            let isLast = { (path: String) in path.contains("sign-out") }
            for route in routes.filter({ !isLast($0.path) }) + routes.filter({ isLast($0.path) }) {
                for visitor in [nobody, browser] {
                    let own = address(route.path, number)
                    let answer = route.method == .post ? try await visitor.post(own) : try await visitor.get(own)
                    check(answer, "\(route.method) \(route.path) \(answer.status)")
                }
            }
        }
    }

    private func check(_ answer: TestResponse, _ what: String) {
        let policy = answer.headers[.contentSecurityPolicy] ?? ""
        #expect(policy.contains("default-src 'none'"), "\(what)")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(what)")
        let referrer = answer.headers[named: "Referrer-Policy"]
        #expect(referrer == "same-origin" || referrer == "no-referrer", "\(what)")
        #expect(answer.headers[.crossOriginResourcePolicy] == "same-origin", "\(what)")
        #expect(answer.headers[named: "Cross-Origin-Opener-Policy"] == "same-origin", "\(what)")
        #expect(answer.headers[.accessControlAllowOrigin] == nil && answer.headers[.server] == nil, "\(what)")
        let caching = answer.headers[.cacheControl] ?? ""
        let isAsset = caching.contains("immutable")
        #expect(isAsset || caching == "no-store" || caching == "private, no-cache", "\(what) \(caching)")
        for line in answer.headers[values: .setCookie] {
            #expect(line.contains("; Path=/") && line.contains("; HttpOnly"), "\(what) \(line)")
            #expect(line.contains("; SameSite=Lax") || line.contains("; SameSite=Strict"), "\(what) \(line)")
            #expect(!isAsset, "\(what)")
        }
        if answer.body.readableBytes > 0 {
            let type = answer.headers[.contentType] ?? ""
            #expect(!type.hasPrefix("text/") || type.hasSuffix("charset=utf-8"), "\(what) \(type)")
        }
    }

    /// A cache that goes by endings must find nothing to keep.
    @Test func aPageWithAnEndingIsNoPage() async throws {
        try await withPortal { portal in
            let (browser, number) = try await everybody(portal)
            let pages = try portal.everyRoute().filter { $0.method == .get && !$0.path.hasPrefix("/assets") }
            #expect(pages.count > 40)
            for page in pages {
                let own = address(page.path, number)
                for ending in ["/x.css", ".css", "/.js", "%2Fx.css", ";x.css", "%0A.png", "%00.png"] {
                    let address = own == "/" ? "/\(ending.drop { $0 == "/" })" : own + ending
                    let answer = try await browser.get(address)
                    let isRefused = [.notFound, .badRequest].contains(answer.status)
                    #expect(isRefused, "\(address) \(answer.status)")
                    #expect(answer.headers[.cacheControl] == "no-store", "\(address)")
                }
            }
        }
    }

    /// Names of columns, sent with every form, set nothing that the form does not have.
    @Test func fieldsThatAFormDoesNotHaveSetNothing() async throws {
        try await withPortal { portal in
            // A slip has one kind of number; these are fields of that form.
            let known: Set = ["reference_no", "terminal_no", "trace_no", "order_no", "card_last4"]
            let names = try await columns(of: portal).filter { !known.contains($0) }
            #expect(names.count > 200)
            let most = FormFields.fieldsMax - 20
            for (turn, start) in stride(from: 0, to: names.count, by: most).enumerated() {
                let payment = SamplePayment {
                    $0.reference = "61423328100\(turn)"
                    $0.trace = "00081\(turn)"
                    $0.transaction = "420000202611200000000000000\(turn)"
                }
                let journey = Journey(portal, in: portal.browser(adding: Array(names[start...].prefix(most))))
                let number = try await journey.file(payment)
                let row = try await portal.desk.store.read { sql in
                    try sql.row(
                        """
                        SELECT c.state, c.asked_minor, c.offered_minor, c.approved_minor, c.reason, c.intake,
                               c.decided_ms, c.assignee_id, p.amount_minor, p.open_minor, p.refunded_minor,
                               p.fee_minor
                        FROM   refund_case AS c
                        JOIN   payment AS p ON p.id = c.payment_id
                        WHERE  c.number = $1
                        """, [.text(number.text)])
                }
                let filed = try #require(row)
                #expect(try filed.text("state") == "submitted" && filed.text("reason") == "cancelled")
                #expect(try filed.text("intake") == "web" && filed.int("asked_minor") == 6000)
                #expect(try filed.int("amount_minor") == 10_000 && filed.int("open_minor") == 6000)
                #expect(try filed.int("refunded_minor") == 0 && filed.intOrNil("decided_ms") == nil)
                #expect(try filed.intOrNil("offered_minor") == nil && filed.intOrNil("approved_minor") == nil)
                #expect(try filed.textOrNil("assignee_id") == nil)
            }
        }
    }

    private func columns(of portal: PortalUnderTest) async throws -> [String] {
        try await portal.desk.store.read { sql in
            try sql.rows(
                """
                SELECT   DISTINCT c.name AS name
                FROM     sqlite_master AS t
                JOIN     pragma_table_info(t.name) AS c
                WHERE    t.type = 'table'
                ORDER BY c.name
                LIMIT    2000
                """
            ).map { try $0.text("name") }
        }
    }
}
