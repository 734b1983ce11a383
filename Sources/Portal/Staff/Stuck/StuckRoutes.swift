import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The worklist of money that does not move by itself: one list a reason, oldest first, with ages.
struct StuckRoutes: Sendable {
    let parts: PortalParts

    static var keys: [String] {
        StuckKind.allCases.flatMap { ["staff.stuck.\($0.rawValue)", "staff.stuck.\($0.rawValue).text"] }
            + ["staff.stuck.days", "staff.stuck.hours", "staff.queue.many"]
            + EnquiryKind.allCases.map { "staff.enquiry.\($0.rawValue)" }
    }

    func add(to routes: some RouterMethods<SupportContext>) {
        routes.get(RouterPath(Paths.supportStuck), use: show)
    }

    func show(_ request: Request, _ context: SupportContext) async throws -> Response {
        let fields = try FormFields.query(request)
        let asked = fields.text(StuckKind.field).flatMap { StuckKind(rawValue: $0) }
        let key = MomentKey(fields.text("after"))
        let desk = parts.desk
        let member = context.member
        let query = StuckQuery(everyMerchant: context.everyMerchant, now: desk.clock())
        let (person, counts, chosen, page) = try await desk.store.read { sql in
            let counts = try query.counts(sql)
            // Whoever asks for none in particular sees the first list with something in it.
            let chosen = asked ?? counts.first { $0.count > 0 }?.kind ?? .unknown
            return (
                try StaffPerson.read(member, desk.seals, sql), counts, chosen,
                try query.page(chosen, after: key ?? .first, sql)
            )
        }
        let phrases = parts.phrases(context)
        let address = "\(Paths.supportStuck)?\(StuckKind.field)=\(chosen.rawValue)"
        let view = StuckView(
            frame: person.frame(phrases, switching: address, .stuck),
            tabs: counts.map { tab($0, $1, isCurrent: $0 == chosen, phrases) },
            lead: phrases.text("staff.stuck.\(chosen.rawValue).text"),
            lines: page.lines.map { line($0, chosen, phrases) }, hasLines: !page.lines.isEmpty,
            nextAddress: page.next.map { "\(address)&after=\($0.text)" }, firstAddress: key.map { _ in address })
        return try parts.pages.html(view, to: request, in: context.language)
    }

    private func tab(_ kind: StuckKind, _ count: Int, isCurrent: Bool, _ phrases: Phrases) -> QueueView.Tab {
        let isCut = count >= StuckQuery.countMax
        return QueueView.Tab(
            name: phrases.text("staff.stuck.\(kind.rawValue)"),
            count: isCut ? phrases.text("staff.queue.many", ["count": String(count)]) : String(count),
            address: "\(Paths.supportStuck)?\(StuckKind.field)=\(kind.rawValue)", isCurrent: isCurrent)
    }

    private func line(_ line: StuckLine, _ kind: StuckKind, _ phrases: Phrases) -> StuckView.Line {
        let now = parts.desk.clock()
        let clock = StaffClock(line.merchant?.zone ?? .utc, now: now, phrases)
        let hours = max(now.milliseconds - line.since.milliseconds, 0) / 3_600_000
        let age =
            hours < 48
            ? phrases.text("staff.stuck.hours", ["hours": String(hours)])
            : phrases.text("staff.stuck.days", ["days": String(hours / 24)])
        return StuckView.Line(
            number: line.number, address: line.number.map { "\(Paths.supportCases)/\($0)" },
            merchant: line.merchant?.name(in: phrases), amount: line.amount.text, age: age,
            since: clock.time(line.since), detail: detail(line, kind, phrases))
    }

    private func detail(_ line: StuckLine, _ kind: StuckKind, _ phrases: Phrases) -> String? {
        guard let detail = line.detail, !detail.isEmpty else { return nil }
        switch kind {
        case .unknown, .funds, .returned, .payee, .failed, .heldBack:
            return CaseWords(phrases).channelCode(detail)
        case .overdue: return detail
        case .enquiries: return EnquiryKind(rawValue: detail).map { phrases.text("staff.enquiry.\($0.rawValue)") }
        case .proposals: return JointAction(rawValue: detail).map { phrases.text("staff.joint.\($0.rawValue)") }
        case .blocks: return Block(rawValue: detail).map { phrases.text("staff.block.\($0.rawValue)") }
        }
    }
}

/// A worklist of what is stuck.
struct StuckView: View {
    static let template = "staff/stuck"
    static let sample = StuckView(
        frame: .sample, tabs: [.sample], lead: "发出后没有明确答复。", lines: [.sample], hasLines: true,
        nextAddress: "/support/stuck?after=1_a", firstAddress: "/support/stuck")

    struct Line: Sendable, Hashable {
        let number: String?
        let address: String?
        let merchant: String?
        let amount: String
        let age: String
        let since: String
        let detail: String?

        static let sample = Line(
            number: "RF-7K3M-Q9TX-D", address: "/support/cases/RF-7K3M-Q9TX-D", merchant: "山茶书店", amount: "¥50.00",
            age: "3 天", since: "11 月 20 日 18:02", detail: "没有答复")
    }

    let frame: StaffFrame
    let tabs: [QueueView.Tab]
    let lead: String
    let lines: [Line]
    let hasLines: Bool
    let nextAddress: String?
    let firstAddress: String?
}
