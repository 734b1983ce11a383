/// One line of the bank's books; the books are all lines in order.
package enum BankRecord: Codable, Sendable, Hashable {
    /// The bank was told of a payment, with its total in fen and where its notices go.
    case payment(merchant: String, payment: String, total: Int64, noticeAddress: String?, at: Int64)
    /// A refund was taken on; it pays once.
    case refund(BankRefund)
    /// A refund that was stuck goes on to another account.
    case detour(merchant: String, number: String, detour: BankDetour)
    /// A request for a number was refused, so that "the first two times" survives a restart.
    case refused(merchant: String, number: String, code: String)
    /// A notice was tried.
    case notice(key: NoticeKey, at: Int64, taken: Bool)
}

/// A refund that the bank took on.
package struct BankRefund: Codable, Sendable, Hashable {
    let merchant: String
    /// The merchant's number of the refund.
    let number: String
    /// The bank's number of it.
    let refundID: String
    /// The channel's number of the payment, where the request named it.
    let transactionID: String?
    /// The merchant's number of the payment, where the request named it.
    let tradeNumber: String?
    /// Fen.
    let amount: Int64
    /// Fen of the whole payment.
    let total: Int64
    let noticeAddress: String?
    /// Milliseconds since 1970.
    let takenAt: Int64
    /// What else the channel's answers repeat; nil for nothing.
    let details: [String: String]?
    /// Where it goes since it was stuck, the newest; nil: back the way that it was paid.
    var detour: BankDetour?

    /// Chosen by the amount, on a detour by the account.
    var misbehaviour: Misbehaviour? { detour.map(\.misbehaviour) ?? Misbehaviour(rawValue: amount) }
    /// When it was taken on, or went on.
    private var begunAt: Int64 { detour?.takenAt ?? takenAt }

    /// Which payment it is of, within its merchant.
    var payment: String { BankRefund.payment(transactionID: transactionID, tradeNumber: tradeNumber) }

    static func payment(transactionID: String?, tradeNumber: String?) -> String {
        transactionID.map { "transaction:\($0)" } ?? "trade:\(tradeNumber ?? "")"
    }

    /// The documented states, and one that is not.
    enum Status: String, Sendable {
        case success = "SUCCESS"
        case processing = "PROCESSING"
        case closed = "CLOSED"
        case abnormal = "ABNORMAL"
        case underReview = "UNDER_REVIEW"
    }

    /// When it leaves its first state.
    func settledAt(_ tempo: BankTempo) -> Int64 {
        switch misbehaviour {
        case .doneAtOnce, .noticeFirst: begunAt
        case .slow: begunAt + tempo.slow
        case .closed, .abnormal, .replyLost, .noFundsTwice, .noFundsEver, .badSignature, .noticeThrice, .noticeLate,
            .errorAfter, .errorBefore, .busyTwice, .accountGone, .unknownWord, .noNotice, .wrongAmount, .garbage, nil:
            begunAt + tempo.settle
        }
    }

    /// The state at a time: it follows from the books and the clock alone, so that a restart changes nothing.
    func status(at now: Int64, _ tempo: BankTempo) -> Status {
        guard now >= settledAt(tempo) else { return misbehaviour == .unknownWord ? .underReview : .processing }
        switch misbehaviour {
        case .closed: return .closed
        case .abnormal:
            guard let handling = tempo.handling, now >= takenAt + handling else { return .abnormal }
            return refundID.last.map { ("0"..."7").contains($0) } == true ? .success : .closed
        case .doneAtOnce, .slow, .replyLost, .noFundsTwice, .noFundsEver, .badSignature, .noticeThrice, .noticeLate,
            .noticeFirst, .errorAfter, .errorBefore, .busyTwice, .accountGone, .unknownWord, .noNotice, .wrongAmount,
            .garbage, nil:
            return .success
        }
    }

    /// When its first notice is due; nil when nobody asked for one or it is never sent.
    func noticeDue(_ tempo: BankTempo) -> Int64? {
        guard noticeAddress != nil else { return nil }
        switch misbehaviour {
        case .noNotice: return nil
        case .noticeLate: return begunAt + tempo.lateNotice
        default: return settledAt(tempo)
        }
    }

    /// How many times the same notice is sent, whatever the answers.
    var noticeCopies: Int { misbehaviour == .noticeThrice ? 3 : 1 }
}

/// One copy of a refund's notice.
package struct NoticeKey: Codable, Sendable, Hashable {
    let merchant: String
    let number: String
    /// 0 for the first copy.
    let copy: Int
    /// Which detour it tells of, from 1; nil for the way that it was paid.
    var round: Int?
}
