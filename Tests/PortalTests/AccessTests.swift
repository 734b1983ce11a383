import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@testable import Portal

/// Who gets what: every route of the portal × everybody who could ask, with things of one merchant and one cardholder.
///
/// The expected answers are `docs/access.md`, which people read and change; a route without a row fails. Run with
/// `ACCESS_TABLE=write` to have the table written anew from what the portal answers, and read what changed.
@Suite(.timeLimit(.minutes(10))) struct AccessTests {
    private static let path = "\(RepositoryFolder.path)/docs/access.md"
    private static let isWriting = ProcessInfo.processInfo.environment["ACCESS_TABLE"] == "write"

    @Test func everyRouteHasARowAndEveryRowARoute() async throws {
        try await withPortal { portal in
            let routes = Set(try portal.allRoutes().map { "\($0.method.rawValue) \($0.path)" })
            let rows = Set(try AccessTable.read(AccessTests.path).rows.map(\.route))
            #expect(routes.subtracting(rows) == [], "routes without a row in docs/access.md")
            #expect(rows.subtracting(routes) == [], "rows without a route")
        }
    }

    @Test func everybodyGetsWhatTheTableSays() async throws {
        let found = try await withPortal { portal in
            AccessTable(sections: [
                try await StaffAsking(portal).section(), try await CardholderAsking(portal).section(),
            ])
        }
        if AccessTests.isWriting { try found.write(AccessTests.path) }
        let expected = try AccessTable.read(AccessTests.path)
        let known = Dictionary(expected.rows.map { ($0.route, $0.cells) }) { first, _ in first }
        for row in found.rows {
            #expect(row.cells == known[row.route], "\(row.route): \(row.cells)")
        }
    }
}

/// The tables of `docs/access.md`.
struct AccessTable {
    struct Row {
        let route: String
        let cells: [String]
    }

    struct Section {
        let askers: [String]
        let rows: [Row]
    }

    let sections: [Section]

    var rows: [Row] { sections.flatMap(\.rows) }

    /// Every row of a file's tables whose first cell is a route.
    static func read(_ path: String) throws -> AccessTable {
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line -> Row? in
            guard line.hasPrefix("| `") else { return nil }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(route: cells[0].filter { $0 != "`" }, cells: Array(cells.dropFirst()))
        }
        return AccessTable(sections: [Section(askers: [], rows: rows)])
    }

    /// Puts the tables in the place of those of a file, whose other words stay.
    func write(_ path: String) throws {
        let old = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
        var tables = sections[...]
        var lines: [String] = []
        for line in old {
            if line.hasPrefix("|") { continue }
            lines.append(line)
            guard line.hasPrefix("## "), let section = tables.popFirst() else { continue }
            lines += ["", "| route | \(section.askers.joined(separator: " | ")) |"]
            lines.append("|---\(String(repeating: "|---", count: section.askers.count))|")
            lines += section.rows.map { "| `\($0.route)` | \($0.cells.joined(separator: " | ")) |" }
        }
        let text = lines.joined(separator: "\n").replacing("\n\n\n", with: "\n\n")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}

extension PortalUnderTest {
    /// Every route as it is registered, without the refusals of other methods.
    func allRoutes() throws -> [(method: HTTPRequest.Method, path: String)] {
        let router = Router(context: PortalContext.self)
        let parts = try parts()
        CardholderPages(parts).add(to: router)
        StaffPages(parts).add(to: router)
        return router.routes.map { (method: $0.method, path: $0.path.description) }
            .sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }
    }
}

extension TestResponse {
    /// What an answer means for whoever asked.
    fileprivate func access(_ names: [String: String] = [:]) -> String {
        switch status {
        case .notFound: return "–"
        case .forbidden: return "403"
        case .seeOther:
            var to = headers[.location] ?? ""
            if to.hasPrefix("/staff/sign-in") { return "sign in" }
            guard !names.isEmpty else { return "✓" }
            for (value, name) in names { to = to.replacing(value, with: name) }
            return "→ `\(to.prefix { $0 != "?" && $0 != "#" })`"
        default: return "✓"
        }
    }
}

/// Staff routes, asked by everybody about things of the sample merchant.
private struct StaffAsking {
    private let portal: PortalUnderTest

    private static let askers: [(name: String, role: Role?, merchant: String)] = [
        ("nobody", nil, ""), ("clerk", .clerk, Samples.merchant), ("reviewer", .reviewer, Samples.merchant),
        ("approver", .approver, Samples.merchant), ("merchant-admin", .merchantAdmin, Samples.merchant),
        ("reviewer of another", .reviewer, "other"), ("admin of another", .merchantAdmin, "other"),
        ("support", .support, ""), ("finance", .finance, ""), ("operator-reviewer", .operatorReviewer, ""),
        ("operator-admin", .operatorAdmin, ""),
    ]

    /// Ends the session of whoever asks: asked last.
    private static func isLast(_ route: (method: HTTPRequest.Method, path: String)) -> Bool {
        route.path == AccountRoutes.signOut || route.path == Paths.staffSignOut
    }

