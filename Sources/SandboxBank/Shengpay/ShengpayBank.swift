import Foundation
import Vault

/// The bank's side of Shengpay's refunds: the order as its documents have it, question and notice as the bank made them
/// up, since no document has those.
struct ShengpayBank: ChannelBank {
    let channel = BankChannel.shengpay
    let tempo: BankTempo
    let key: RSAPrivateKey
    /// Keys by merchant number.
    let merchants: [String: RSAPublicKey]

    private static let ordersPath = "/refund/orderRefund"
    static let questionPath = "/refund/sandboxQuestion"
    /// The member that names the state.
    static let stateName = "sandboxState"

    func serves(_ path: String) -> Bool { path == Self.ordersPath || path == Self.questionPath }

    func decide(
        _ request: BankRequest, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let order = try? JSONDecoder().decode(ShengpayOrder.self, from: Data(request.body)),
            isSigned(request.body, by: order.mchId)
        else { return try refuse(.signature, "") }
        let merchant = bookName(ofMerchant: order.mchId)
        guard request.path == Self.ordersPath else {
            let refund = books.refund(order.outRefundNo, of: merchant)
            return try refund.map { try tell($0, now: now) } ?? refuse(.unseen, order.outRefundNo)
        }
        return try take(order, merchant, books, now: now, random: random)
    }

    func notice(
        of refund: BankRefund, _ status: BankRefund.Status, now: Int64, random: BankTill.RandomBytes
    ) throws -> ChannelBankNotice {
        var fields = story(of: refund)
        fields[Self.stateName] = ShengpayState(status).rawValue
        fields["nonceStr"] = Hex.encode(try random(16))
        return ChannelBankNotice(
            headers: [(name: "Content-Type", value: "application/json;charset=utf-8")], body: try signed(fields),
            thanks: "SUCCESS")
    }

    private func isSigned(_ body: [UInt8], by merchant: String) -> Bool {
        guard let members = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let signature = (members["sign"] as? String).flatMap(Base64.decode)
        else { return false }
        return merchants[merchant]?.verify(Self.signedText(members), signature: signature) ?? false
    }

    private func take(
        _ order: ShengpayOrder, _ merchant: String, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let amount = order.refundFee, amount > 0, (order.transactionId == nil) != (order.outTradeNo == nil) else {
            return try refuse(.format, order.outRefundNo)
        }
        let (taking, records) = BankRules(tempo: tempo).take(
            BankOrder(
                merchant: merchant, number: order.outRefundNo, refundID: "shp" + Hex.encode(try random(12)),
                transactionID: order.transactionId, tradeNumber: order.outTradeNo, amount: amount,
                total: order.totalFee, noticeAddress: order.notifyUrl), books, now: now)
        var decision =
            switch taking {
            case .taken(let refund): try firstAnswer(refund)
            case .known(let refund): try answer(story(of: refund))
            case .differs: try refuse(.other, order.outRefundNo)
            case .refused(.broken): Bank.Decision(answer: BankAnswer(status: 500, body: []))
            case .refused(let no): try refuse(ShengpayNo(no), order.outRefundNo)
            }
        decision.records = records
        return decision
    }

    private func firstAnswer(_ refund: BankRefund) throws -> Bank.Decision {
        var told = story(of: refund)
        switch refund.misbehaviour {
        case .replyLost: return try answer(told, fault: .lost)
        case .noticeFirst: return try answer(told, fault: .noticeFirst)
        case .badSignature: return try answer(told, signedAs: ["refundFee": 1])
        case .errorAfter: return try refuse(.busy, refund.number)
        case .wrongAmount:
            told["refundFee"] = refund.amount + 1
            return try answer(told)
        case .garbage: return Bank.Decision(answer: BankAnswer(body: Array("<html>502</html>".utf8)))
        case .doneAtOnce, .slow, .closed, .abnormal, .noFundsTwice, .noFundsEver, .noticeThrice, .noticeLate,
            .errorBefore, .busyTwice, .accountGone, .unknownWord, .noNotice, nil:
            return try answer(told)
        }
    }

