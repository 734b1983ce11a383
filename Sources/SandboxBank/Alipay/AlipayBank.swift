import Foundation
import Vault

/// The bank's side of Alipay's gateway: `alipay.trade.refund`, its query, and the notice of the payment's change.
///
/// Alipay's refunds into a wallet are done in the answer itself, so that an ordinary refund has no waiting state here.
struct AlipayBank: ChannelBank {
    let channel = BankChannel.alipay
    let tempo: BankTempo
    let key: RSAPrivateKey
    /// Keys by `app_id`.
    let merchants: [String: RSAPublicKey]

    private static let path = "/gateway.do"
    /// Minutes that a request's time may differ from ours, in milliseconds; Alipay's own limit is not public.
    private static let freshness: Int64 = 15 * 60_000

    func serves(_ path: String) -> Bool { path.hasPrefix(Self.path) }

    func decide(
        _ request: BankRequest, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let form = AlipayForm(request.body), let appID = form["app_id"], isSigned(form, by: appID, now: now)
        else {
            return try decision("error_response", Self.refusal("40002", "isv.invalid-signature"))
        }
        guard let content = form["biz_content"],
            let order = try? JSONDecoder().decode(AlipayOrder.self, from: Data(content.utf8))
        else { return try decision("error_response", Self.refusal("40001", "isv.missing-method")) }
        let merchant = bookName(ofMerchant: appID)
        switch form["method"] {
        case "alipay.trade.refund":
            return try take(order, merchant, books, now: now, random: random)
        case "alipay.trade.fastpay.refund.query":
            return try tell(order.outRequestNo.flatMap { books.refund($0, of: merchant) }, order, now: now)
        case "alipay.trade.query": return try tellPayment(order, merchant, books)
        default: return try decision("error_response", Self.refusal("40002", "isv.invalid-method"))
        }
    }

    private func isSigned(_ form: AlipayForm, by appID: String, now: Int64) -> Bool {
        guard let signature = form["sign"].flatMap({ Base64.decode($0) }), form["sign_type"] == "RSA2",
            let time = form["timestamp"].flatMap(AlipayTime.milliseconds), abs(now - time) < Self.freshness
        else { return false }
        return merchants[appID]?.verify(Array(form.signedText(without: ["sign"]).utf8), signature: signature) ?? false
    }

    private func take(
        _ order: AlipayOrder, _ merchant: String, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        let name = "alipay_trade_refund_response"
        guard let amount = order.refundAmount.flatMap(AlipayYuan.fen), amount > 0,
            order.tradeNo != nil || order.outTradeNo != nil, let number = order.outRequestNo
        else { return try decision(name, Self.refusal("40004", "ACQ.INVALID_PARAMETER")) }
        let (taking, records) = BankRules(tempo: tempo).take(
            BankOrder(
                merchant: merchant, number: number, refundID: "ali" + Hex.encode(try random(12)),
                transactionID: order.tradeNo, tradeNumber: order.tradeNo == nil ? order.outTradeNo : nil,
                amount: amount, noticeAddress: nil), books, now: now)
        switch taking {
        case .taken(let refund):
            var decision = try answer(name, to: refund, books, now: now)
            decision.records = records
            return decision
        case .known(let refund) where refund.misbehaviour == .closed:
            return try decision(name, Self.refusal("40004", "ACQ.TRADE_NOT_ALLOW_REFUND"))
        case .known(let refund): return try decision(name, success(refund, fundChange: false, books, now: now))
        case .differs: return try decision(name, Self.refusal("40004", "ACQ.DISCORDANT_REPEAT_REQUEST"))
        case .refused(let no): return try decision(name, Self.refusal(no), records: records)
        }
    }

    /// The first answer to a refund that was taken on, with what goes wrong on the way.
    private func answer(
        _ name: String, to refund: BankRefund, _ books: BankBooks, now: Int64
    ) throws -> Bank.Decision {
        let done = success(refund, fundChange: isDone(refund, now: now), books, now: now)
        switch refund.misbehaviour {
        case .closed: return try decision(name, Self.refusal("40004", "ACQ.TRADE_NOT_ALLOW_REFUND"))
        case .replyLost: return try decision(name, done, fault: .lost)
        case .badSignature: return try decision(name, done, spoilsSignature: true)
        case .errorAfter: return try decision(name, Self.refusal("20000", "aop.ACQ.SYSTEM_ERROR"))
        case .garbage: return Bank.Decision(answer: BankAnswer(body: Array("<html>502</html>".utf8)))
        case .unknownWord:
            return try decision(name, Self.refusal("40004", "ACQ.NO_DOCUMENT_NAMES_THIS"))
        case .wrongAmount:
            var wrong = done
            wrong["refund_fee"] = "0.01"
            return try decision(name, wrong)
        case .doneAtOnce, .slow, .abnormal, .noFundsTwice, .noFundsEver, .noticeThrice, .noticeLate, .noticeFirst,
            .errorBefore, .busyTwice, .accountGone, .noNotice, nil:
            return try decision(name, done)
        }
    }