    init(_ portal: PortalUnderTest) {
        self.portal = portal
    }

    func section() async throws -> AccessTable.Section {
        try await Samples.addMerchant(portal.desk, code: "other", terminal: "20000002")
        let things = try await AccessThings(portal)
        let routes = try portal.allRoutes().filter { route in
            ["/staff", "/merchant", "/support"].contains { route.path == $0 || route.path.hasPrefix($0 + "/") }
        }
        var cells: [String: [String]] = [:]
        for asker in StaffAsking.askers {
            var browser = try await browser(asker.role, asker.merchant)
            for route in routes.filter({ !Self.isLast($0) }) + routes.filter(Self.isLast) {
                let name = "\(route.method.rawValue) \(route.path)"
                let answer = try await things.ask(route, browser)
                cells[name, default: []].append(answer.access())
                // What ends the session is not to be why the next one is refused.
                if asker.role != nil, Self.isLast(route) {
                    browser = try await self.browser(asker.role, asker.merchant)
                }
            }
        }
        return AccessTable.Section(
            askers: StaffAsking.askers.map(\.name),
            rows: routes.map { route in
                let name = "\(route.method.rawValue) \(route.path)"
                return AccessTable.Row(route: name, cells: cells[name] ?? [])
            })
    }

    private func browser(_ role: Role?, _ merchant: String) async throws -> Browser {
        guard let role else { return portal.browser() }
        let name = "asker\(try await portal.int("SELECT COUNT(*) AS value FROM staff"))"
        return try await portal.signedIn("\(name)@\(role.rawValue).example", role, merchantCode: merchant)
    }
}

/// Things of the sample merchant, one for each name that stands in an address.
private struct AccessThings {
    private var ids: [String: String] = [:]
    private var operators: [String: String] = [:]
    private let number: CaseNumber
    private let paid: CaseNumber

    init(_ portal: PortalUnderTest) async throws {
        paid = try await portal.paid([.succeeded], payment: Self.payment(1), email: "sun@mail.example")
        (ids["{batch}"], ids["{answer}"]) = try await Self.batch(portal)
        number = try await portal.filed(Self.payment(2))
        ids["{proof}"] = try await portal.store(proof: PortalUnderTest.slip(), of: number)
        ids["{policy}"] = try await portal.propose(try Policy.standard.with(.offerDays, 5))
        let finance = try await portal.member(try await portal.hire("wu@example.com", .finance))
        ids["{proposal}"] = try await portal.desk.propose(
            .correctUp, on: paid, movement: try await portal.movement(of: paid),
            details: JointDetails(amount: .fen(1)), evidence: "对账单第 12 行，差一元。",
            version: try await portal.desk.version(of: paid), by: finance)
        ids["{difference}"] = try await Self.difference(portal)
        ids["{person}"] = try await portal.member(try await portal.hire("kept@example.com", .clerk)).id
        operators["{person}"] = finance.id
        let keeper = try await portal.member(try await portal.hire("keeper@example.com", .merchantAdmin))
        let chief = try await portal.member(try await portal.hire("keeper@portal.example", .operatorAdmin))
        try await portal.desk.proposeReset(of: ids["{person}"] ?? "", language: "en", by: keeper)
        try await portal.desk.proposeReset(of: finance.id, language: "en", by: chief)
        ids["{invitation}"] = try await Self.invitation(portal, of: keeper.merchantID ?? "")
        operators["{invitation}"] = try await Self.invitation(portal, of: "operator")
    }

    private static func payment(_ count: Int) -> SamplePayment {
        SamplePayment {
            $0.reference = "61423328002\(count)"
            $0.trace = "00091\(count)"
            $0.transaction = "420000202611200000000000001\(count)"
        }
    }

    private static func invitation(_ portal: PortalUnderTest, of house: String) async throws -> String {
        try await portal.desk.store.read { sql in
            try sql.row("SELECT id FROM staff_invitation WHERE tenant = $1", [.text(house)])?.text("id") ?? ""
        }
    }

