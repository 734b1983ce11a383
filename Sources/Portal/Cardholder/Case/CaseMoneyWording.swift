import RefundDesk
import RefundDomain
import Web
import Words

/// The arithmetic of a case, and what to say about its money when one calls the bank.
extension CaseWording {
    /// From what was asked for to what should arrive and what has.
    var sums: Sums {
        var rows = [Sums.Row(text("sum.paid"), owned.paid.text), Sums.Row(text("sum.asked"), owned.asked.text)]
        if let offered = owned.offered, owned.state == .counterOffered {
            rows.append(Sums.Row(text("sum.offered"), offered.text))
        }
        guard owned.approved != nil else { return Sums(rows + expectedRows) }
        return Sums(rows + agreedRows + arrivalRows)
    }

    /// What would reach the cardholder, while it is to be decided and a fee would be kept.
    private var expectedRows: [Sums.Row] {
        guard owned.state.isUndecided, let fee = owned.feeQuoted, fee.minor > 0 else { return [] }
        let offered = owned.state == .counterOffered ? owned.offered : nil
        guard let rest = (offered ?? owned.asked).subtracting(fee) else { return [] }
        return [
            Sums.Row(text("sum.fee"), "− \(fee.text)"),
            Sums.Row(text(offered == nil ? "sum.if-agreed" : "sum.if-accepted"), rest.text, isTotal: true),
        ]
    }

    /// What was agreed to and what comes off it.
    private var agreedRows: [Sums.Row] {
        guard let approved = owned.approved else { return [] }
        var rows = [Sums.Row(text("sum.approved"), approved.text), Sums.Row(text("sum.fee"), "− \(fee.text)")]
        if fee.minor == 0 { rows[1] = Sums.Row(text("sum.fee"), fee.text) }
        if owned.isExchanged { rows.append(Sums.Row(text("sum.exchange"), text("sum.exchange.by-bank"))) }
        return rows
    }

    /// What should arrive, piece by piece where there are several, and what has.
    private var arrivalRows: [Sums.Row] {
        let pieces = money.live
        var rows: [Sums.Row] = []
        if pieces.count > 1 {
            rows += pieces.enumerated().map { place, move in
                Sums.Row(
                    text("sum.piece", ["place": String(place + 1), "state": piece(move)]), move.gross.text)
            }
        }
        let amount = owned.isExchanged ? text("sum.about", ["amount": toArrive.text]) : toArrive.text
        rows.append(Sums.Row(text("sum.to-arrive"), amount, isTotal: true))
        if money.outside.minor > 0 { rows.append(Sums.Row(text("sum.outside"), money.outside.text)) }
        if money.confirmed.minor > 0 { rows.append(Sums.Row(text("sum.confirmed"), money.confirmed.text)) }
        if money.arrived.minor > 0 { rows.append(Sums.Row(text("sum.arrived"), money.arrived.text)) }
        return rows
    }

    /// What is kept from the cardholder: what movements say, before there are any what was told.
    private var fee: Money {
        let nothing = Money.zero(owned.asked.currency)
        return money.live.isEmpty ? owned.feeQuoted ?? nothing : money.fee
    }

    /// What is to reach the cardholder: what movements say, before there are any what was agreed to without the fee.
    private var toArrive: Money {
        guard money.live.isEmpty else { return money.toArrive }
        return owned.approved?.subtracting(fee) ?? .zero(owned.asked.currency)
    }

    private func piece(_ move: OwnCase.MoneyMove) -> String {
        let state = phrases.text("cardholder.rail.movement.\(move.state.rawValue)", ["amount": move.gross.text])
        return move.corrects == nil ? state : text("sum.correction", ["state": state])
    }

    /// Expected and actual side by side, for somebody who says that the amount is wrong.
    ///
    /// - Parameter before: what had been refunded of the payment otherwise.
    func comparison(before: Money) -> Sums {
        var rows = [
            Sums.Row(text("sum.paid"), owned.paid.text), Sums.Row(text("sum.before"), before.text),
            Sums.Row(text("sum.asked"), owned.asked.text),
        ]
        rows += agreedRows
        if !owned.isExchanged { rows.append(Sums.Row(text("sum.exchange"), text("sum.exchange.none"))) }
        rows += arrivalRows
        if let said = owned.enquiries.last(where: { $0.kind == .wrongAmount })?.expected {
            rows.append(Sums.Row(text("sum.you-say"), said.text))
        }
        return Sums(rows)
    }

    /// The bank's name and number, and the numbers that it finds the money by; nil before the bank has it.
    var bank: BankHelp? {
        guard money.isWithBank, let move = money.live.last(where: { $0.sent != nil }) else { return nil }
        var lines: [Slip.Line] = []
        if let number = move.bankReference {
            lines.append(Slip.Line(text("bank.reference"), number, isNumber: true))
        }
        lines.append(
            Slip.Line(text("bank.refund"), move.channelRefundNumber ?? move.refundNumber, isNumber: true))
        lines.append(Slip.Line(text("bank.amount"), move.gross.text))
        if let sent = move.sent { lines.append(Slip.Line(text("bank.date"), dates.day(sent))) }
        let name = help.map { phrases.language.name($0.name, $0.nameEnglish) }
        return BankHelp(
            sentence: name.map { text("bank.sentence", ["bank": $0]) } ?? text("bank.unknown"),
            phone: help?.phone, phoneLink: help.map { "tel:\($0.phone)" }, lines: lines)
    }

    /// What the cardholder said about the money, and what came of it.
    var enquiries: [OwnEnquiry] {
        owned.enquiries.map { enquiry in
            let when = dates.day(enquiry.opened)
            let answer =
                enquiry.answer.map { text("enquiry.answer", ["text": $0]) }
                ?? text(enquiry.answered == nil ? "enquiry.open" : "enquiry.settled", ["date": when])
            return OwnEnquiry(
                said: text(
                    "enquiry.\(enquiry.kind.rawValue)", ["date": when, "amount": enquiry.expected?.text ?? ""]),
                answer: answer)
        }
    }

    static var moneyWords: [String] {
        [
            "sum.paid", "sum.asked", "sum.offered", "sum.if-agreed", "sum.if-accepted", "sum.approved", "sum.fee",
            "sum.exchange", "sum.exchange.by-bank",
            "sum.exchange.none", "sum.piece", "sum.correction", "sum.to-arrive", "sum.about", "sum.outside",
            "sum.confirmed", "sum.arrived", "sum.before", "sum.you-say", "bank.reference", "bank.refund",
            "bank.amount", "bank.date", "bank.sentence", "bank.unknown", "enquiry.wrong-amount",
            "enquiry.not-arrived", "enquiry.answer", "enquiry.open", "enquiry.settled",
        ].map { "\(prefix).\($0)" }
    }
}

/// Whom to call about the money and what to quote.
struct BankHelp: Sendable {
    let sentence: String
    let phone: String?
    let phoneLink: String?
    let lines: [Slip.Line]
    static let sample = BankHelp(
        sentence: "您的银行是招商银行", phone: "95555", phoneLink: "tel:95555",
        lines: [Slip.Line("退款单号", "50300802026112200001", isNumber: true)])
}

/// A complaint about the money with its answer.
struct OwnEnquiry: Sendable {
    let said: String
    let answer: String
    static let sample = OwnEnquiry(said: "11 月 24 日，您说金额不对", answer: "我们在查")
}
