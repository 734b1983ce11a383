import RefundDesk
import RefundDomain
import Web
import Words

/// Says a case in one language: the slip and what comes next. Its money is said in ``CaseMoneyWording.swift``.
struct CaseWording: Sendable {
    static let prefix = "cardholder.case"

    let owned: OwnCase
    let phrases: Phrases
    let dates: CaseDates
    let money: OwnMoney
    let status: CaseStatus
    let merchant: String
    /// Whom to call about money that is with the bank.
    let help: IssuerDirectory.Desk?
    /// When the money should be there; nil until the channel has taken the refund on.
    var expected: ArrivalDates? { money.leading?.expected }

    init(_ owned: OwnCase, issuers: IssuerDirectory, _ phrases: Phrases) {
        self.owned = owned
        self.phrases = phrases
        money = owned.money
        help = issuers.desk(issuer: owned.issuer, channel: owned.channel)
        dates = CaseDates(zone: owned.zone, reference: owned.changed, phrases)
        status = CaseStatus(owned.state, money)
        merchant = phrases.language.name(owned.merchantName, owned.merchantNameEnglish)
    }

    /// What the merchant wrote for the cardholder, with who says it.
    var explanation: String? { owned.explanation.map { text("merchant-says", ["text": $0]) } }

    func text(_ key: String, _ values: [String: String] = [:]) -> String {
        phrases.text("\(CaseWording.prefix).\(key)", values)
    }

    /// The amount that the case is about now.
    var amount: Money {
        switch owned.state {
        case .draft, .submitted, .inReview, .infoNeeded, .awaitingSecond, .appealed, .declined, .withdrawn, .expired:
            owned.asked
        case .counterOffered: owned.offered ?? owned.asked
        case .approved: money.toArrive.minor > 0 ? money.toArrive : owned.approved ?? owned.asked
        case .closed:
            money.confirmed.minor > 0 ? money.confirmed : money.outside.minor > 0 ? money.outside : owned.asked
        }
    }

    var slip: Slip {
        Slip(
            status: phrases.text("cardholder.status.\(status.rawValue)", values), sign: amount.currency.sign,
            figures: amount.figures, when: when,
            lines: [
                Slip.Line(phrases.text("cardholder.typed.merchant"), merchant),
                Slip.Line(text("back-to"), text("back-to.\(destination)")),
                isPartlyDone ? Slip.Line(text("sum.confirmed"), money.confirmed.text) : nil,
                Slip.Line(text("number"), owned.number.text, isNumber: true),
            ].compactMap(\.self), tone: status.tone)
    }

    /// Where the money goes, as far as anybody knows.
    private var destination: String {
        if owned.needsDestination { return owned.destinationNamed == nil ? "unknown" : "checked" }
        return money.leading?.isRerouted == true ? "named" : "original"
    }

    /// Whether some of the money is confirmed and some is not.
    private var isPartlyDone: Bool { money.confirmed.minor > 0 && money.confirmed < money.toArrive }

    /// What happens next, in a sentence.
    var next: String {
        let key = "cardholder.status.\(status.rawValue).next"
        if owned.needsDestination, owned.destinationNamed != nil { return phrases.text("\(key).named", values) }
        if status == .expired, let until = owned.lateAnswerUntil {
            return phrases.text("\(key).late", ["date": dates.day(until)])
        }
        return phrases.text(key, values)
    }

    /// The files with what the merchant made of them.
    ///
    /// - Parameter folder: the address below which they are shown; nil where they are only named.
    func proofs(shownBelow folder: String? = nil) -> [ProofLine] {
        owned.proofs.map { proof in
            ProofLine(
                proof, when: dates.time(proof.uploaded), takesMore: owned.state.isUndecided, folder: folder, phrases)
        }
    }

    /// Why nothing moves although it could, and who has taken it up; one sentence each.
    var waits: [String] {
        (owned.isEscalated && owned.state.isUndecided ? [text("escalated")] : [])
            + (owned.state == .closed ? [] : owned.blocks.map { text("block.\($0.rawValue)") })
    }

    /// When it is worth looking again, for those whose page does not tell by itself; nil when nothing more will come.
    var again: String? {
        switch status {
        case .submitted, .inReview, .awaitingSecond, .appealed:
            owned.dueOn.map { text("again.day", ["date": dates.day($0)]) } ?? text("again")
        case .sending, .atBank, .late:
            money.leading?.nextCheck.map { text("again.check", ["time": dates.time($0), "zone": dates.zoneName]) }
                ?? text("again")
        case .waitingFunds, .needsPayee, .failed, .returned: text("again")
        case .infoNeeded, .offered: text("again.yours")
        case .confirmed, .arrived, .givenBack, .unclaimed, .paidOutside, .declined, .withdrawn, .expired, .closed,
            .closedOutside, .closedUnpaid:
            nil
        }
    }

    /// The values that sentences about the status may name.
    private var values: [String: String] {
        [
            "merchant": merchant, "asked": owned.asked.text, "offered": owned.offered?.text ?? "",
            "amount": amount.text, "date": when ?? "", "confirmed": money.confirmed.text,
            "outside": money.outside.text,
        ]
    }

    /// By when, or when it happened.
    private var when: String? {
        switch status {
        case .submitted, .inReview, .awaitingSecond, .appealed:
            // While the payment is blocked nobody can answer; the page says so instead.
            owned.blocks.isEmpty ? owned.dueOn.map { text("answer-by", ["date": dates.day($0)]) } : nil
        case .infoNeeded: owned.question?.due.map { text("your-answer-by", ["date": dates.day($0)]) }
        case .offered: owned.offerUntil.map { text("your-answer-by", ["date": dates.day($0)]) }
        case .atBank, .sending: expected.map { text("expected", ["dates": dates.span($0)]) }
        case .late: expected.map { text("was-expected", ["date": dates.day($0.latest)]) }
        case .confirmed: money.leading?.settled.map { text("confirmed-on", ["date": dates.day($0)]) }
        case .arrived: money.leading?.arrived.map { text("arrived-on", ["date": dates.day($0)]) }
        case .returned: money.leading?.returned.map { text("returned-on", ["date": dates.day($0)]) }
        case .waitingFunds, .needsPayee, .failed: nil
        case .givenBack, .unclaimed, .paidOutside, .declined, .withdrawn, .expired, .closed, .closedOutside,
            .closedUnpaid:
            dates.day(owned.changed)
        }
    }

    static var words: [String] {
        [
            "again", "again.check", "again.day", "again.yours",
            "back-to", "back-to.original", "back-to.named", "back-to.unknown", "back-to.checked", "merchant-says",
            "number", "answer-by", "your-answer-by", "expected",
            "was-expected", "confirmed-on", "arrived-on", "returned-on", "escalated",
        ].map { "\(prefix).\($0)" } + Block.allCases.map { "\(prefix).block.\($0.rawValue)" }
            + ["returned.next.named", "needs-payee.next.named", "expired.next.late"].map { "cardholder.status.\($0)" }
            + moneyWords + CaseStatus.words + OwnRails.words + ProofLine.words
    }
}
