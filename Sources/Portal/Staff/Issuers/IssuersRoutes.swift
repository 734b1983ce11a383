import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The directory of issuing banks: whom to call, and which bank a card's first digits may be of.
struct IssuersRoutes: Sendable {
    /// Digits that are looked up: what statements and slips show of a card, and what a prefix may have more.
    static let digits = 6...10
    /// Rows of an answer; digits that leave more say nothing.
    static let rowsMax = 40

    let parts: PortalParts

    static var keys: [String] {
        CardKind.allCases.map { "staff.issuers.kind.\($0.rawValue)" }
            + ["digits", "digits.hint", "digits.wrong", "none", "one", "several", "length", "source"].map {
                "staff.issuers.\($0)"
            }
    }

    func add(to routes: some RouterMethods<SupportContext>) {
        routes.get(RouterPath(Paths.supportIssuers)) { request, context in
            let digits = try FormFields.query(request).text("digits").flatMap { Self.isLookUp($0) ? $0 : nil }
            return try await page(request, context, digits: digits)
        }
        // By POST, because somebody may type a whole card number, which must stand in no address.
        routes.post(RouterPath(Paths.supportIssuers)) { request, context in
            let typed = try await FormFields.read(request).text("digits") ?? ""
            let digits = typed.filter { !$0.isWhitespace && $0 != "-" }
            guard Self.isLookUp(digits) else {
                let fault = FormFault([Web.FieldFault("digits", "staff.issuers.digits.wrong")])
                return try await page(request, context, digits: nil, fault)
            }
            return Pages.redirect(to: "\(Paths.supportIssuers)?digits=\(digits)")
        }
    }

    private func page(
        _ request: Request, _ context: SupportContext, digits: String?, _ fault: FormFault? = nil
    ) async throws -> Response {
        let (desk, member) = (parts.desk, context.member)
        let (person, rows, source) = try await desk.store.read { sql in
            (
                try StaffPerson.read(member, desk.seals, sql), try digits.map { try desk.cardPrefixes($0, sql) } ?? [],
                try desk.cardIssuersSource(sql)
            )
        }
        let phrases = parts.phrases(context)
        let view = IssuersView(
            frame: person.frame(phrases, switching: Paths.supportIssuers, .issuers),
            problems: Problems(fault, phrases), action: Paths.supportIssuers,
            field: TextField(
                "digits", label: phrases.text("staff.issuers.digits"),
                hint: phrases.text("staff.issuers.digits.hint"), problem: fault?.text("digits", phrases),
                value: digits, inputMode: "numeric", width: "input--short"),
            answer: digits.map { _ in answer(rows, phrases) },
            found: rows.prefix(Self.rowsMax).map { line($0, phrases) }, hasFound: !rows.isEmpty,
            source: phrases.text("staff.issuers.source", ["source": source]), desks: desks(phrases))
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }

    private static func isLookUp(_ text: String) -> Bool {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private func answer(_ rows: [CardPrefix], _ phrases: Phrases) -> String {
        guard !rows.isEmpty else { return phrases.text("staff.issuers.none") }
        guard let one = CardIssuers.issuer(rows) else { return phrases.text("staff.issuers.several") }
        return phrases.text("staff.issuers.one", ["bank": one.name])
    }

    private func line(_ row: CardPrefix, _ phrases: Phrases) -> IssuersView.Found {
        IssuersView.Found(
            digits: row.digits, bank: row.bankName, kind: phrases.text("staff.issuers.kind.\(row.kind.rawValue)"),
            length: phrases.text("staff.issuers.length", ["digits": String(row.length)]),
            phone: parts.issuers.desk(issuer: row.bankName, channel: nil)?.phone)
    }

    private func desks(_ phrases: Phrases) -> [IssuersView.Desk] {
        let channels = parts.issuers.channels.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value)
        return (parts.issuers.issuers.map(\.desk) + channels).map { desk in
            IssuersView.Desk(name: phrases.language == .en ? desk.nameEnglish : desk.name, phone: desk.phone)
        }
    }
}

/// The directory of issuing banks.
struct IssuersView: View {
    static let template = "staff/issuers"
    static let sample = IssuersView(
        frame: .sample, problems: .sample, action: "/support/issuers", field: .sample, answer: "是招商银行的卡。",
        found: [.sample], hasFound: true, source: "资料来源：caijf/bankcard", desks: [.sample])

    struct Found: Sendable, Hashable {
        let digits: String
        let bank: String
        let kind: String
        let length: String
        let phone: String?
        static let sample = Found(digits: "622588", bank: "招商银行", kind: "借记卡", length: "16 位", phone: "95555")
    }

    struct Desk: Sendable, Hashable {
        let name: String
        let phone: String
        static let sample = Desk(name: "招商银行", phone: "95555")
    }

    let frame: StaffFrame
    let problems: Problems?
    let action: String
    let field: TextField
    let answer: String?
    let found: [Found]
    let hasFound: Bool
    let source: String
    let desks: [Desk]
}