    private static func batch(_ portal: PortalUnderTest) async throws -> (id: String, answer: String) {
        _ = try await portal.waitingForBatch(payment(3), email: "he@mail.example")
        let finance = try await portal.signedIn("batch@example.com", .finance)
        let account = try portal.batchAccount(try await finance.get(Paths.supportPayouts).page)
        let made = try await finance.post(Paths.supportPayouts, pairs: ["account": account, "currency": "CNY"])
        let batch = try #require(made.headers[.location])
        let other = try await portal.signedIn("release@example.com", .operatorReviewer)
        #expect(try await other.post("\(batch)/release").status == .seeOther)
        let number = try await portal.desk.store.read { sql in
            try sql.row("SELECT refund_number FROM movement WHERE state = 'accepted'")?.text("refund_number")
        }
        let file = "refund_no,amount,result,bank_reference\r\n\(try #require(number)),60.00,paid,77\r\n"
        let brought = try await finance.upload("\(batch)/answers", [:], [.init(name: "bank.csv", Array(file.utf8))])
        return (try last(batch), try last(try #require(brought.headers[.location])))
    }

    private static func last(_ address: String) throws -> String {
        try #require(address.split(separator: "/").last.map(String.init))
    }

    /// A refund that only the channel's file knows.
    private static func difference(_ portal: PortalUnderTest) async throws -> String {
        let refund = StatementRefund(
            line: 2, kind: .refund, status: .succeeded, merchantNumber: "1900000109", channel: .wechatPay,
            refundedAt: LocalTime(portal.clock.now, secondsAheadOfUTC: 28_800), refundNumber: "TILL-1",
            channelRefundNumber: "503TILL-1", amount: .fen(700))
        let source = ImportSource(format: "wechat-bill") {
            var rest: [ImportItem] = [.row(.refund(refund))]
            return { rest.popLast() }
        }
        _ = try await portal.desk.reconcile(source, merchantCode: Samples.merchant)
        return try await portal.desk.store.read { sql in
            try sql.row("SELECT id FROM difference")?.text("id") ?? ""
        }
    }

    /// Asks for a route as somebody does who knows the things' names. A version that fits nothing: whoever may act is
    /// told 409 and changes nothing.
    func ask(_ route: (method: HTTPRequest.Method, path: String), _ browser: Browser) async throws -> TestResponse {
        var path = route.path.replacing("{number}", with: (route.path.contains("{proposal}") ? paid : number).text)
            .replacing("{merchant}", with: Samples.merchant).replacing("{form}", with: "csv")
            .replacing("{token}", with: "none").replacing("{page}", with: "1")
        let id =
            path.contains("polic")
            ? "{policy}"
            : path.contains("payouts")
                ? "{batch}"
                : path.contains("reconciliation") ? "{difference}" : "{proof}"
        path = path.replacing("{id}", with: ids[id] ?? "")
        let own = path.hasPrefix(Paths.supportPeople) ? operators : ids
        for (name, value) in own { path = path.replacing(name, with: value) }
        guard route.method == .post else { return try await browser.get(path) }
        let role = path.hasPrefix(Paths.supportPeople) ? "finance" : "clerk"
        return try await browser.send(
            path,
            [
                "version": "999", "note": "x", "prove_to": AccountRoutes.password, "was": role, "role": role,
            ])
    }
}

extension Browser {
    /// Forms that take files, by the ends of their addresses.
    private static let uploads = [
        "/proof", "/answer", "/appeal", "/destination", "/answers", "/behalf/answer", "/behalf/appeal",
    ]

    /// Sends a form of the kind that an address takes.
    fileprivate func send(
        _ address: String, _ fields: KeyValuePairs<String, String>
    ) async throws -> TestResponse {
        Browser.uploads.contains { address.hasSuffix($0) } && !address.hasPrefix("/support/cases/RF")
            ? try await upload(address, fields, []) : try await post(address, fields)
    }
}

/// Cardholders' routes, asked by the owner of another case, by nobody and by the two kinds of visitors of a case.
private struct CardholderAsking {
    private let portal: PortalUnderTest

    init(_ portal: PortalUnderTest) {
        self.portal = portal
    }

    func section() async throws -> AccessTable.Section {
        let routes = try portal.allRoutes().filter { route in
            !["/staff", "/merchant", "/support"].contains { route.path == $0 || route.path.hasPrefix($0 + "/") }
        }
        let owner = Journey(portal)
        let number = try await owner.file(Self.payment(1))
        let link = try #require(try await portal.takeMessages().compactMap(\.link).last)
        let byLink = portal.browser()
        _ = try await byLink.get("/t/\(link)")
        let other = Journey(portal)
        let another = try await other.file(Self.payment(2))
        let askers = [portal.browser(), byLink, owner.browser, other.browser]
        var rows: [AccessTable.Row] = []
        for route in routes {
            var cells: [String] = []
            for browser in askers {
                let answer = try await Self.ask(route, number, link, browser)
                cells.append(answer?.access([number.text: "{number}", another.text: "{own number}"]) ?? "live")
            }
            rows.append(AccessTable.Row(route: "\(route.method.rawValue) \(route.path)", cells: cells))
        }
        return AccessTable.Section(askers: ["nobody", "by link", "by code", "owner of another case"], rows: rows)
    }

    private static func payment(_ count: Int) -> SamplePayment {
        SamplePayment {
            $0.reference = "61423328003\(count)"
            $0.trace = "00071\(count)"
            $0.transaction = "420000202611200000000000002\(count)"
        }
    }

    /// - Returns: nil for a stream of events, which does not end: LiveCaseTests ask for it.
    private static func ask(
        _ route: (method: HTTPRequest.Method, path: String), _ number: CaseNumber, _ link: String, _ browser: Browser
    ) async throws -> TestResponse? {
        if route.path.hasSuffix("/events") { return nil }
        let path = route.path.replacing("{number}", with: number.text).replacing("{token}", with: link)
        return route.method == .get
            ? try await browser.get(path) : try await browser.send(path, ["version": "999", "note": "x"])
    }
}
