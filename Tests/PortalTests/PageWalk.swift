import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@testable import Portal

/// A visit to every page of the portal and a use of every form, the way people come to them.
struct PageWalk {
    private let portal: PortalUnderTest

    init(_ portal: PortalUnderTest) {
        self.portal = portal
    }

    func everywhere() async throws {
        // Before other money is ready to go.
        let paid = try await portal.paid([.succeeded], payment: PageWalk.payment(6), email: "sun@mail.example")
        try await find()
        let journey = Journey(portal)
        let number = try await request(journey)
        try await followOwnCase(number, journey)
        let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
        try await openQueues(reviewer)
        try await talk(number, journey, reviewer)
        try await decide(reviewer)
        let support = try await portal.signedIn("support@example.com", .support)
        try await help(number, support)
        try await judgeMoney(paid, support)
        try await open(["/staff", "/merchant/queue"], in: reviewer)
        #expect(try await support.post("/staff/sign-out").status == .seeOther)
        try await payByHand()
        try await keepPeople()
        try await sendBack()
    }

    private static func payment(_ count: Int) -> SamplePayment {
        SamplePayment {
            $0.reference = "61423328001\(count)"
            $0.trace = "00081\(count)"
            $0.transaction = "420000202611200000000000000\(count)"
            if count == 1 { $0.cardLast4 = "1231" }
        }
    }

    private func open(_ addresses: [String], in browser: Browser) async throws {
        for address in addresses {
            let status = try await browser.get(address).status
            #expect([.ok, .seeOther].contains(status), "\(address) \(status)")
        }
    }

    // MARK: Cardholder

    private func find() async throws {
        let payment = PageWalk.payment(1)
        try await Samples.add(payment, to: portal.desk)
        for fields in [
            ["method": "slip", "reference_no": payment.reference, "card_last4": "1231"],
            ["method": "slip", "terminal_no": payment.terminal, "trace_no": payment.trace, "card_last4": "1231"],
            ["method": "wallet", "order_no": payment.transaction ?? ""],
            [
                "method": "card", "date": payment.paidOn, "card_last4": "1231",
                "terminal_no": payment.terminal,
            ],
        ] {
            let browser = portal.browser()
            try await open(["/", "/find?method=\(fields["method"] ?? "")"], in: browser)
            let found = try await browser.post("/find", pairs: fields.merging(["amount": "100"]) { $1 })
            #expect(found.headers[.location] == "/request", "\(fields)")
            let missed = try await browser.post("/find", pairs: fields.merging(["amount": "1"]) { $1 })
            #expect(missed.status == .unprocessableContent)
        }
    }

    private func request(_ journey: Journey) async throws -> CaseNumber {
        let browser = journey.browser
        try await journey.find(PageWalk.payment(2))
        try await open(["/request", "/request/reason"], in: browser)
        try await journey.chooseReason("goods-faulty")
        try await open(["/request/amount"], in: browser)
        try await journey.chooseAmount()
        let file = Browser.File(name: "a.png", Journey.picture)
        #expect(try await browser.upload("/request/proof", ["kind": "photo"], [file]).status == .seeOther)
        try await open(["/request/proof"], in: browser)
        #expect(try await browser.post("/request/proof").headers[.location] == "/request/contact")
        try await open(["/request/contact"], in: browser)
        try await journey.giveContact()
        try await open(["/request/contact/code"], in: browser)
        #expect(try await browser.post("/request/contact/code", ["code": "abc"]).status == .unprocessableContent)
        try await journey.proveContact()
        let sent = try await browser.post(
            "/request/check", ["submission": try await journey.submission(), "accept_terms": "yes"])
        #expect(sent.headers[.location] == "/request/done")
        try await open(["/request/done"], in: browser)
        return try #require(try await filedCase(in: browser))
    }