    private func tell(_ refund: BankRefund?, _ order: AlipayOrder, now: Int64) throws -> Bank.Decision {
        let name = "alipay_trade_fastpay_refund_query_response"
        guard let refund, isDone(refund, now: now), refund.misbehaviour != .closed else {
            return try decision(name, ["code": "10000", "msg": "Success"])
        }
        var content: [String: Any] = [
            "code": "10000", "msg": "Success", "out_request_no": refund.number, "refund_status": "REFUND_SUCCESS",
            "refund_amount": AlipayYuan.text(refund.amount), "gmt_refund_pay": AlipayTime.text(refund.takenAt),
        ]
        if refund.total > 0 { content["total_amount"] = AlipayYuan.text(refund.total) }
        content["trade_no"] = refund.transactionID
        content["out_trade_no"] = refund.tradeNumber
        if refund.misbehaviour == .abnormal {
            content["deposit_back_info"] = ["has_deposit_back": "true", "dback_status": "F"]
        }
        return try decision(name, content)
    }

    /// The payment's state; the bank knows a payment once it was told of it, or once something of it was given back.
    private func tellPayment(_ order: AlipayOrder, _ merchant: String, _ books: BankBooks) throws -> Bank.Decision {
        let name = "alipay_trade_query_response"
        let key = BankRefund.payment(
            transactionID: order.tradeNo, tradeNumber: order.tradeNo == nil ? order.outTradeNo : nil)
        guard let payment = books.payment(key, of: merchant) else {
            return try decision(name, Self.refusal("40004", "ACQ.TRADE_NOT_EXIST"))
        }
        var content: [String: Any] = ["code": "10000", "msg": "Success", "trade_status": "TRADE_SUCCESS"]
        if payment.total > 0 { content["total_amount"] = AlipayYuan.text(payment.total) }
        content["trade_no"] = order.tradeNo
        content["out_trade_no"] = order.outTradeNo
        return try decision(name, content)
    }

    /// Whether the money moved: at once, but for what is made to wait on purpose.
    private func isDone(_ refund: BankRefund, now: Int64) -> Bool {
        switch refund.misbehaviour {
        case .slow, .abnormal: now >= refund.settledAt(tempo)
        default: true
        }
    }

    private func success(
        _ refund: BankRefund, fundChange: Bool, _ books: BankBooks, now: Int64
    ) -> [String: Any] {
        let earlier = books.payment(refund.payment, of: refund.merchant).map {
            books.refunded($0, at: now, tempo)
        }
        let isBooked = books.refund(refund.number, of: refund.merchant) != nil
        let total = (earlier ?? 0) + (isBooked ? 0 : refund.amount)
        var content: [String: Any] = [
            "code": "10000", "msg": "Success", "fund_change": fundChange ? "Y" : "N",
            "refund_fee": AlipayYuan.text(total), "gmt_refund_pay": AlipayTime.text(refund.takenAt),
            "buyer_logon_id": "159****5620",
        ]
        content["trade_no"] = refund.transactionID
        content["out_trade_no"] = refund.tradeNumber
        return content
    }

    private static func refusal(_ no: BankNo) -> [String: Any] {
        switch no {
        case .tooMuch, .otherTotal: refusal("40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
        case .tooMany, .tooLate: refusal("40004", "ACQ.TRADE_HAS_FINISHED")
        case .noFunds: refusal("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH")
        case .busy: refusal("40005", "isv.app-call-limited")
        case .broken: refusal("20000", "isp.unknow-error")
        case .payeeGone: refusal("40004", "ACQ.BUYER_NOT_EXIST")
        }
    }

    private static func refusal(_ code: String, _ subCode: String) -> [String: Any] {
        ["code": code, "msg": "Business Failed", "sub_code": subCode, "sub_msg": "{\"不成功\"}"]
    }

    /// The answer with the signature over the bytes of its content.
    private func decision(
        _ name: String, _ content: [String: Any], records: [BankRecord] = [], fault: BankAnswer.Fault = .none,
        spoilsSignature: Bool = false
    ) throws -> Bank.Decision {
        let text = try JSONSerialization.data(withJSONObject: content, options: [.sortedKeys, .withoutEscapingSlashes])
        let signed = Array(text) + (spoilsSignature ? [0x20] : [])
        let signature = Base64.encode(try key.sign(signed))
        let body = Array("{\"\(name)\":".utf8) + Array(text) + Array(",\"sign\":\"\(signature)\"}".utf8)
        return Bank.Decision(records: records, answer: BankAnswer(body: body, fault: fault))
    }

    func notice(
        of refund: BankRefund, _ status: BankRefund.Status, now: Int64, random: BankTill.RandomBytes
    ) throws -> ChannelBankNotice {
        let appID = String(refund.merchant.dropFirst(channel.rawValue.utf8.count + 1))
        var fields = [
            "app_id": appID, "charset": "utf-8", "notify_id": "sandbox-\(refund.refundID)",
            "notify_type":
                "trade_status_sync", "out_biz_no": refund.number,
            "gmt_refund": AlipayTime.text(refund.takenAt) + ".000",
            "refund_fee": AlipayYuan.text(refund.amount), "trade_status": "TRADE_SUCCESS",
            "notify_time": AlipayTime.text(now), "subject": "退款+测试 - 1",
        ]
        fields["trade_no"] = refund.transactionID
        fields["out_trade_no"] = refund.tradeNumber
        let form = AlipayForm(fields)
        fields["sign"] = Base64.encode(try key.sign(Array(form.signedText(without: []).utf8)))
        fields["sign_type"] = "RSA2"
        return ChannelBankNotice(
            headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")],
            body: AlipayForm(fields).bytes, thanks: "success")
    }
}
