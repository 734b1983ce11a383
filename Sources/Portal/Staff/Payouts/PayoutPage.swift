import Channels
import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Statements
import Storage
import Web
import Words

/// Makes the pages of batches for one person.
struct PayoutPage: Sendable {
    private let parts: PortalParts
    private let request: Request
    private let language: Language
    private let phrases: Phrases
    private let member: StaffMember
    private let query: PayoutQuery
    private let words: PayoutWords

    init(_ parts: PortalParts, _ request: Request, _ context: SupportContext) {
        self.parts = parts
        self.request = request
        language = context.language
        phrases = parts.phrases(context)
        member = context.member
        query = PayoutQuery(everyMerchant: context.everyMerchant)
        words = PayoutWords(phrases, now: parts.desk.clock())
    }

    /// What waits for a batch, and the batches that were made, newest first.
    func list(_ status: HTTPResponse.Status = .ok, changed: String? = nil) async throws -> Response {
        let key = MomentKey(try FormFields.query(request).text("after"))
        let (desk, query, member) = (parts.desk, query, member)
        let (person, page) = try await desk.store.read { sql in
            (try StaffPerson.read(member, desk.seals, sql), try query.page(before: key, sql))
        }
        let view = PayoutsView(
            frame: person.frame(phrases, switching: Paths.supportPayouts, .payouts),
            changed: changed.map { phrases.text($0) }, action: Paths.supportPayouts,
            waiting: page.waiting.map { words.waiting($0.waiting, $0.merchant, mayMake: member.role.makesBatches) },
            hasWaiting: !page.waiting.isEmpty, batches: page.batches.map { words.line($0.batch, $0.merchant) },
            hasBatches: !page.batches.isEmpty,
            nextAddress: page.next.map { "\(Paths.supportPayouts)?after=\($0.text)" },
            firstAddress: key.map { _ in Paths.supportPayouts })
        return try parts.pages.html(view, status: status, to: request, in: language)
    }

    /// One batch: its orders, what the person may do with it, its files and the banks' files.
    func one(
        _ id: String, _ status: HTTPResponse.Status = .ok, fault: FormFault? = nil, changed: String? = nil
    ) async throws -> Response {
        let (person, detail) = try await read(id)
        let batch = detail.batch
        let address = "\(Paths.supportPayouts)/\(id)"
        let isOpen = batch.state == .made
        let isOwn = batch.madeBy == member.id
        let takes = batch.state == .released && member.role.makesBatches
        let upload =
            takes && !detail.answers.contains { $0.answer.state == .open }
            && detail.items.contains { $0.item.isWaiting }
        let view = PayoutView(
            frame: person.frame(phrases, switching: address, .payouts), problems: Problems(fault, phrases),
            changed: changed.map { phrases.text($0) }, back: Paths.supportPayouts, number: batch.number,
            tag: words.tag(batch.state), facts: words.facts(detail),
            cannot: isOpen && isOwn ? phrases.text("staff.payout.own") : nil,
            release: isOpen && !isOwn ? "\(address)/release" : nil, discard: isOpen ? "\(address)/discard" : nil,
            files: takes ? words.files(try await forms(of: batch), address) : [], hasFiles: takes,
            upload: upload
                ? PayoutView.Upload(action: "\(address)/answers", problem: fault?.text("file", phrases)) : nil,
            answers: detail.answers.map { words.answer($0.answer, $0.by, detail.merchant, address) },
            hasAnswers: !detail.answers.isEmpty, items: detail.items.map { words.item($0.item, $0.caseNumber) })
        return try parts.pages.html(view, status: status, to: request, in: language)
    }

    /// A bank's file: each line with what it is to the batch.
    func answer(_ answerID: String, of id: String) async throws -> Response {
        let (person, detail) = try await read(id)
        guard let found = detail.answers.first(where: { $0.answer.id == answerID }) else { throw RequestFault.notFound }
        let answer = found.answer
        let address = "\(Paths.supportPayouts)/\(id)/answers/\(answerID)"
        let isOpen = answer.state == .open
        let isOwn = answer.broughtBy == member.id
        let matches = BankMatch.all(answer.lines, detail.items.map(\.item))
        let view = PayoutAnswerView(
            frame: person.frame(phrases, switching: address, .payouts), back: "\(Paths.supportPayouts)/\(id)",
            number: detail.batch.number, tag: words.tag(answer.state),
            facts: words.facts(found.answer, found.by, found.decidedBy, detail.merchant, matches),
            lines: matches.map { words.line($0, of: answer) },
            cannot: isOpen && isOwn ? phrases.text("staff.payout.own-file") : nil,
            confirm: isOpen && !isOwn ? "\(address)/confirm" : nil, refuse: isOpen ? "\(address)/refuse" : nil)
        return try parts.pages.html(view, to: request, in: language)
    }

    /// The currency of a batch's amounts; nil when there is no such batch.
    func currency(of id: String) async throws -> Currency? {
        try await parts.desk.store.read { sql in try PayoutTable.find(id, sql)?.total.currency }
    }

    private func read(_ id: String) async throws -> (StaffPerson, PayoutDetail) {
        let (desk, query, member) = (parts.desk, query, member)
        let (person, detail) = try await desk.store.read { sql in
            (try StaffPerson.read(member, desk.seals, sql), try query.detail(id, desk.seals, sql))
        }
        guard let detail else { throw RequestFault.notFound }
        return (person, detail)
    }

    /// Which files the account's settings offer.
    private func forms(of batch: PayoutBatch) async throws -> [PayoutForm] {
        let settings = try await parts.desk.channelSettings(accountID: batch.accountID)
        switch (try? Manual.AccountSettings(json: settings))?.format {
        case .bankTransfer: return [.csv, .bankTransfer]
        case .csv, nil: return [.csv]
        }
    }

    // MARK: What is told

    /// What went on meanwhile, or why this person may not; nil for refusals that the page does not tell.
    static func changed(_ refusal: Refusal) -> String? {
        if case .stale = refusal { return "staff.payout.changed" }
        if case .blocked = refusal { return "staff.payout.cannot-go" }
        if case .moneyNotNow = refusal { return "staff.payout.cannot-go" }
        return refusal == .makerMayNotDecide ? "staff.payout.own" : nil
    }

    static func fault(_ refusal: Refusal) -> FormFault? {
        if case .field("file", let wrong) = refusal { return fault(wrong.word) }
        if case .alreadyThere = refusal { return fault("known") }
        if case .stale = refusal { return fault("not-released") }
        return refusal == .proposalOpen ? fault("waits") : nil
    }

    static func fault(_ fault: BankAnswerFile.Fault) -> FormFault {
        switch fault {
        case .file: self.fault("unreadable")
        case .missingColumns(let names): self.fault("columns", ["columns": names.joined(separator: ", ")])
        case .line(let line):
            self.fault("line", ["line": String(line.line), "column": line.column ?? "–"])
        }
    }

    private static func fault(_ word: String, _ values: [String: String] = [:]) -> FormFault {
        FormFault([Web.FieldFault("file", "staff.payout.file.\(word)", values)])
    }
}
