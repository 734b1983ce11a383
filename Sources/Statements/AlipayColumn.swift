/// The columns of Alipay's 业务明细 that are read; a raw value is the heading without its unit.
///
/// 对方账户 is left out on purpose: who paid is nobody's business here.
enum AlipayColumn: String, CaseIterable, Sendable {
    case transactionNumber = "支付宝交易号"
    case orderNumber = "商户订单号"
    case kind = "业务类型"
    case createdAt = "创建时间"
    case completedAt = "完成时间"
    case orderAmount = "订单金额"
    case refundNumber = "退款批次号/请求号"
    case fee = "服务费"

    /// What every bill has.
    static let needed: [AlipayColumn] = [
        .transactionNumber, .orderNumber, .kind, .completedAt, .orderAmount, .refundNumber, .fee,
    ]

    /// The column that a heading means; the unit behind it, （元） or (元), is the same for all.
    static func named(_ heading: String) -> AlipayColumn? {
        for unit in ["（元）", "(元)"] where heading.hasSuffix(unit) {
            return AlipayColumn(rawValue: String(heading.dropLast(unit.count)))
        }
        return AlipayColumn(rawValue: heading)
    }
}
