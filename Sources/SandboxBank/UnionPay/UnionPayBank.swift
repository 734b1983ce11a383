import Vault

/// The bank's side of UnionPay's gateway 5.1.0: refunds (04), voids (31), queries and notices.
struct UnionPayBank: ChannelBank {
    /// By the 15 characters of their numbers.
    let merchants: [String: Merchant]
    let signer: RSAPrivateKey
    let certificatePem: String
    let tempo: BankTempo

    let channel = BankChannel.unionPay

    /// A merchant as UnionPay knows it.
    struct Merchant: Sendable {
        /// As the books name it.
        let number: String
        /// `certId`: its certificate's serial number in decimal.
        let certificateNumber: String
        let checker: RSAPublicKey
    }

    private static let ordersPath = "/gateway/api/backTransReq.do"
    private static let queriesPath = "/gateway/api/queryTrans.do"
    /// A card number as UnionPay masks it.
    private static let card = "6225***********0403"

    func serves(_ path: String) -> Bool {
        path == Self.ordersPath || path == Self.queriesPath
    }

    func decide(
        _ request: BankRequest, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let message = UnionPayMessage(form: request.body), message.fields["version"] == "5.1.0" else {
            return try answer(to: [:], .format)
        }
        guard let merchant = authenticated(message) else { return try answer(to: message.fields, .signature) }
        let isOrder = request.path == Self.ordersPath
        switch message.fields["txnType"] {
        case "04" where isOrder, "31" where isOrder:
            return try take(message.fields, of: merchant, books, now: now, random)
        case "00" where !isOrder: return try tell(message.fields, of: merchant, books, now: now)
        default: return try answer(to: message.fields, .format)
        }
    }

    func notice(
        of refund: BankRefund, _ status: BankRefund.Status, now: Int64, random: BankTill.RandomBytes
    ) throws -> ChannelBankNotice {
        var fields = story(of: refund)
        fields["respCode"] = code(of: status).rawValue
        fields["respMsg"] = "交易结果"
        return ChannelBankNotice(
            headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded;charset=UTF-8")],
            body: try signed(fields).form)
    }

    private func authenticated(_ message: UnionPayMessage) -> Merchant? {
        guard message.fields["signMethod"] == "01", let merchant = message.fields["merId"].flatMap({ merchants[$0] }),
            message.fields["certId"] == merchant.certificateNumber,
            let signature = message.fields["signature"].flatMap(Base64.decode),
            merchant.checker.verify(message.signedText, signature: signature)
        else { return nil }
        return merchant
    }

    private func take(
        _ fields: [String: String], of merchant: Merchant, _ books: BankBooks, now: Int64,
        _ random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let number = fields["orderId"], let amount = fields["txnAmt"].flatMap({ Int64($0) }), amount > 0,
            let time = fields["txnTime"], time.utf8.count == 14, fields["currencyCode"] == "156",
            fields["origQryId"] != nil || (fields["origOrderId"] != nil && fields["origTxnTime"] != nil)
        else { return try answer(to: fields, .missing) }
        let order = BankOrder(
            merchant: bookName(ofMerchant: merchant.number), number: number, refundID: try Self.queryID(random),
            transactionID: fields["origQryId"], tradeNumber: fields["origOrderId"], amount: amount,
            noticeAddress: fields["backUrl"], details: Self.repeated(fields))
        if fields["txnType"] == "31", let total = total(of: order, books), total != amount {
            return try answer(to: fields, .differs)
        }
        let (taking, records) = BankRules(tempo: tempo).take(order, books, now: now)
        var decision: Bank.Decision
        switch taking {
        case .taken(let refund): decision = try firstAnswer(to: fields, refund, now: now)
        case .known, .differs: decision = try answer(to: fields, .duplicate)
        case .refused(.broken): decision = Bank.Decision(answer: BankAnswer(status: 500, body: []))
        case .refused(let no): decision = try answer(to: fields, Self.code(of: no))
        }
        decision.records = records
        return decision
    }

    private func total(of order: BankOrder, _ books: BankBooks) -> Int64? {
        let key = BankRefund.payment(transactionID: order.transactionID, tradeNumber: order.tradeNumber)
        return books.payment(key, of: order.merchant)?.total
    }

    private func firstAnswer(
        to fields: [String: String], _ refund: BankRefund, now: Int64
    ) throws -> Bank.Decision {
        var more = ["queryId": refund.refundID]
        switch refund.misbehaviour {
        case .replyLost: return try answer(to: fields, .done, more, fault: .lost)
        case .noticeFirst: return try answer(to: fields, .done, more, fault: .noticeFirst)
        case .badSignature: return try answer(to: fields, .done, more, signedAs: ["txnAmt": "1"])
        case .errorAfter: return try answer(to: fields, .busy)
        case .wrongAmount:
            more["txnAmt"] = String(refund.amount + 1)
            return try answer(to: fields, .done, more)
        case .garbage: return Bank.Decision(answer: BankAnswer(body: Array("<html>502</html>".utf8)))
        case .doneAtOnce, .slow, .closed, .abnormal, .noFundsTwice, .noFundsEver, .noticeThrice, .noticeLate,
            .errorBefore, .busyTwice, .accountGone, .unknownWord, .noNotice, nil:
            return try answer(to: fields, .done, more)
        }
    }

