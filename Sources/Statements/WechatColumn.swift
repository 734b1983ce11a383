/// The columns of WeChat Pay's 交易账单 that are read; a raw value is the heading.
///
/// 用户标识 is left out on purpose: who paid is nobody's business here.
enum WechatColumn: String, CaseIterable, Sendable {
    case time = "交易时间"
    case refundAppliedAt = "退款申请时间"
    case merchantNumber = "商户号"
    case subMerchantNumber = "特约商户号"
    case transactionNumber = "微信订单号"
    case orderNumber = "商户订单号"
    case state = "交易状态"
    case bank = "付款银行"
    case currency = "货币种类"
    case settledAmount = "应结订单金额"
    case channelRefundNumber = "微信退款单号"
    case refundNumber = "商户退款单号"
    case refundAmount = "退款金额"
    case couponRefundAmount = "充值券退款金额"
    case refundState = "退款状态"
    case fee = "手续费"
    case orderAmount = "订单金额"
    case appliedRefundAmount = "申请退款金额"

    /// What every kind of bill has.
    static let needed: [WechatColumn] = [
        .time, .merchantNumber, .transactionNumber, .orderNumber, .state, .currency, .settledAmount, .fee, .orderAmount,
    ]
    /// What a bill with refunds has besides.
    static let neededForRefunds: [WechatColumn] = [
        .channelRefundNumber, .refundNumber, .refundAmount, .refundState,
    ]

    static func named(_ heading: String) -> WechatColumn? {
        WechatColumn(rawValue: heading)
    }
}

/// The sums in a bill's last two lines, by their headings there.
enum WechatSum: String, CaseIterable, Sendable {
    case rows = "总交易单数"
    case settledAmount = "应结订单总金额"
    case refundAmount = "退款总金额"
    case couponRefundAmount = "充值券退款总金额"
    case fee = "手续费总金额"
    case orderAmount = "订单总金额"
    case appliedRefundAmount = "申请退款总金额"
}
