import Foundation

/// What a merchant asks for in `biz_content`.
struct AlipayOrder: Decodable, Sendable {
    /// Absent in questions about a payment.
    let outRequestNo: String?
    let tradeNo: String?
    let outTradeNo: String?
    /// Yuan.
    let refundAmount: String?

    enum CodingKeys: String, CodingKey {
        case outRequestNo = "out_request_no"
        case tradeNo = "trade_no"
        case outTradeNo = "out_trade_no"
        case refundAmount = "refund_amount"
    }
}

/// A form's fields; the bank reads them with Foundation's decoder, which the portal's own does not share.
struct AlipayForm: Sendable {
    private var fields: [String: String] = [:]

    init(_ fields: [String: String]) { self.fields = fields }

    /// Reads a body; nil for what is no form.
    init?(_ body: [UInt8]) {
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = String(parts[0]).removingPercentEncoding,
                let value = parts[1].replacing("+", with: " ").removingPercentEncoding
            else { return nil }
            fields[name] = value
        }
    }

    subscript(name: String) -> String? { fields[name] }

    /// Fields that are not empty, in order of their names.
    func signedText(without names: Set<String>) -> String {
        fields.filter { !$0.value.isEmpty && !names.contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    var bytes: [UInt8] {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._ ")
        return Array(
            fields.sorted { $0.key < $1.key }.map { field in
                let value = field.value.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
                return "\(field.key)=\(value.replacing(" ", with: "+"))"
            }.joined(separator: "&").utf8)
    }
}

/// Amounts in yuan.
enum AlipayYuan {
    static func text(_ fen: Int64) -> String {
        let rest = fen % 100
        return "\(fen / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Fen; nil for anything but yuan with two decimals.
    static func fen(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 2, let yuan = Int64(parts[0]), let fen = Int64(parts[1]) else {
            return nil
        }
        return yuan * 100 + fen
    }
}

/// Times in Beijing.
enum AlipayTime {
    /// `2026-11-22 17:00:00`.
    static func text(_ milliseconds: Int64) -> String {
        String(BankTime.text(milliseconds).replacing("T", with: " ").prefix(19))
    }

    static func milliseconds(_ text: String) -> Int64? {
        let iso = text.replacing(" ", with: "T") + "+08:00"
        return (try? Date(iso, strategy: .iso8601)).map { Int64($0.timeIntervalSince1970) * 1000 }
    }
}
