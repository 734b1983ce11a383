import Foundation
import Vault

/// The bank's side of Helipay's scanned payments: `AppPayRefund`, `AppPayRefundQuery` and the notice. Their fields are
/// those of public clients; the error codes are the bank's own, since Helipay's are not public.
struct HelipayBank: ChannelBank {
    let channel = BankChannel.helipay
    let tempo: BankTempo
    /// Keys by merchant number.
    let merchants: [String: String]

    private static let path = "/trx/app/interface.action"

    func serves(_ path: String) -> Bool { path == Self.path }

    func decide(
        _ request: BankRequest, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let form = AlipayForm(request.body), let number = form["P3_customerNumber"], let key = merchants[number]
        else { return Bank.Decision(answer: BankAnswer(body: Array(#"{"rt2_retCode":"SANDBOX_UNKNOWN"}"#.utf8))) }
        let till = HelipayTill(merchant: number, key: key)
        let merchant = bookName(ofMerchant: number)
        switch form["P1_bizType"] {
        case "AppPayRefund":
            let names = [
                "P1_bizType", "P2_orderId", "P3_customerNumber", "P4_refundOrderId", "P5_amount", "P6_callbackUrl",
            ]
            guard till.isSigned(form, names) else { return till.refuse(.signature, "") }
            return try take(form, merchant, till, books, now: now, random: random)
        case "AppPayRefundQuery":
            guard till.isSigned(form, ["P1_bizType", "P2_refundOrderId", "P3_customerNumber"]),
                let asked = form["P2_refundOrderId"]
            else { return till.refuse(.signature, "", to: "AppPayRefundQuery") }
            guard let refund = books.refund(asked, of: merchant) else {
                return till.refuse(.unseen, asked, to: "AppPayRefundQuery")
            }
            return till.tell(refund, refund.status(at: now, tempo))
        default: return till.refuse(.format, "")
        }
    }

    func notice(
        of refund: BankRefund, _ status: BankRefund.Status, now: Int64, random: BankTill.RandomBytes
    ) throws -> ChannelBankNotice {
        let number = String(refund.merchant.dropFirst(channel.rawValue.utf8.count + 1))
        guard let key = merchants[number] else { throw BankFault.damaged("keys-helipay.json") }
        let fields = [
            ("rt1_customerNumber", number), ("rt2_orderId", refund.transactionID ?? ""),
            ("rt3_refundOrderId", refund.number), ("rt4_systemSerial", refund.refundID),
            ("rt5_status", HelipayTill.word(status)), ("rt6_amount", AlipayYuan.text(refund.amount)),
            ("rt7_currency", "CNY"), ("rt8_timestamp", String(now)),
        ]
        let signature = HelipayTill(merchant: number, key: key).signature(fields.map(\.1))
        let form = AlipayForm(Dictionary(uniqueKeysWithValues: fields + [("sign", signature)]))
        return ChannelBankNotice(
            headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded;charset=utf-8")],
            body: form.bytes, thanks: "success")
    }

    /// Helipay knows a payment by the merchant's order number; the books keep it where others keep their own.
    private func take(
        _ form: AlipayForm, _ merchant: String, _ till: HelipayTill, _ books: BankBooks, now: Int64,
        random: BankTill.RandomBytes
    ) throws -> Bank.Decision {
        guard let number = form["P4_refundOrderId"], let payment = form["P2_orderId"],
            let amount = form["P5_amount"].flatMap(AlipayYuan.fen), amount > 0
        else { return till.refuse(.format, form["P4_refundOrderId"] ?? "") }
        let (taking, records) = BankRules(tempo: tempo).take(
            BankOrder(
                merchant: merchant, number: number, refundID: "hlp" + Hex.encode(try random(12)),
                transactionID: payment, tradeNumber: nil, amount: amount, noticeAddress: form["P6_callbackUrl"]),
            books, now: now)
        var decision =
            switch taking {
            case .taken(let refund): till.firstAnswer(refund)
            case .known(let refund): till.accept(refund)
            case .differs: till.refuse(.other, number)
            case .refused(.broken): Bank.Decision(answer: BankAnswer(status: 500, body: []))
            case .refused(let no): till.refuse(HelipayNo(no), number)
            }
        decision.records = records
        return decision
    }
}

/// Writes answers to one merchant.
struct HelipayTill: Sendable {
    let merchant: String
    let key: String

    func signature(_ values: [String]) -> String {
        Hex.encode(Digest.md5(Array("&\((values + [key]).joined(separator: "&"))".utf8)))
    }

    func isSigned(_ form: AlipayForm, _ names: [String]) -> Bool {
        form["signatureType"] == "MD5" && form["sign"] == signature(names.map { form[$0] ?? "" })
    }

    /// The first answer to a refund that was taken on, with what goes wrong on the way.
    func firstAnswer(_ refund: BankRefund) -> Bank.Decision {
        switch refund.misbehaviour {
        case .replyLost: accept(refund, fault: .lost)
        case .noticeFirst: accept(refund, fault: .noticeFirst)
        case .badSignature: accept(refund, signedAs: refund.amount + 1)
        case .errorAfter: refuse(.busy, refund.number)
        case .wrongAmount: accept(refund, amount: refund.amount + 1)
        case .garbage: Bank.Decision(answer: BankAnswer(body: Array("<html>502</html>".utf8)))
        case .doneAtOnce, .slow, .closed, .abnormal, .noFundsTwice, .noFundsEver, .noticeThrice, .noticeLate,
            .errorBefore, .busyTwice, .accountGone, .unknownWord, .noNotice, nil:
            accept(refund)
        }
    }

    /// - Parameters:
    ///   - amount: another one than the refund's, in fen.
    ///   - signedAs: the amount that the signature is made over, for one that does not fit.
    func accept(
        _ refund: BankRefund, amount: Int64? = nil, signedAs: Int64? = nil, fault: BankAnswer.Fault = .none
    ) -> Bank.Decision {
        let told = amount ?? refund.amount
        var fields = story(of: refund, "AppPayRefund", "0001")
        fields += [("rt8_amount", AlipayYuan.text(told)), ("rt9_currency", "CNY")]
        var signed = fields
        if let signedAs { signed[6].1 = AlipayYuan.text(signedAs) }
        return decision(fields, signature(signed.map(\.1)), fault: fault)
    }

    func tell(_ refund: BankRefund, _ status: BankRefund.Status) -> Bank.Decision {
        var fields = story(of: refund, "AppPayRefundQuery", "0000")
        fields += [
            ("rt8_orderStatus", Self.word(status)), ("rt9_amount", AlipayYuan.text(refund.amount)),
            ("rt10_currency", "CNY"),
        ]
        return decision(fields, signature(fields.map(\.1)))
    }

    func refuse(_ no: HelipayNo, _ number: String, to kind: String = "AppPayRefund") -> Bank.Decision {
        var fields = [
            ("rt1_bizType", kind), ("rt2_retCode", no.rawValue), ("rt4_customerNumber", merchant), ("rt5_orderId", ""),
            ("rt6_refundOrderNum", number), ("rt7_serialNumber", ""), ("rt8_amount", ""), ("rt9_currency", ""),
        ]
        if kind != "AppPayRefund" { fields.append(("rt10_currency", "")) }
        return decision(fields.filter { !$0.1.isEmpty }, signature(fields.map(\.1)))
    }

    static func word(_ status: BankRefund.Status) -> String {
        switch status {
        case .success: "SUCCESS"
        case .processing: "DOING"
        case .closed: "CLOSE"
        // No client documents these two.
        case .abnormal: "SANDBOX_STUCK"
        case .underReview: "SANDBOX_UNHEARD"
        }
    }

    private func story(of refund: BankRefund, _ kind: String, _ code: String) -> [(String, String)] {
        [
            ("rt1_bizType", kind), ("rt2_retCode", code), ("rt4_customerNumber", merchant),
            ("rt5_orderId", refund.transactionID ?? ""), ("rt6_refundOrderNum", refund.number),
            ("rt7_serialNumber", refund.refundID),
        ]
    }

    private func decision(
        _ fields: [(String, String)], _ signature: String, fault: BankAnswer.Fault = .none
    ) -> Bank.Decision {
        let all = fields + [("sign", signature), ("rt3_retMsg", "成功")]
        let members = all.map { "\"\($0.0)\":\"\($0.1)\"" }
        return Bank.Decision(
            answer: BankAnswer(body: Array("{\(members.joined(separator: ","))}".utf8), fault: fault))
    }
}

/// The bank's own error codes; Helipay's are not public.
enum HelipayNo: String, Sendable {
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
