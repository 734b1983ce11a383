import Foundation

/// A request as it came over the wire.
struct BankRequest: Sendable {
    let method: String
    /// With its query, percent-encoded as it was sent: the signature is over exactly this.
    let path: String
    let authorization: String
    let body: [UInt8]
}

/// An answer before it is signed.
struct BankAnswer: Sendable {
    /// What goes wrong on the way out.
    enum Fault: Sendable {
        case none
        /// The connection is closed without an answer.
        case lost
        case badSignature
        /// The notice goes out before the answer.
        case noticeFirst
    }

    let status: Int
    let body: [UInt8]
    let isSigned: Bool
    let fault: Fault

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

    init(garbage: String) {
        status = 200
        body = Array(garbage.utf8)
        isSigned = true
        fault = .none
    }
}

/// A refund request (merchant document 4012587971); names are the channel's.
struct RefundMessage: Codable, Sendable {
    let transaction_id: String?
    let out_trade_no: String?
    let out_refund_no: String
    let reason: String?
    let notify_url: String?
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
        guard let message = try? JSONDecoder().decode(RefundMessage.self, from: Data(body)) else {
            return .failure(Fault(text: "请求不是有效的JSON或缺少参数"))
        }
        if let fault = message.fault { return .failure(Fault(text: fault)) }
        return .success(message)
    }

    private var fault: String? {
        let symbols = Set("_-|*@".utf8)
        let isNumber = out_refund_no.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || symbols.contains(byte)
        }
        guard isNumber, (1...64).contains(out_refund_no.utf8.count) else { return "out_refund_no 格式错误" }
        guard (transaction_id == nil) != (out_trade_no == nil) else { return "transaction_id 与 out_trade_no 必须二选一" }
        guard (reason?.utf8.count ?? 0) <= 80 else { return "reason 过长" }
        guard (notify_url?.utf8.count ?? 8) >= 8, (notify_url?.utf8.count ?? 8) <= 256 else { return "notify_url 格式错误" }
        guard amount.currency == "CNY", amount.refund > 0, amount.refund <= amount.total else { return "amount 错误" }
        return nil
    }
}

/// A refund as answers and queries tell it.
struct RefundAnswerMessage: Codable, Sendable {
    let refund_id: String
    let out_refund_no: String
    let transaction_id: String?
    let out_trade_no: String?
    let channel: String
    let user_received_account: String
    let success_time: String?
    let create_time: String
    let status: String
    let funds_account: String
    let amount: Amount

    struct Amount: Codable, Sendable {
        let total: Int64
        let refund: Int64
        let payer_total: Int64
        let payer_refund: Int64
        let settlement_refund: Int64
        let settlement_total: Int64
        let discount_refund: Int64
        let currency: String
    }
}

/// What a refund notice seals (merchant document 4012587976): the state stands in `refund_status`.
struct NoticeMessage: Codable, Sendable {
    let mchid: String
    let transaction_id: String?
    let out_trade_no: String?
    let refund_id: String
    let out_refund_no: String
    let refund_status: String
    let success_time: String?
    let user_received_account: String
    let amount: Amount

    struct Amount: Codable, Sendable {
        let total: Int64
        let refund: Int64
        let payer_total: Int64
        let payer_refund: Int64
    }
}

/// A notice as it is sent.
struct NoticeEnvelope: Codable, Sendable {
    let id: String
    let create_time: String
    let resource_type: String
    let event_type: String
    let summary: String
    let resource: Resource

    struct Resource: Codable, Sendable {
        let original_type: String
        let algorithm: String
        let ciphertext: String
        let associated_data: String
        let nonce: String
    }
}

extension BankRefund {
    static let receivedAccount = "招商银行信用卡0403"

    /// How answers and queries tell the refund.
    func message(_ status: Status, _ tempo: BankTempo, amount told: Int64? = nil) -> RefundAnswerMessage {
        let told = told ?? amount
        return RefundAnswerMessage(
            refund_id: refundID, out_refund_no: number, transaction_id: transactionID, out_trade_no: tradeNumber,
            channel: "ORIGINAL", user_received_account: BankRefund.receivedAccount,
            success_time: status == .success ? BankTime.text(settledAt(tempo)) : nil,
            create_time: BankTime.text(takenAt), status: status.rawValue, funds_account: "AVAILABLE",
            amount: .init(
                total: total, refund: told, payer_total: total, payer_refund: told, settlement_refund: told,
                settlement_total: total, discount_refund: 0, currency: "CNY"))
    }

    /// What its notice seals.
    func notice(_ status: Status, _ tempo: BankTempo) -> NoticeMessage {
        NoticeMessage(
            mchid: merchant, transaction_id: transactionID, out_trade_no: tradeNumber, refund_id: refundID,
            out_refund_no: number, refund_status: status.rawValue,
            success_time: status == .success ? BankTime.text(settledAt(tempo)) : nil,
            user_received_account: BankRefund.receivedAccount,
            amount: .init(total: total, refund: amount, payer_total: total, payer_refund: amount))
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

/// JSON as the bank writes it: keys sorted, slashes bare.
enum BankJSON {
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Our own values are texts and whole numbers, which always encode.
        return (try? encoder.encode(value)).map(Array.init) ?? []
    }
}
