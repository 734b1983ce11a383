/// What a merchant asks for, whatever the format.
struct BankOrder: Sendable {
    /// As the books name it, see ``ChannelBank/bookName(ofMerchant:)``.
    let merchant: String
    /// The merchant's number of the refund.
    let number: String
    /// The bank's number of it, should it be taken on.
    let refundID: String
    let transactionID: String?
    let tradeNumber: String?
    /// Fen.
    let amount: Int64
    /// Fen of the whole payment, where the format names it.
    var total: Int64?
    let noticeAddress: String?
    /// What else the channel's answers repeat.
    var details: [String: String] = [:]
}

/// Why the bank does not take an order.
enum BankNo: Sendable, Hashable {
    /// More than is left of the payment.
    case tooMuch
    /// The payment came to another total.
    case otherTotal
    case tooMany
    case tooLate
    /// The merchant has no funds.
    case noFunds
    /// Asked too often; nothing was done.
    case busy
    /// Broken before anything was done.
    case broken
    /// The payer's account is gone.
    case payeeGone
}

/// The rules of taking refunds that all channels share.
struct BankRules: Sendable {
    let tempo: BankTempo

    /// Refunds of one payment (WeChat Pay's number, merchant document 4012587971; the others name none).
    static let refundsMax = 50
    /// Days after the first sight of a payment in which it can be refunded.
    static let windowDays: Int64 = 365
    private static let dayMilliseconds: Int64 = 86_400_000

    /// What becomes of an order.
    enum Taking: Sendable {
        /// It is in the books from now on and pays once.
        case taken(BankRefund)
        /// The same order again: nothing new happens.
        case known(BankRefund)
        /// Its number was used for another order.
        case differs(BankRefund)
        case refused(BankNo)
    }

    /// Decides on an order, and what is to be written down.
    func take(_ order: BankOrder, _ books: BankBooks, now: Int64) -> (taking: Taking, records: [BankRecord]) {
        if let known = books.refund(order.number, of: order.merchant) {
            return (isSame(known, order) ? .known(known) : .differs(known), [])
        }
        if let no = no(to: order, books, now: now) { return (.refused(no), []) }
        if let (count, no) = Misbehaviour(rawValue: order.amount)?.noes,
            books.refusalCount(order.number, of: order.merchant) < count
        {
            let record = BankRecord.refused(merchant: order.merchant, number: order.number, code: "\(no)")
            return (.refused(no), [record])
        }
        let refund = BankRefund(
            merchant: order.merchant, number: order.number, refundID: order.refundID,
            transactionID: order.transactionID, tradeNumber: order.tradeNumber, amount: order.amount,
            total: order.total ?? payment(of: order, books)?.total ?? 0,
            noticeAddress: order.noticeAddress ?? payment(of: order, books)?.noticeAddress,
            takenAt: now, details: order.details.isEmpty ? nil : order.details)
        return (.taken(refund), [.refund(refund)])
    }

    private func isSame(_ known: BankRefund, _ order: BankOrder) -> Bool {
        known.amount == order.amount && (order.total ?? known.total) == known.total
            && known.transactionID == order.transactionID && known.tradeNumber == order.tradeNumber
            && (known.details ?? [:]) == order.details
    }

    private func payment(of order: BankOrder, _ books: BankBooks) -> BankBooks.Payment? {
        books.payment(
            BankRefund.payment(transactionID: order.transactionID, tradeNumber: order.tradeNumber), of: order.merchant)
    }

    /// A payment that the bank was never told of is refunded without a limit where the format names no total.
    private func no(to order: BankOrder, _ books: BankBooks, now: Int64) -> BankNo? {
        guard let payment = payment(of: order, books) else { return nil }
        if let total = order.total, total != payment.total { return .otherTotal }
        if payment.refunds.count >= BankRules.refundsMax { return .tooMany }
        if now - payment.firstSeenAt > BankRules.windowDays * BankRules.dayMilliseconds { return .tooLate }
        guard payment.total > 0 else { return nil }
        return order.amount > payment.total - books.refunded(payment, at: now, tempo) ? .tooMuch : nil
    }
}

extension Misbehaviour {
    /// The first requests of a number that are refused, and why; nil where none is.
    var noes: (count: Int, no: BankNo)? {
        switch self {
        case .noFundsTwice: (2, .noFunds)
        case .noFundsEver: (.max, .noFunds)
        case .errorBefore: (1, .broken)
        case .busyTwice: (2, .busy)
        case .accountGone: (.max, .payeeGone)
        case .doneAtOnce, .slow, .closed, .abnormal, .replyLost, .badSignature, .noticeThrice, .noticeLate,
            .noticeFirst, .errorAfter, .unknownWord, .noNotice, .wrongAmount, .garbage:
            nil
        }
    }
}
