/// An error answer of the bank: HTTP status and the channel's own code.
struct Refusal: Sendable, Hashable {
    let status: Int
    let code: String
    let message: String
    /// Real error answers are not always signed; those about a wrong signature never are here.
    let isSigned: Bool

    private init(_ status: Int, _ code: String, _ message: String, isSigned: Bool = true) {
        self.status = status
        self.code = code
        self.message = message
        self.isSigned = isSigned
    }

    static let signError = Refusal(401, "SIGN_ERROR", "签名错误", isSigned: false)
    static let notEnough = Refusal(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
    static let userAccountAbnormal = Refusal(403, "USER_ACCOUNT_ABNORMAL", "用户账户异常")
    static let notFound = Refusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    static let frequencyLimited = Refusal(429, "FREQUENCY_LIMITED", "频率超限", isSigned: false)
    static let systemError = Refusal(500, "SYSTEM_ERROR", "系统超时，请稍后重试", isSigned: false)

    init(_ no: BankNo) {
        switch no {
        case .tooMuch: self = .invalidRequest("申请退款金额大于订单可退金额")
        case .otherTotal: self = .invalidRequest("订单金额或退款金额与之前请求不一致")
        case .tooMany: self = .invalidRequest("退款次数超过上限")
        case .tooLate: self = .invalidRequest("订单已超过可退款的最大期限")
        case .noFunds: self = .notEnough
        case .busy: self = .frequencyLimited
        case .broken: self = .systemError
        case .payeeGone: self = .userAccountAbnormal
        }
    }

    static func paramError(_ what: String) -> Refusal { Refusal(400, "PARAM_ERROR", what) }
    static func invalidRequest(_ why: String) -> Refusal { Refusal(400, "INVALID_REQUEST", why) }
}