    private func tell(
        _ fields: [String: String], of merchant: Merchant, _ books: BankBooks, now: Int64
    ) throws -> Bank.Decision {
        let found = books.refund(fields["orderId"] ?? "", of: bookName(ofMerchant: merchant.number))
        guard let refund = found, refund.details?["txnTime"] == fields["txnTime"] else {
            return try answer(to: fields, .unseen)
        }
        var told = story(of: refund)
        told["origRespCode"] = code(of: refund.status(at: now, tempo)).rawValue
        told["origRespMsg"] = "原交易结果"
        told["accNo"] = Self.card
        return try answer(to: told, .done)
    }

    /// What every message about a refund tells of it.
    private func story(of refund: BankRefund) -> [String: String] {
        var fields = refund.details ?? [:]
        fields["orderId"] = refund.number
        fields["queryId"] = refund.refundID
        fields["txnAmt"] = String(refund.amount)
        fields["origQryId"] = refund.transactionID
        fields["origOrderId"] = refund.tradeNumber
        fields["traceNo"] = String(refund.refundID.suffix(6))
        return fields
    }

    /// - Parameter signedAs: fields that the signature is made over in place of those sent, for one that does not fit.
    private func answer(
        to fields: [String: String], _ code: UnionPayCode, _ more: [String: String] = [:],
        fault: BankAnswer.Fault = .none, signedAs changes: [String: String] = [:]
    ) throws -> Bank.Decision {
        var told = fields.filter { !["certId", "backUrl", "channelType"].contains($0.key) }.merging(more) { $1 }
        told["respCode"] = code.rawValue
        told["respMsg"] = "\(code.text)[\(code.rawValue)00000]"
        var message = try signed(told)
        if !changes.isEmpty {
            message.fields["signature"] = try signed(told.merging(changes) { $1 }).fields["signature"]
        }
        return Bank.Decision(
            answer: BankAnswer(contentType: "text/html;charset=UTF-8", body: message.answer, fault: fault))
    }

    private func signed(_ fields: [String: String]) throws -> UnionPayMessage {
        var message = UnionPayMessage(fields)
        message.fields["version"] = "5.1.0"
        message.fields["encoding"] = "UTF-8"
        message.fields["signMethod"] = "01"
        message.fields["signPubKeyCert"] = certificatePem.replacing("\n", with: "\r\n")
        message.fields["signature"] = nil
        message.fields["signature"] = Base64.encode(try signer.sign(message.signedText))
        return message
    }

    private func code(of status: BankRefund.Status) -> UnionPayCode {
        switch status {
        case .success: .done
        case .processing: .accepted
        case .closed: .card
        case .abnormal: .unclear
        case .underReview: .undocumented
        }
    }

    private static func code(of no: BankNo) -> UnionPayCode {
        switch no {
        case .tooMuch, .otherTotal: .differs
        case .tooMany, .tooLate: .wrongState
        case .noFunds: .funds
        case .busy, .broken: .busy
        case .payeeGone: .card
        }
    }

    /// What answers, queries and notices repeat of the request.
    private static func repeated(_ fields: [String: String]) -> [String: String] {
        let names = ["merId", "txnTime", "txnType", "txnSubType", "bizType", "accessType", "currencyCode"]
        return fields.filter { names.contains($0.key) }
    }

    /// 21 digits.
    private static func queryID(_ random: BankTill.RandomBytes) throws -> String {
        "51" + String(try random(19).map { Character(Unicode.Scalar(48 + $0 % 10)) })
    }
}

/// The answer codes that the bank uses.
enum UnionPayCode: String, Sendable {
    case done = "00"
    case accepted = "05"
    case busy = "06"
    case format = "10"
    case signature = "11"
    case duplicate = "12"
    case missing = "13"
    case unseen = "34"
    case wrongState = "35"
    case differs = "36"
    case card = "63"
    case funds = "64"
    case unclear = "74"
    /// No document names it.
    case undocumented = "Q9"

    var text: String {
        switch self {
        case .done: "成功"
        case .accepted: "交易已受理，请稍后查询交易结果"
        case .busy: "系统繁忙"
        case .format: "报文格式错误"
        case .signature: "验证签名失败"
        case .duplicate: "重复交易"
        case .missing: "报文交易要素缺失"
        case .unseen: "查无此交易"
        case .wrongState: "原交易不存在或状态不正确"
        case .differs: "与原交易信息不符"
        case .card: "卡状态不正确"
        case .funds: "余额不足"
        case .unclear: "扣款成功，入账结果不明"
        case .undocumented: "处理中"
        }
    }
}
