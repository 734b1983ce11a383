import Foundation

/// What a merchant asks for in `req_data`, of both products.
struct LakalaMessage: Decodable, Sendable {
    let version: String
    let reqTime: String
    let reqData: Order

    struct Order: Decodable, Sendable {
        let merchantNo: String
        let termNo: String
        let outTradeNo: String
        /// Fen in digits.
        let refundAmount: String?
        let originTradeNo: String?
        let originLogNo: String?
        let originOutTradeNo: String?
        let originBizType: String?
        let originTradeDate: String?
        let originCardNo: String?
        let notifyUrl: String?
        let locationInfo: Place?
    }

    struct Place: Decodable, Sendable {
        let requestIp: String
    }
}

/// A refund as answers, lists and notices tell it; what is nil stays out.
struct LakalaRefundMessage: Encodable, Sendable {
    var merchantNo: String?
    var outTradeNo: String?
    let tradeNo: String
    let logNo: String
    var tradeState: String?
    var refundType: String?
    var totalAmount: String?
    let refundAmount: String
    var payerAmount: String?
    let tradeTime: String
    var accountType: String?
    var payMode: String?
    var crdNo: String?
    var originTradeNo: String?
    var originLogNo: String?
    var originOutTradeNo: String?
    var channelRetDesc: String?
}

/// An answer of either product.
struct LakalaAnswerMessage: Encodable, Sendable {
    let code: String
    let msg: String
    let respTime: String
    var respData: Data?

    enum Data: Encodable, Sendable {
        case refund(LakalaRefundMessage)
        case list([LakalaRefundMessage])

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .refund(let refund): try refund.encode(to: encoder)
            case .list(let refunds): try ["refund_list": refunds].encode(to: encoder)
            }
        }
    }
}

/// The answer codes that the bank uses. Lakala's documents name only the first two; the others are the bank's own, and
/// its ready accounts explain them.
enum LakalaCode: String, Sendable {
    case understood = "000000"
    case undecided = "RFD11112"
    case unsigned = "SBX00401"
    case wrongRequest = "SBX00400"
    case duplicate = "SBX00409"
    case unseen = "SBX00404"
    case tooMuch = "SBX10001"
    case wrongState = "SBX10002"
    case payeeGone = "SBX10003"
    case funds = "SBX10004"
    case busy = "SBX10005"

    /// What ends a refund, as `codes_failed` lists it.
    static let failures = [duplicate, tooMuch, wrongState, payeeGone].map(\.rawValue).joined(separator: " ")

    var text: String {
        switch self {
        case .understood: "执行成功"
        case .undecided: "网络请求超时"
        case .unsigned: "签名验证失败"
        case .wrongRequest: "请求参数错误"
        case .duplicate: "商户请求流水号重复"
        case .unseen: "退款订单不存在"
        case .tooMuch: "退款金额超过可退金额"
        case .wrongState: "原交易不允许退款"
        case .payeeGone: "付款账户异常"
        case .funds: "退款账户余额不足"
        case .busy: "请求过于频繁"
        }
    }
}