    private func tell(_ refund: BankRefund, now: Int64) throws -> Bank.Decision {
        var told = story(of: refund)
        told[Self.stateName] = ShengpayState(refund.status(at: now, tempo)).rawValue
        return try answer(told)
    }

    /// What every message about a refund tells of it.
    private func story(of refund: BankRefund) -> [String: Any] {
        var fields: [String: Any] = [
            "mchId": String(refund.merchant.dropFirst(channel.rawValue.utf8.count + 1)),
            "outRefundNo": refund.number, "refundId": refund.refundID, "refundFee": refund.amount,
        ]
        if refund.total > 0 { fields["totalFee"] = refund.total }
        fields["transactionId"] = refund.transactionID
        fields["outTradeNo"] = refund.tradeNumber
        return fields
    }

    private func refuse(_ no: ShengpayNo, _ number: String) throws -> Bank.Decision {
        var fields: [String: Any] = [
            "returnCode": "SUCCESS", "resultCode": "FAIL", "errorCode": no.rawValue, "errorCodeDes": "失败",
        ]
        if !number.isEmpty { fields["outRefundNo"] = number }
        return Bank.Decision(answer: BankAnswer(body: try signed(fields)))
    }

    /// - Parameter signedAs: fields that the signature is made over in place of those sent, for one that does not fit.
    private func answer(
        _ fields: [String: Any], fault: BankAnswer.Fault = .none, signedAs changes: [String: Any] = [:]
    ) throws -> Bank.Decision {
        let told = fields.merging(["returnCode": "SUCCESS", "returnMsg": "OK", "resultCode": "SUCCESS"]) { $1 }
        return Bank.Decision(answer: BankAnswer(body: try signed(told, as: changes), fault: fault))
    }

    private func signed(_ fields: [String: Any], as changes: [String: Any] = [:]) throws -> [UInt8] {
        var all = fields
        all["signType"] = "RSA"
        all["sign"] = Base64.encode(try key.sign(Self.signedText(all.merging(changes) { $1 })))
        let data = try JSONSerialization.data(withJSONObject: all, options: [.sortedKeys, .withoutEscapingSlashes])
        return Array(data)
    }

    private static func signedText(_ members: [String: Any]) -> [UInt8] {
        let pairs = members.filter { $0.key != "sign" }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return Array(pairs.joined(separator: "&").utf8)
    }
}

/// An order or a question as it comes.
struct ShengpayOrder: Decodable, Sendable {
    let mchId: String
    let outRefundNo: String
    let transactionId: String?
    let outTradeNo: String?
    /// Fen.
    let refundFee: Int64?
    /// Fen.
    let totalFee: Int64?
    let notifyUrl: String?
}

/// The bank's own error codes; Shengpay's are not public.
enum ShengpayNo: String, Sendable {
    case signature = "SANDBOX_SIGNATURE"
    case format = "SANDBOX_FORMAT"
    case refused = "SANDBOX_REFUSED"
    case payee = "SANDBOX_PAYEE_GONE"
    case funds = "SANDBOX_NO_FUNDS"
    case other = "SANDBOX_OTHER_ORDER"
    case busy = "SANDBOX_BUSY"
    case unseen = "SANDBOX_UNSEEN"

    init(_ no: BankNo) {
        self =
            switch no {
            case .tooMuch, .otherTotal, .tooMany, .tooLate: .refused
            case .noFunds: .funds
            case .busy, .broken: .busy
            case .payeeGone: .payee
            }
    }
}

/// The bank's own words for states; Shengpay's are not public.
enum ShengpayState: String, Sendable {
    case pending = "SANDBOX_PENDING"
    case done = "SANDBOX_DONE"
    case failed = "SANDBOX_FAILED"
    /// The account does not name it.
    case stuck = "SANDBOX_STUCK"
    /// The account does not name it either.
    case unheard = "SANDBOX_UNHEARD"

    init(_ status: BankRefund.Status) {
        self =
            switch status {
            case .success: .done
            case .processing: .pending
            case .closed: .failed
            case .abnormal: .stuck
            case .underReview: .unheard
            }
    }
}