    private func followOwnCase(_ number: CaseNumber, _ journey: Journey) async throws {
        let path = "/cases/\(number.text)"
        try await open([path, "\(path)/record", "\(path)/proof", "\(path)/contact"], in: journey.browser)
        let version = try await portal.desk.version(of: number)
        var events = try await EventReader(portal, "\(path)/events?version=\(version)", as: journey.browser)
        #expect(try await events.next() == .init("same", version))
        let link = try #require(try await portal.takeMessages().compactMap(\.link).last)
        let other = portal.browser()
        try await open(["/t/\(link)", path, "/track", "/track?case=\(number.text)"], in: other)
        _ = try await other.post("/track", ["case_number": number.text, "contact": "li@mail.example"])
        let code = try #require(try await portal.takeCode())
        let opened = try await other.post("/track", ["case_number": number.text, "code": code])
        #expect(opened.headers[.location] == path)
        let added = try await journey.browser.upload(
            "\(path)/proof", ["version": try await journey.version(of: number), "kind": "receipt"],
            [.init(name: "b.png", Journey.picture)])
        #expect(added.headers[.location] == path)
    }

    // MARK: Merchant

    private func openQueues(_ reviewer: Browser) async throws {
        let states = ["open", "all", "submitted", "closed"].map { "state=\($0)" }
        let searches = ["1231", "614233280012", "RF-0000-0000-0", "42000099", "zhang@example.com"].map { "q=\($0)" }
        let others = ["flag=overdue", "older_than=2", "after=2026-12-01_0", "sort=latest&after=2026-12-01_0"]
        for query in states + searches + others {
            for assignee in ["", "&assignee=me", "&assignee=none"] {
                for order in ["", "&sort=latest"] {
                    try await open(["/merchant/queue?\(query)\(assignee)\(order)"], in: reviewer)
                }
            }
        }
    }

    /// A question, its answer, an offer and its acceptance.
    private func talk(_ number: CaseNumber, _ journey: Journey, _ reviewer: Browser) async throws {
        let (own, theirs) = ("/cases/\(number.text)", "/merchant/cases/\(number.text)")
        try await press("\(theirs)/take", number, in: reviewer)
        let question = ["items": "receipt", "question": "请拍下整张小票，谢谢您。"]
        try await press("\(theirs)/ask", number, question, in: reviewer)
        try await open([own], in: journey.browser)
        try await open([theirs], in: reviewer)
        let answered = try await journey.browser.upload(
            "\(own)/answer", ["version": try await journey.version(of: number), "text": "好的"],
            [.init(name: "c.png", Journey.picture)])
        #expect(answered.headers[.location] == own)
        let offer = ["amount": "50", "reason": "goods-used", "explanation": "有一本已经拆封，按原价扣除。"]
        try await press("\(theirs)/offer", number, offer, in: reviewer)
        try await press("\(own)/accept-offer", number, in: journey.browser)
        let note = ["visibility": "internal", "note": "来电人有点急。"]
        try await press("\(theirs)/note", number, note, in: reviewer)
    }

    private func decide(_ reviewer: Browser) async throws {
        let explained = ["reason": "goods-used", "explanation": "商品已经拆封使用，不能再卖。", "remedy": "appeal"]
        let approved = try await file(PageWalk.payment(3), Journey(portal))
        let declined = try await file(PageWalk.payment(4), Journey(portal))
        let withdrawn = Journey(portal)
        let number = try await file(PageWalk.payment(5), withdrawn)
        let approval = try await reviewer.post(
            "/merchant/cases/\(approved.text)/approve",
            [
                "version": String(try await portal.desk.version(of: approved)), "amount": "50", "checks": "card",
                "checks": "time", "checks": "amount",
            ])
        #expect(approval.status == .seeOther)
        try await press("/merchant/cases/\(declined.text)/decline", declined, explained, in: reviewer)
        try await press("/cases/\(number.text)/withdraw", number, ["reason": "算了"], in: withdrawn.browser)
        try await open(["/merchant/cases/\(approved.text)", "/merchant/cases/\(declined.text)"], in: reviewer)
    }

    /// Sends a request from somebody else: nobody is sent many codes a day.
    private func file(_ payment: SamplePayment, _ journey: Journey) async throws -> CaseNumber {
        try await journey.find(payment)
        try await journey.chooseReason()
        try await journey.chooseAmount()
        try await journey.giveContact(email: "\(payment.reference)@mail.example")
        try await journey.proveContact()
        _ = try await journey.browser.post(
            "/request/check", ["submission": try await journey.submission(), "accept_terms": "yes"])
        return try #require(try await filedCase(in: journey.browser))
    }

