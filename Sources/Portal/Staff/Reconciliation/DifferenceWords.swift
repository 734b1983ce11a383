import RefundDomain
import Web
import Words

/// A difference in words.
struct DifferenceWords {
    private let phrases: Phrases
    private let words: CaseWords
    private let now: Moment
    private let caseBase: String

    init(_ phrases: Phrases, now: Moment, caseBase: String) {
        self.phrases = phrases
        words = CaseWords(phrases)
        self.now = now
        self.caseBase = caseBase
    }

    static var keys: [String] {
        let kinds = Difference.allCases.flatMap { [$0.rawValue, "\($0.rawValue).text"] }
        let statuses = StatementRefund.Status.allCases.map { "status.\($0.rawValue)" }
        let facts = [
            "merchant", "channel", "ours", "theirs", "refund-number", "channel-number", "transaction", "sent", "line",
            "file", "opened", "note", "note.hint", "note.missing", "note.too-long", "note.unreadable",
            "note.too-short", "note.not-offered", "nothing", "fits", "explained", "file.value", "line.value",
        ]
        return (kinds + statuses + facts).map { "staff.difference.\($0)" }
            + ReconciliationList.allCases.flatMap { [$0.rawValue, "\($0.rawValue).text"] }.map {
                "staff.reconciliation.\($0)"
            } + ["staff.stuck.days", "staff.stuck.hours", "staff.queue.many"]
    }

    func kind(_ kind: Difference) -> String { phrases.text("staff.difference.\(kind.rawValue)") }

    func row(_ line: DifferenceLine, base: String, showsMerchant: Bool) -> ReconciliationView.Line {
        let clock = StaffClock(line.merchant.zone, now: now, phrases)
        return ReconciliationView.Line(
            kind: kind(line.kind), address: "\(base)/\(line.key.id)",
            merchant: showsMerchant ? line.merchant.name(in: phrases) : nil,
            channel: words.channel(line.channel), number: line.refundNumber ?? line.channelNumber,
            ours: side(line.ours, line.ourState.map(words.movement)),
            theirs: side(line.theirs, line.theirStatus.map(status)),
            age: line.closed == nil ? age(since: line.opened) : outcome(line),
            since: clock.time(line.closed ?? line.opened))
    }

    func caseAddress(_ line: DifferenceLine) -> String? { line.caseNumber.map { "\(caseBase)/\($0)" } }

    func facts(_ detail: DifferenceDetail) -> [Fact] {
        let line = detail.line
        let clock = StaffClock(line.merchant.zone, now: now, phrases)
        let days = [detail.from, detail.to].compactMap { $0.map(clock.shortDay) }
        let file = phrases.text(
            "staff.difference.file.value",
            ["format": detail.format, "days": days.joined(separator: " – "), "time": clock.time(detail.fileRead)])
        let rows: [(String, String?, Bool)] = [
            ("merchant", line.merchant.name(in: phrases), false), ("channel", words.channel(line.channel), false),
            ("ours", side(line.ours, line.ourState.map(words.movement)), false),
            ("theirs", side(line.theirs, line.theirStatus.map(status)), false),
            ("refund-number", line.refundNumber, true), ("channel-number", line.channelNumber, true),
            ("transaction", line.transaction, true), ("sent", line.sent.map(clock.time), false),
            ("line", lineText(line, clock), false), ("file", file, false),
            ("opened", "\(clock.time(line.opened)) · \(age(since: line.opened))", false),
        ]
        return rows.compactMap { key, value, isNumber in
            value.map { Fact(phrases.text("staff.difference.\(key)"), $0, isNumber: isNumber) }
        }
    }

    /// How it ended, when and by whom; nil while it is open.
    func closing(_ detail: DifferenceDetail) -> String? {
        guard let closed = detail.line.closed else { return nil }
        let clock = StaffClock(detail.line.merchant.zone, now: now, phrases)
        return [outcome(detail.line), detail.closedBy, clock.time(closed)].compactMap(\.self)
            .joined(separator: " · ")
    }

    private func outcome(_ line: DifferenceLine) -> String {
        phrases.text(line.outcome == "explained" ? "staff.difference.explained" : "staff.difference.fits")
    }

    private func lineText(_ line: DifferenceLine, _ clock: StaffClock) -> String? {
        guard let number = line.lineNumber, let time = line.refunded else { return nil }
        return phrases.text("staff.difference.line.value", ["line": String(number), "time": clock.time(time)])
    }

    private func status(_ status: StatementRefund.Status) -> String {
        phrases.text("staff.difference.status.\(status.rawValue)")
    }

    private func side(_ amount: Money?, _ state: String?) -> String {
        let parts = [amount?.text, state].compactMap(\.self)
        return parts.isEmpty ? phrases.text("staff.difference.nothing") : parts.joined(separator: " · ")
    }

    private func age(since: Moment) -> String {
        let hours = max(now.milliseconds - since.milliseconds, 0) / 3_600_000
        return hours < 48
            ? phrases.text("staff.stuck.hours", ["hours": String(hours)])
            : phrases.text("staff.stuck.days", ["days": String(hours / 24)])
    }
}
