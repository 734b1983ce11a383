import Foundation
import Vault

/// The bank's side of Lakala's open platform: both of its refunds, their queries and the notices of one of them, with
/// bodies as they are or under SM4.
struct LakalaBank: ChannelBank {
    /// By their `appid`.
    let merchants: [String: Merchant]
    let seal: LakalaSeal
    let tempo: BankTempo

    let channel = BankChannel.lakala

    /// A merchant as Lakala knows it.
    struct Merchant: Sendable {
        /// As the books name it.
        let number: String
        /// `merchant_no`.
        let wireNumber: String
        let serial: String
        let checker: RSAPublicKey
        let sm4Key: Secret
    }

    /// One of the bank's addresses.
    private struct Address {
        let isOfSlips: Bool
        let isQuery: Bool
        let isEncrypted: Bool

        init?(_ path: String) {
            let suffix = "_encry"
            isEncrypted = path.hasSuffix(suffix)
            switch isEncrypted ? String(path.dropLast(suffix.utf8.count)) : path {
            case "/api/v3/rfd/refund_front/refund": (isOfSlips, isQuery) = (false, false)
            case "/api/v3/rfd/refund_front/refund_query": (isOfSlips, isQuery) = (false, true)
            case "/api/v3/lams/trade/trade_refund": (isOfSlips, isQuery) = (true, false)
            case "/api/v3/lams/trade/trade_refund_query": (isOfSlips, isQuery) = (true, true)
            default: return nil
            }
        }
    }

    /// A request that was believed.
    private struct Question {
        let merchant: Merchant
        let applicationID: String
        let address: Address
        let now: Int64
        let nonce: String
    }

    /// Seconds that a request's time may differ from ours; Lakala's own limit is not public.
    private static let freshnessSeconds: Int64 = 300
    /// A card number as Lakala masks it.
    private static let card = "622612******8223"

    func serves(_ path: String) -> Bool { Address(path) != nil }

    func decide(
        _ request: BankRequest, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let address = Address(request.path), let credentials = LakalaCredentials(request.authorization),
            let merchant = merchants[credentials.applicationID],
            abs(now / 1000 - credentials.timestamp) < Self.freshnessSeconds,
            credentials.hold(for: merchant, over: request.body)
        else { return Bank.Decision(answer: BankAnswer(body: BankJSON.encode(message(.unsigned, now: now)))) }
        let question = Question(
            merchant: merchant, applicationID: credentials.applicationID, address: address, now: now,
            nonce: Hex.encode(try random(16)))
        guard let order = order(in: request.body, question) else { return try answer(question, .wrongRequest) }
        return address.isQuery
            ? try tell(order, question, books) : try take(order, question, books, try Self.refundID(random))
    }

    private func order(in body: [UInt8], _ question: Question) -> LakalaMessage.Order? {
        var plain = body
        if question.address.isEncrypted {
            guard let sealed = Base64.decode(String(decoding: body, as: UTF8.self)),
                let opened = try? SM4.open(sealed, key: question.merchant.sm4Key.bytes)
            else { return nil }
            plain = opened
        }
        guard let message = try? BankJSON.decode(LakalaMessage.self, from: plain), message.version == "3.0",
            message.reqTime.utf8.count == 14, message.reqData.merchantNo == question.merchant.wireNumber,
            message.reqData.termNo.utf8.count == 8, (1...32).contains(message.reqData.outTradeNo.utf8.count)
        else { return nil }
        return message.reqData
    }

