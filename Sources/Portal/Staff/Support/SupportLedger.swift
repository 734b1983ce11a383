import RefundDesk
import RefundDomain
import Words

/// The books of a case in one currency: every line, and what they come to for each account.
struct SupportLedger: Sendable, Hashable {
    struct Line: Sendable, Hashable {
        let title: String
        let when: String
        let debit: String
        let credit: String
        let amount: String

        static let sample = Line(
            title: "P1 冻结", when: "11 月 20 日 18:02", debit: "商户可用", credit: "商户冻结", amount: "¥59.64")
    }

    let currency: String
    let lines: [Line]
    /// What the case has moved on each account, those that came out even left out.
    let sums: [Fact]
    let hasSums: Bool

    static let sample = SupportLedger(currency: "CNY", lines: [.sample], sums: [.sample], hasSums: true)
}

/// Turns the postings of a case into its books.
struct LedgerWriter {
    let phrases: Phrases
    let clock: StaffClock

    static var keys: [String] {
        Posting.Kind.allCases.map { "staff.posting.\($0.rawValue)" }
            + Account.allCases.map { "staff.account.\($0.rawValue)" }
    }

    /// A ledger for each currency, in the order in which they were first used.
    func ledgers(_ postings: [SupportFile.Posted]) -> [SupportLedger] {
        var currencies: [Currency] = []
        for posted in postings.reversed() where !currencies.contains(posted.amount.currency) {
            currencies.append(posted.amount.currency)
        }
        return currencies.map { currency in
            let mine = postings.filter { $0.amount.currency == currency }
            let sums = sums(mine, currency)
            return SupportLedger(
                currency: currency.code, lines: mine.map(line), sums: sums, hasSums: !sums.isEmpty)
        }
    }

    private func line(_ posted: SupportFile.Posted) -> SupportLedger.Line {
        SupportLedger.Line(
            title: known("staff.posting.\(posted.kind)", posted.kind), when: clock.time(posted.at),
            debit: known("staff.account.\(posted.debit)", posted.debit),
            credit: known("staff.account.\(posted.credit)", posted.credit), amount: posted.amount.text)
    }

    /// By how much each account is larger or smaller through this case.
    private func sums(_ postings: [SupportFile.Posted], _ currency: Currency) -> [Fact] {
        var moved: [Account: Int64] = [:]
        for posted in postings {
            guard let debit = Account(rawValue: posted.debit), let credit = Account(rawValue: posted.credit) else {
                continue
            }
            moved[debit, default: 0] += debit.growsByDebit ? posted.amount.minor : -posted.amount.minor
            moved[credit, default: 0] += credit.growsByDebit ? -posted.amount.minor : posted.amount.minor
        }
        return Account.allCases.compactMap { account in
            guard let minor = moved[account], minor != 0, let amount = Money(minor: abs(minor), currency: currency)
            else { return nil }
            return Fact(
                phrases.text("staff.account.\(account.rawValue)"), "\(minor < 0 ? "−" : "+") \(amount.text)")
        }
    }

    /// The words of a code of ours; the code itself where a later version wrote one that we do not know.
    private func known(_ key: String, _ code: String) -> String {
        phrases.pattern(key) == nil ? code : phrases.text(key)
    }
}
