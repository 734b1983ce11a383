import Foundation

/// A request as it came over the wire.
package struct BankRequest: Sendable {
    let method: String
    /// With its query, percent-encoded as it was sent: the signature is over exactly this.
    let path: String
    let authorization: String
    /// Names the key that fields of the body are encrypted with.
    let serial: String?
    let body: [UInt8]

    package init(method: String, path: String, authorization: String, serial: String? = nil, body: [UInt8]) {
        self.method = method
        self.path = path
        self.authorization = authorization
        self.serial = serial
        self.body = body
    }
}

/// An answer before it is signed.
package struct BankAnswer: Sendable {
    /// What goes wrong on the way out.
    package enum Fault: Sendable {
        case none
        /// The connection is closed without an answer.
        case lost
        case badSignature
        /// The notice goes out before the answer.
        case noticeFirst
    }

    /// The HTTP status.
    package let status: Int
    var contentType = "application/json"
    /// What a channel signs its answers with beside the body.
    var headers: [(name: String, value: String)] = []
    package let body: [UInt8]
    let isSigned: Bool
    package let fault: Fault

    init(_ message: RefundAnswerMessage, fault: Fault = .none) {
        status = 200
        body = BankJSON.encode(message)
        isSigned = true
        self.fault = fault
    }

    init(_ refusal: Refusal) {
        status = refusal.status
        body = BankJSON.encode(["code": refusal.code, "message": refusal.message])
        isSigned = refusal.isSigned
        fault = .none
    }

    /// An answer that carries its signature already, or none.
    init(
        status: Int = 200, contentType: String = "application/json", headers: [(name: String, value: String)] = [],
        body: [UInt8], fault: Fault = .none
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
        isSigned = false
        self.fault = fault
    }

    init(garbage: String) {
        status = 200
        body = Array(garbage.utf8)
        isSigned = true
        fault = .none
    }
}

/// A refund request (merchant document 4012587971); names are the channel's, in our spelling.
struct RefundMessage: Codable, Sendable {
    let transactionId: String?
    let outTradeNo: String?
    let outRefundNo: String
    let reason: String?
    let notifyUrl: String?
    let amount: Amount

    struct Amount: Codable, Sendable {
        /// Fen.
        let refund: Int64
        /// Fen.
        let total: Int64
        let currency: String
    }

    /// What is wrong with a request.
    struct Fault: Error {
        let text: String
    }

    /// The longest body that is read, in bytes.
    static let bodyBytesMax = 65_536

    static func read(_ body: [UInt8]) -> Result<RefundMessage, Fault> {
        guard let message = try? BankJSON.decode(RefundMessage.self, from: body) else {
            return .failure(Fault(text: "请求不是有效的JSON或缺少参数"))
        }
        if let fault = message.fault { return .failure(Fault(text: fault)) }
        return .success(message)
    }

    private var fault: String? {
        let symbols = Set("_-|*@".utf8)
        let isNumber = outRefundNo.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || symbols.contains(byte)
        }
        guard isNumber, (1...64).contains(outRefundNo.utf8.count) else { return "out_refund_no 格式错误" }
        guard (transactionId == nil) != (outTradeNo == nil) else { return "transaction_id 与 out_trade_no 必须二选一" }
        guard (reason?.utf8.count ?? 0) <= 80 else { return "reason 过长" }
        guard (notifyUrl?.utf8.count ?? 8) >= 8, (notifyUrl?.utf8.count ?? 8) <= 256 else { return "notify_url 格式错误" }
        guard amount.currency == "CNY", amount.refund > 0, amount.refund <= amount.total else { return "amount 错误" }
        return nil
    }
}

/// A refund as answers and queries tell it.
struct RefundAnswerMessage: Codable, Sendable {
    let refundId: String
    let outRefundNo: String
    let transactionId: String?
    let outTradeNo: String?
    let channel: String
    let userReceivedAccount: String
    let successTime: String?
    let createTime: String
    let status: String
    let fundsAccount: String
    let amount: Amount

    struct Amount: Codable, Sendable {
        let total: Int64
        let refund: Int64
        let payerTotal: Int64
        let payerRefund: Int64
        let settlementRefund: Int64
        let settlementTotal: Int64
        let discountRefund: Int64
        let currency: String
    }
}

/// What a refund notice seals (merchant document 4012587976): the state stands in `refundStatus`.
struct NoticeMessage: Codable, Sendable {
    let mchid: String
    let transactionId: String?
    let outTradeNo: String?
    let refundId: String
    let outRefundNo: String
    let refundStatus: String
    let successTime: String?
    let userReceivedAccount: String
    let amount: Amount

    struct Amount: Codable, Sendable {
        let total: Int64
        let refund: Int64
        let payerTotal: Int64
        let payerRefund: Int64
    }
}

/// A notice as it is sent.
struct NoticeEnvelope: Codable, Sendable {
    let id: String
    let createTime: String
    let resourceType: String
    let eventType: String
    let summary: String
    let resource: Resource

    struct Resource: Codable, Sendable {
        let originalType: String
        let algorithm: String
        let ciphertext: String
        let associatedData: String
        let nonce: String
    }
}

extension BankRefund {
    /// Where it goes, as people read it.
    private var receivedAccount: String { detour?.account ?? "招商银行信用卡0403" }

    /// How answers and queries tell the refund.
    func message(_ status: Status, _ tempo: BankTempo, amount told: Int64? = nil) -> RefundAnswerMessage {
        let told = told ?? amount
        return RefundAnswerMessage(
            refundId: refundID, outRefundNo: number, transactionId: transactionID, outTradeNo: tradeNumber,
            channel: detour == nil ? "ORIGINAL" : "OTHER_BANKCARD", userReceivedAccount: receivedAccount,
            successTime: status == .success ? BankTime.text(settledAt(tempo)) : nil,
            createTime: BankTime.text(takenAt), status: status.rawValue, fundsAccount: "AVAILABLE",
            amount: .init(
                total: total, refund: told, payerTotal: total, payerRefund: told, settlementRefund: told,
                settlementTotal: total, discountRefund: 0, currency: "CNY"))
    }

    /// What its notice seals.
    func notice(_ status: Status, _ tempo: BankTempo) -> NoticeMessage {
        NoticeMessage(
            mchid: merchant, transactionId: transactionID, outTradeNo: tradeNumber, refundId: refundID,
            outRefundNo: number, refundStatus: status.rawValue,
            successTime: status == .success ? BankTime.text(settledAt(tempo)) : nil,
            userReceivedAccount: receivedAccount,
            amount: .init(total: total, refund: amount, payerTotal: total, payerRefund: amount))
    }
}

/// Times as the bank writes them: `2026-11-22T10:00:00+08:00`.
enum BankTime {
    static func text(_ milliseconds: Int64) -> String {
        let style = Date.ISO8601FormatStyle(
            timeZoneSeparator: .colon, timeZone: TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt)
        return style.format(Date(timeIntervalSince1970: TimeInterval(milliseconds / 1000)))
    }
}

/// JSON as the channel writes it: names in small letters with `_`; ours are sorted, with bare slashes.
enum BankJSON {
    static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes))
    }

    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Our own values are texts and whole numbers, which always encode.
        return (try? encoder.encode(value)).map(Array.init) ?? []
    }
}