    private func take(
        _ order: LakalaMessage.Order, _ question: Question, _ books: BankBooks, _ refundID: String
    ) throws -> Bank.Decision {
        let ofSlip = question.address.isOfSlips
        guard let amount = order.refundAmount.flatMap({ Int64($0) }), amount > 0, order.locationInfo != nil,
            !ofSlip || (order.originBizType == "1" && order.originTradeDate != nil && order.originCardNo != nil)
        else { return try answer(question, .wrongRequest) }
        let own = order.originTradeNo ?? order.originLogNo
        guard own != nil || (order.originOutTradeNo != nil && !ofSlip) else {
            return try answer(question, .wrongRequest)
        }
        let (taking, records) = BankRules(tempo: tempo).take(
            BankOrder(
                merchant: bookName(ofMerchant: question.merchant.number), number: order.outTradeNo, refundID: refundID,
                transactionID: own, tradeNumber: order.originOutTradeNo, amount: amount,
                noticeAddress: order.notifyUrl, details: Self.repeated(order, ofSlip: ofSlip)), books, now: question.now
        )
        var decision: Bank.Decision
        switch taking {
        case .taken(let refund): decision = try firstAnswer(question, refund)
        case .known, .differs: decision = try answer(question, .duplicate)
        case .refused(.broken): decision = Bank.Decision(answer: BankAnswer(status: 500, body: []))
        case .refused(let no): decision = try answer(question, Self.code(of: no))
        }
        decision.records = records
        return decision
    }

    private func firstAnswer(_ question: Question, _ refund: BankRefund) throws -> Bank.Decision {
        let told = story(of: refund, question)
        switch refund.misbehaviour {
        case .replyLost: return try answer(question, .understood, told, fault: .lost)
        case .noticeFirst: return try answer(question, .understood, told, fault: .noticeFirst)
        case .badSignature: return try answer(question, .understood, told, spoilsSignature: true)
        case .errorAfter: return try answer(question, .undecided)
        case .wrongAmount:
            return try answer(question, .understood, story(of: refund, question, amount: refund.amount + 1))
        case .garbage: return try answer(question, body: Array("<html>502</html>".utf8))
        case .doneAtOnce, .slow, .closed, .abnormal, .noFundsTwice, .noFundsEver, .noticeThrice, .noticeLate,
            .errorBefore, .busyTwice, .accountGone, .unknownWord, .noNotice, nil:
            return try answer(question, .understood, told)
        }
    }

    private func tell(
        _ order: LakalaMessage.Order, _ question: Question, _ books: BankBooks
    ) throws -> Bank.Decision {
        let ofSlip = question.address.isOfSlips
        guard !ofSlip || (order.originBizType == "1" && order.originTradeDate != nil) else {
            return try answer(question, .wrongRequest)
        }
        let number = ofSlip ? order.originOutTradeNo ?? "" : order.outTradeNo
        guard let refund = books.refund(number, of: bookName(ofMerchant: question.merchant.number)),
            (refund.details?["slip"] != nil) == ofSlip
        else { return try answer(question, .unseen) }
        return try answer(question, .understood, story(of: refund, question))
    }

    /// What answers and queries tell of a refund.
    private func story(
        of refund: BankRefund, _ question: Question, amount told: Int64? = nil
    ) -> LakalaAnswerMessage.Data {
        let status = refund.status(at: question.now, tempo)
        let details = refund.details ?? [:]
        let amount = String(told ?? refund.amount)
        var message = LakalaRefundMessage(
            outTradeNo: refund.number, tradeNo: refund.refundID, logNo: String(refund.refundID.suffix(14)),
            tradeState: Self.state(of: status), refundAmount: amount, payerAmount: amount,
            tradeTime: Self.time(refund.settledAt(tempo)))
        if question.address.isOfSlips {
            message.payMode = "01"
            message.crdNo = Self.card
            // The answer to sending tells no state.
            guard question.address.isQuery else {
                message.tradeState = nil
                return .refund(message)
            }
            return .list([message])
        }
        message.merchantNo = question.merchant.wireNumber
        message.refundType = "00"
        message.totalAmount = amount
        message.accountType = "WECHAT"
        message.originTradeNo = details["origin_trade_no"]
        message.originLogNo = details["origin_log_no"]
        message.originOutTradeNo = refund.tradeNumber
        message.channelRetDesc = "RFD00000#成功"
        return .refund(message)
    }

