import RefundDomain
import Web
import Words

/// What refunds of a payment can do, and by which row, as staff read it.
struct AbilityWords: Sendable {
    let phrases: Phrases
    let clock: StaffClock

    /// `UnionPay, Lakala, smart terminals: whole refunds only; until 18 October; …`.
    ///
    /// - Parameter paidOn: the day of the payment, from which the window counts.
    func line(_ able: RefundAbilities, paidOn: Day, currency: Currency) -> String {
        var said = [
            phrases.text("staff.able.\(able.refunds.value.rawValue)"),
            phrases.text("staff.able.until", ["date": clock.day(paidOn.adding(days: able.windowDays.value))]),
            phrases.text(
                "staff.able.times",
                ["most": String(able.refundsMax.value), "seconds": String(able.gapSeconds.value)]),
        ]
        if able.leastMinor.value > 1, let least = Money(minor: able.leastMinor.value, currency: currency) {
            said.append(phrases.text("staff.able.least", ["least": least.text]))
        }
        if able.feeReturn.value == .none { said.append(phrases.text("staff.able.keeps-fee")) }
        if able.void.value == .sameUnionPayDay { said.append(phrases.text("staff.able.void")) }
        let values = said.joined(separator: phrases.text("staff.able.separator"))
        return phrases.text("staff.able.line", ["scope": scope(able), "values": values])
    }

    /// For whom the most exact row that applies speaks; the channel alone where it is the program's own.
    private func scope(_ able: RefundAbilities) -> String {
        guard let scope = able.scopes.first else { return CaseWords(phrases).channel(able.channel) }
        let parts = [
            CaseWords(phrases).channel(scope.channel), scope.acquirer?.name,
            scope.family.map { phrases.text("staff.family.\($0.rawValue)") },
        ]
        return parts.compactMap(\.self).joined(separator: phrases.text("staff.list-separator"))
    }

    static var keys: [String] {
        let values = TerminalRefunds.allCases.map(\.rawValue)
        let others = ["until", "times", "least", "keeps-fee", "void", "separator", "line"]
        return (values + others).map { "staff.able.\($0)" }
            + TerminalFamily.allCases.map { "staff.family.\($0.rawValue)" }
    }
}