    private func filedCase(in browser: Browser) async throws -> CaseNumber? {
        guard let visitor = browser.cookie("rp_visitor") else { return nil }
        return try await portal.desk.filedCase(of: visitor)?.number
    }

    /// Presses a button of a page that shows the case as it is.
    private func press(
        _ address: String, _ number: CaseNumber, _ fields: [String: String] = [:], in browser: Browser
    ) async throws {
        let version = String(try await portal.desk.version(of: number))
        let answer = try await browser.post(address, pairs: fields.merging(["version": version]) { $1 })
        #expect(answer.status == .seeOther, "\(address)")
    }

    // MARK: Support and machines

    private func help(_ number: CaseNumber, _ support: Browser) async throws {
        for typed in [
            "1231", "614233280012", "000812", "4200002026112000000000000002", number.text, "13800138000",
            "li@mail.example", "李女士", "nothing",
        ] {
            try await open(["/support/cases?q=\(QueryText.encoded(typed))"], in: support)
        }
        let path = "/support/cases/\(number.text)"
        await portal.examine()
        let page = try await support.get(path).page
        let proof = try #require(page.split(separator: "\(path)/proof/").dropFirst().first?.prefix { $0 != "\"" })
        try await open(["\(path)/proof/\(proof)"], in: support)
        try await press(
            "\(path)/note", number, ["visibility": "public", "note": "我们在查。", "confirm": "yes"], in: support)
    }

    /// The operator's worklists, the page where its people decide, and what takes two of them.
    private func judgeMoney(_ number: CaseNumber, _ support: Browser) async throws {
        let path = "/support/cases/\(number.text)"
        let finance = try await portal.signedIn("wu@example.com", .finance)
        let views = OperatorView.allCases.map { "/support/queue?show=\($0.rawValue)" }
        let kinds = StuckKind.allCases.map { "/support/stuck?show=\($0.rawValue)" }
        try await open(["/support/queue", "/support/stuck", path, "\(path)/review"] + views + kinds, in: finance)
        try await open((views + kinds).map { "\($0)&after=1_a" }, in: finance)
        let correction = "movement=\(try await portal.movement(of: number))&direction=up"
        try await open(["\(path)/correct?\(correction)"], in: finance)
        let evidence = "&amount=1&evidence=\(QueryText.encoded("对账单第 12 行，差一元。"))"
        let version = "&version=\(try await portal.version(number))"
        let last = try await finance.post(raw: "\(path)/correct", correction + evidence + version)
        #expect(last.status == .ok && last.page.contains("name=\"confirm\""))
        let proposed = try await finance.post(raw: "\(path)/correct", correction + evidence + version + "&confirm=yes")
        #expect(proposed.status == .seeOther)
        let page = try await finance.get(path).page
        let id = try #require(page.split(separator: "\(path)/proposals/").dropFirst().first?.prefix { $0 != "\"" })
        let proposal = "\(path)/proposals/\(id)"
        let second = try await portal.signedIn("zhao@example.com", .operatorReviewer)
        try await open([proposal, path, "\(path)/review"], in: second)
        #expect(try await second.post("\(proposal)/refuse", ["reason": "对账单不是这一笔。"]).status == .seeOther)
        try await actFor(try await file(PageWalk.payment(7), Journey(portal)), support)
    }

    private func actFor(_ number: CaseNumber, _ support: Browser) async throws {
        let path = "/support/cases/\(number.text)"
        _ = try await portal.hire("ma@example.com", .reviewer)
        let reviewer = try await portal.member("ma@example.com")
        try await portal.desk.take(number, version: try await portal.desk.version(of: number), by: reviewer)
        try await open([path, "\(path)/question", "\(path)/behalf/withdraw"], in: support)
        try await press("\(path)/question", number, ["question": "请拍下整张小票，谢谢您。"], in: support)
        try await open(["\(path)/behalf/answer"], in: support)
        let answered = try await support.upload(
            "\(path)/behalf/answer",
            ["version": try await portal.version(number), "text": "好的", "consent": "yes"],
            [.init(name: "d.png", Journey.picture)])
        #expect(answered.status == .seeOther)
    }

