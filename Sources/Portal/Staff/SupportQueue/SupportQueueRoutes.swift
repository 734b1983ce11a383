import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The operator's queue: decisions of every merchant that its own people did not, or may not, take.
struct SupportQueueRoutes: Sendable {
    let parts: PortalParts

    static var keys: [String] {
        OperatorView.allCases.flatMap { ["staff.operator.\($0.rawValue)", "staff.operator.\($0.rawValue).text"] }
            + ["staff.queue.many"]
    }

    func add(to routes: some RouterMethods<SupportContext>) {
        routes.get(RouterPath(Paths.supportQueue), use: show)
    }

    func show(_ request: Request, _ context: SupportContext) async throws -> Response {
        let fields = try FormFields.query(request)
        let asked = fields.text(OperatorView.field).flatMap { OperatorView(rawValue: $0) }
        let key = MomentKey(fields.text("after"))
        let desk = parts.desk
        let member = context.member
        let query = SupportQueueQuery(everyMerchant: context.everyMerchant)
        let (person, counts, chosen, page) = try await desk.store.read { sql in
            let counts = try query.counts(sql)
            // Whoever asks for none in particular sees the first list with something in it.
            let chosen: OperatorView = asked ?? counts.first { $0.count > 0 }?.view ?? .escalated
            return (
                try StaffPerson.read(member, desk.seals, sql), counts, chosen,
                try query.page(chosen, after: key ?? .first, sql)
            )
        }
        let phrases = parts.phrases(context)
        let address = "\(Paths.supportQueue)?\(OperatorView.field)=\(chosen.rawValue)"
        let view = SupportQueueView(
            frame: person.frame(phrases, switching: address, .supportQueue),
            tabs: counts.map { tab($0, $1, isCurrent: $0 == chosen, phrases) },
            lead: phrases.text("staff.operator.\(chosen.rawValue).text"),
            lines: page.lines.map { line($0, phrases) }, hasLines: !page.lines.isEmpty,
            nextAddress: page.next.map { "\(address)&after=\($0.text)" }, firstAddress: key.map { _ in address })
        return try parts.pages.html(view, to: request, in: context.language)
    }

    private func tab(
        _ view: OperatorView, _ count: Int64, isCurrent: Bool, _ phrases: Phrases
    ) -> QueueView.Tab {
        let isCut = count >= SupportQueueQuery.countMax
        return QueueView.Tab(
            name: phrases.text("staff.operator.\(view.rawValue)"),
            count: isCut ? phrases.text("staff.queue.many", ["count": String(count)]) : String(count),
            address: "\(Paths.supportQueue)?\(OperatorView.field)=\(view.rawValue)", isCurrent: isCurrent)
    }

    private func line(_ line: OperatorLine, _ phrases: Phrases) -> SupportQueueView.Line {
        let clock = StaffClock(line.merchant.zone, now: parts.desk.clock(), phrases)
        return SupportQueueView.Line(
            number: line.number, address: CaseDesk.support.review(line.number),
            merchant: line.merchant.name(in: phrases), since: clock.time(line.since),
            amount: (line.proposed ?? line.asked).text, tag: CaseWords(phrases).tag(line.state))
    }
}

/// The operator's queue.
struct SupportQueueView: View {
    static let template = "staff/support-queue"
    static let sample = SupportQueueView(
        frame: .sample, tabs: [.sample], lead: "商户没有按时处理。", lines: [.sample], hasLines: true,
        nextAddress: "/support/queue?after=1_a", firstAddress: "/support/queue")

    struct Line: Sendable, Hashable {
        let number: String
        let address: String
        let merchant: String
        let since: String
        let amount: String
        let tag: StateTag

        static let sample = Line(
            number: "RF-7K3M-Q9TX-D", address: "/support/cases/RF-7K3M-Q9TX-D/review", merchant: "山茶书店",
            since: "11 月 20 日 18:02", amount: "¥50.00", tag: .sample)
    }

    let frame: StaffFrame
    let tabs: [QueueView.Tab]
    let lead: String
    let lines: [Line]
    let hasLines: Bool
    let nextAddress: String?
    let firstAddress: String?
}