    func notice(
        of refund: BankRefund, _ status: BankRefund.Status, now: Int64, random: BankTill.RandomBytes
    ) throws -> ChannelBankNotice {
        let number = String(refund.merchant.dropFirst(channel.rawValue.utf8.count + 1))
        guard let merchant = merchants.values.first(where: { $0.number == number }) else {
            throw BankFault.damaged("keys-lakala.json")
        }
        let amount = String(refund.amount)
        let body = BankJSON.encode(
            LakalaRefundMessage(
                merchantNo: merchant.wireNumber, outTradeNo: refund.number, tradeNo: refund.refundID,
                logNo: String(refund.refundID.suffix(14)), tradeState: Self.state(of: status), refundAmount: amount,
                payerAmount: amount, tradeTime: Self.time(refund.settledAt(tempo)),
                originOutTradeNo: refund.tradeNumber))
        let header = try seal.noticeHeader(over: body, seconds: now / 1000, nonce: Hex.encode(random(6)))
        return ChannelBankNotice(
            headers: [(name: "Authorization", value: header)], body: body,
            thanks: #"{"code":"SUCCESS","message":"执行成功"}"#)
    }

    private func message(
        _ code: LakalaCode, _ data: LakalaAnswerMessage.Data? = nil, now: Int64
    ) -> LakalaAnswerMessage {
        LakalaAnswerMessage(code: code.rawValue, msg: code.text, respTime: Self.time(now), respData: data)
    }

    private func answer(
        _ question: Question, _ code: LakalaCode, _ data: LakalaAnswerMessage.Data? = nil,
        fault: BankAnswer.Fault = .none, spoilsSignature: Bool = false
    ) throws -> Bank.Decision {
        var body = BankJSON.encode(message(code, data, now: question.now))
        if question.address.isEncrypted {
            body = Array(Base64.encode(try SM4.seal(body, key: question.merchant.sm4Key.bytes)).utf8)
        }
        return try answer(question, body: body, fault: fault, spoilsSignature: spoilsSignature)
    }

    private func answer(
        _ question: Question, body: [UInt8], fault: BankAnswer.Fault = .none, spoilsSignature: Bool = false
    ) throws -> Bank.Decision {
        let headers = try seal.answerHeaders(
            question.applicationID, over: spoilsSignature ? body + [0x20] : body, seconds: question.now / 1000,
            nonce: question.nonce)
        return Bank.Decision(
            answer: BankAnswer(
                contentType: "application/json;charset=UTF-8", headers: headers, body: body, fault: fault))
    }

    private static func state(of status: BankRefund.Status) -> String {
        switch status {
        case .success: "SUCCESS"
        case .processing: "PROCESSING"
        case .closed: "FAIL"
        case .abnormal: "EXCEPTION"
        // No document names it.
        case .underReview: "REVIEWING"
        }
    }

    private static func code(of no: BankNo) -> LakalaCode {
        switch no {
        case .tooMuch, .otherTotal: .tooMuch
        case .tooMany, .tooLate: .wrongState
        case .noFunds: .funds
        case .busy: .busy
        case .broken: .undecided
        case .payeeGone: .payeeGone
        }
    }

    /// What answers repeat of the request, and which product it came by.
    private static func repeated(_ order: LakalaMessage.Order, ofSlip: Bool) -> [String: String] {
        var details: [String: String] = [:]
        details["origin_trade_no"] = order.originTradeNo
        details["origin_log_no"] = order.originLogNo
        details["slip"] = ofSlip ? order.originCardNo : nil
        return details
    }

    /// `20261122170000` in Beijing.
    private static func time(_ milliseconds: Int64) -> String {
        String(BankTime.text(milliseconds).prefix(19).filter { ("0"..."9").contains($0) })
    }

    /// 29 digits, the last 14 of which are the number in Lakala's statements.
    private static func refundID(_ random: BankTill.RandomBytes) throws -> String {
        let digits = try random(27).map { Character(Unicode.Scalar(48 + $0 % 10)) }
        return "66" + String(digits)
    }
}