    /// A batch that people pay, and the bank's file about it.
    private func payByHand() async throws {
        _ = try await portal.waitingForBatch(PageWalk.payment(8), email: "he@mail.example")
        let first = try await portal.signedIn("batch@example.com", .finance)
        let second = try await portal.signedIn("release@example.com", .operatorReviewer)
        let list = Paths.supportPayouts
        let fields = ["account": try portal.batchAccount(try await first.get(list).page), "currency": "CNY"]
        let given = try #require(try await first.post(list, pairs: fields).headers[.location])
        #expect(try await second.post("\(given)/discard").status == .seeOther)
        let batch = try #require(try await first.post(list, pairs: fields).headers[.location])
        #expect(try await second.post("\(batch)/release").status == .seeOther)
        try await open([list, "\(list)?after=1_a", given, batch, "\(batch)/file/csv"], in: first)
        let number = try #require(
            try await portal.desk.store.read { sql in
                try sql.row("SELECT refund_number FROM movement WHERE state = 'accepted' ORDER BY id LIMIT 1")?
                    .text("refund_number")
            })
        let file = Array("refund_no,amount,result,bank_reference\r\n\(number),60.00,paid,77\r\n".utf8)
        var answer = ""
        for verdict in ["refuse", "confirm"] {
            let brought = try await first.upload("\(batch)/answers", [:], [.init(name: "bank.csv", file)])
            answer = try #require(brought.headers[.location])
            try await open([answer, batch], in: second)
            #expect(try await second.post("\(answer)/\(verdict)").status == .seeOther)
        }
        try await open([answer, batch], in: first)
    }

    /// One's own account, the people of a merchant and of the operator, and the way in by an invitation.
    private func keepPeople() async throws {
        let admin = try await portal.signedIn("keeper@example.com", .merchantAdmin)
        let chief = try await portal.signedIn("chief@example.com", .operatorAdmin)
        let clerk = try await portal.member(try await portal.hire("kept@example.com", .clerk)).id
        let page = "\(Paths.merchantPeople)/\(clerk)"
        let account = Paths.staffAccount
        try await open(
            [Paths.merchantPeople, "\(Paths.merchantPeople)?after=0", page, account, "\(account)/authenticator"],
            in: admin)
        try await open([Paths.supportPeople, "\(Paths.supportPeople)?after=0"], in: chief)
        let invited = ["email": "invited@example.com", "role": "clerk"]
        #expect(try await admin.post(Paths.merchantPeople, pairs: invited).status == .seeOther)
        #expect(try await admin.post("\(page)/role", ["was": "clerk", "role": "reviewer"]).status == .seeOther)
        #expect(try await admin.post("\(page)/reset").status == .seeOther)
        for act in ["shut-out", "let-in"] { #expect(try await admin.post("\(page)/\(act)").status == .seeOther) }
        let link = "/staff/join/\(try await portal.takeInvitation().link)"
        let browser = portal.browser()
        try await open([link], in: browser)
        let secret = try #require(try await portal.desk.invitation(link: String(link.dropFirst(12)))).secret
        let joined = try await browser.post(
            link, ["new_password": "violet tractor seldom hums", "code": portal.code(of: secret)])
        #expect(joined.status == .ok)
        #expect(try await browser.post("\(account)/recovery-codes").status == .ok)
        #expect(try await browser.post("\(account)/sign-out").status == .seeOther)
    }

    /// What a worker and a channel's notice ask for, as far as the pages' parts do it.
    private func sendBack() async throws {
        _ = try await portal.takeMessages()
        let query = CallbackQuery(desk: portal.desk)
        #expect(try await query.accountID(.wechatPay, "nobody") == nil)
        #expect(try await portal.desk.orderedRefund(number: "nothing", accountID: "nobody") == nil)
    }
}
