import RefundDomain
import Web
import Words

/// Where the money is, in words; a channel's codes are translated and never leave the page bare.
struct MovementWords: Sendable {
    private let phrases: Phrases
    private let clock: StaffClock
    private let words: CaseWords

    init(_ phrases: Phrases, _ clock: StaffClock) {
        self.phrases = phrases
        self.clock = clock
        words = CaseWords(phrases)
    }

    static var keys: [String] {
        Movement.State.allCases.map { "staff.movement.\($0.rawValue).text" }
            + [
                "refund-number", "channel-number", "destination", "code", "sent", "settled", "checked", "next",
                "expected", "fee", "attempts", "way",
            ].map { "staff.moved.\($0)" } + ["staff.moved.attempts.value", "staff.moved.way.void"]
    }

    func item(_ line: CaseFile.MovementLine) -> MovementItem {
        MovementItem(
            amount: line.gross.text, tag: words.movementTag(line.state),
            explanation: phrases.text("staff.movement.\(line.state.rawValue).text"), facts: facts(line))
    }

    private func facts(_ line: CaseFile.MovementLine) -> [Fact] {
        let tries = phrases.text(
            "staff.moved.attempts.value", ["sent": String(line.attempts), "asked": String(line.queries)])
        let rows: [(String, String?, Bool)] = [
            ("code", line.code.flatMap { $0.isEmpty ? nil : words.channelCode($0) }, false),
            ("way", line.isVoid ? phrases.text("staff.moved.way.void") : nil, false),
            ("destination", line.destination, false),
            ("refund-number", line.refundNumber, true),
            ("channel-number", line.channelNumber, true),
            ("fee", line.quote.feeGivenBack.text, false),
            ("sent", line.sent.map(clock.time), false),
            ("settled", line.settled.map(clock.time), false),
            ("expected", line.expected.map(clock.span), false),
            ("checked", line.lastChecked.map(clock.time), false),
            ("next", line.nextCheck.map(clock.time), false),
            ("attempts", line.attempts > 0 ? tries : nil, false),
        ]
        return rows.compactMap { key, value, isNumber in
            value.map { Fact(phrases.text("staff.moved.\(key)"), $0, isNumber: isNumber) }
        }
    }
}
