import RefundDesk
import RefundDomain
import Web
import Words

/// Says a case in one language: the slip, the sums and the rails.
struct CaseWording: Sendable {
    static let prefix = "cardholder.case"

    let owned: OwnCase
    let phrases: Phrases
    let dates: CaseDates
    let status: CaseStatus
    let merchant: String
    /// When the money should be there; nil until the channel has taken the refund on.
    var expected: ArrivalDates? { owned.movement?.expected }

    init(_ owned: OwnCase, _ phrases: Phrases) {
        self.owned = owned
        self.phrases = phrases
        dates = CaseDates(zone: owned.zone, reference: owned.changed, phrases)
        status = CaseStatus(owned.state, owned.movement?.state)
        merchant = phrases.language.name(owned.merchantName, owned.merchantNameEnglish)
    }

    func text(_ key: String, _ values: [String: String] = [:]) -> String {
        phrases.text("\(CaseWording.prefix).\(key)", values)
    }

    /// The amount that the case is about now.
    var amount: Money {
        switch owned.state {
        case .draft, .submitted, .inReview, .infoNeeded, .awaitingSecond, .appealed, .declined, .withdrawn, .expired:
            owned.asked
        case .counterOffered: owned.offered ?? owned.asked
        case .approved: owned.approved ?? owned.asked
        case .closed: owned.confirmed
        }
    }

    var slip: Slip {
        Slip(
            status: phrases.text("cardholder.status.\(status.rawValue)", values), sign: amount.currency.sign,
            figures: amount.figures, when: when,
            lines: [
                Slip.Line(phrases.text("cardholder.typed.merchant"), merchant),
                Slip.Line(text("back-to"), text("back-to.original")),
                Slip.Line(text("number"), owned.number.text, isNumber: true),
            ], tone: status.tone)
    }

    /// What happens next, in a sentence.
    var next: String { phrases.text("cardholder.status.\(status.rawValue).next", values) }

    /// When it is worth looking again, for those whose page does not tell by itself; nil when nothing more will come.
    var again: String? {
        switch status {
        case .submitted, .inReview, .awaitingSecond, .appealed:
            owned.dueOn.map { text("again.day", ["date": dates.day($0)]) } ?? text("again")
        case .sending, .atBank:
            owned.movement?.nextCheck.map { text("again.check", ["time": dates.time($0), "zone": dates.zoneName]) }
                ?? text("again")
        case .waitingFunds, .needsPayee, .failed, .returned: text("again")
        case .infoNeeded, .offered: text("again.yours")
        case .confirmed, .arrived, .notPaid, .paidOutside, .declined, .withdrawn, .expired, .closed: nil
        }
    }

    /// The values that sentences about the status may name.
    private var values: [String: String] {
        [
            "merchant": merchant, "asked": owned.asked.text, "offered": owned.offered?.text ?? "",
            "amount": amount.text, "date": when ?? "", "confirmed": owned.confirmed.text,
        ]
    }

    /// By when, or when it happened.
    private var when: String? {
        switch status {
        case .submitted, .inReview, .awaitingSecond, .appealed:
            owned.dueOn.map { text("answer-by", ["date": dates.day($0)]) }
        case .infoNeeded: owned.question?.due.map { text("your-answer-by", ["date": dates.day($0)]) }
        case .offered: owned.offerUntil.map { text("your-answer-by", ["date": dates.day($0)]) }
        case .atBank, .sending: expected.map { text("expected", ["dates": dates.span($0)]) }
        case .confirmed, .arrived: owned.movement?.settled.map { text("confirmed-on", ["date": dates.day($0)]) }
        case .waitingFunds, .needsPayee, .failed, .returned: nil
        case .notPaid, .paidOutside, .declined, .withdrawn, .expired, .closed: dates.day(owned.changed)
        }
    }

    var sums: Sums {
        var rows = [Sums.Row(text("sum.paid"), owned.paid.text), Sums.Row(text("sum.asked"), owned.asked.text)]
        if let offered = owned.offered, owned.state == .counterOffered {
            rows.append(Sums.Row(text("sum.offered"), offered.text))
        }
        guard let approved = owned.approved else { return Sums(rows) }
        rows.append(Sums.Row(text("sum.approved"), approved.text))
        rows.append(Sums.Row(text("sum.fee"), Money.zero(approved.currency).text))
        let isDone = owned.confirmed.minor > 0
        rows.append(
            Sums.Row(
                text(isDone ? "sum.confirmed" : "sum.received"), isDone ? owned.confirmed.text : approved.text,
                isTotal: true))
        return Sums(rows)
    }

    static var words: [String] {
        [
            "again", "again.check", "again.day", "again.yours",
            "back-to", "back-to.original", "number", "answer-by", "your-answer-by", "expected", "confirmed-on",
            "sum.paid", "sum.asked", "sum.offered", "sum.approved", "sum.fee", "sum.confirmed", "sum.received",
        ].map { "\(prefix).\($0)" } + CaseStatus.words + OwnRails.words
    }
}
