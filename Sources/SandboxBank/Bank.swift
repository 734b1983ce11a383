import Foundation

/// The rules of the bank's side of WeChat Pay refunds: a request in, an answer and new records out.
///
/// Pure: books, keys, tempo and time are given, nothing is written or sent. A payment that it never saw is taken as
/// paid with the total that the first refund names; the total must then stay the same.
struct Bank: Sendable {
    let keys: BankKeyRing
    let tempo: BankTempo

    /// Seconds that a request's time may differ from ours.
    static let freshnessSeconds: Int64 = 300
    static let refundsPath = "/v3/refund/domestic/refunds"
    static let detourSuffix = "/apply-abnormal-refund"

    /// What the bank decided.
    struct Decision: Sendable {
        var records: [BankRecord] = []
        var answer: BankAnswer
    }

    /// Decides on a request; `refundID` is used when a refund is taken on.
    func decide(_ request: BankRequest, _ books: BankBooks, now: Int64, refundID: String) -> Decision {
        guard let merchant = authenticated(request, now: now) else { return refuse(.signError) }
        let path = request.path.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
        switch request.method {
        case "POST" where path == Bank.refundsPath:
            return take(request, from: merchant, books, now: now, refundID: refundID)
        case "POST" where path.hasPrefix(Bank.refundsPath + "/") && path.hasSuffix(Bank.detourSuffix):
            let id = path.dropFirst(Bank.refundsPath.count + 1).dropLast(Bank.detourSuffix.count)
            return goOn(request, refundID: String(id), from: merchant, books, now: now)
        case "GET" where path.hasPrefix(Bank.refundsPath + "/"):
            let number = String(path.dropFirst(Bank.refundsPath.count + 1)).removingPercentEncoding ?? ""
            return tell(number, of: merchant, books, now: now)
        default:
            return refuse(.notFound)
        }
    }

    private func authenticated(_ request: BankRequest, now: Int64) -> String? {
        guard let credentials = RequestCredentials(request.authorization),
            let merchant = keys.merchants[credentials.merchant], merchant.serial == credentials.serial,
            abs(now / 1000 - credentials.timestamp) < Bank.freshnessSeconds,
            keys.verify(request, credentials, merchant)
        else { return nil }
        return merchant.number
    }

    private func tell(_ number: String, of merchant: String, _ books: BankBooks, now: Int64) -> Decision {
        guard let refund = books.refund(number, of: merchant) else { return refuse(.notFound) }
        return Decision(answer: BankAnswer(refund.message(refund.status(at: now, tempo), tempo)))
    }

    private func take(
        _ request: BankRequest, from merchant: String, _ books: BankBooks, now: Int64, refundID: String
    ) -> Decision {
        let order: RefundMessage
        switch RefundMessage.read(request.body) {
        case .success(let message): order = message
        case .failure(let fault): return refuse(.paramError(fault.text))
        }
        let (taking, records) = BankRules(tempo: tempo).take(
            BankOrder(
                merchant: merchant, number: order.outRefundNo, refundID: refundID,
                transactionID: order.transactionId, tradeNumber: order.outTradeNo, amount: order.amount.refund,
                total: order.amount.total, noticeAddress: order.notifyUrl), books, now: now)
        switch taking {
        case .taken(let refund): return Decision(records: records, answer: firstAnswer(to: refund, now: now))
        case .known(let refund):
            return Decision(answer: BankAnswer(refund.message(refund.status(at: now, tempo), tempo)))
        case .differs: return refuse(.invalidRequest("该退款单号已用于其他退款，请核对退款参数"))
        case .refused(let no): return Decision(records: records, answer: BankAnswer(Refusal(no)))
        }
    }

    func firstAnswer(to refund: BankRefund, now: Int64) -> BankAnswer {
        let message = refund.message(refund.status(at: now, tempo), tempo)
        switch refund.misbehaviour {
        case .replyLost: return BankAnswer(message, fault: .lost)
        case .badSignature: return BankAnswer(message, fault: .badSignature)
        case .noticeFirst: return BankAnswer(refund.message(.processing, tempo), fault: .noticeFirst)
        case .errorAfter: return BankAnswer(.systemError)
        case .wrongAmount: return BankAnswer(refund.message(.processing, tempo, amount: refund.amount + 1))
        case .garbage: return BankAnswer(garbage: "<html>502</html>")
        case .doneAtOnce, .slow, .closed, .abnormal, .noFundsTwice, .noFundsEver, .noticeThrice, .noticeLate,
            .errorBefore, .busyTwice, .accountGone, .unknownWord, .noNotice, nil:
            return BankAnswer(message)
        }
    }

    func refuse(_ refusal: Refusal) -> Decision {
        Decision(answer: BankAnswer(refusal))
    }
}
