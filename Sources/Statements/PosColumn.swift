/// The columns of `pos-csv`; a raw value is the English heading.
enum PosColumn: String, CaseIterable, Sendable {
    case merchantNumber = "merchant_no"
    case terminalNumber = "terminal_no"
    case batchNumber = "batch_no"
    case traceNumber = "trace_no"
    case referenceNumber = "reference_no"
    case authCode = "auth_code"
    case paidAt = "paid_at"
    case card
    case cardKind = "card_kind"
    case issuer
    case channel
    case orderNumber = "order_no"
    case type
    case amount
    case currency
    case fee
    case settledOn = "settled_on"
    case settledCurrency = "settled_currency"
    case settledAmount = "settled_amount"

    /// What a file must have, because without it a payment has no key or no sum.
    static let needed: [PosColumn] = [
        .merchantNumber, .terminalNumber, .batchNumber, .traceNumber, .paidAt, .type, .amount,
    ]

    /// The column that a heading means, English or Chinese; nil for one that is not read.
    static func named(_ heading: String) -> PosColumn? {
        PosColumn(rawValue: heading.lowercased()) ?? chinese[heading]
    }

    private static let chinese: [String: PosColumn] = [
        "商户号": .merchantNumber, "商户编号": .merchantNumber,
        "终端号": .terminalNumber, "终端编号": .terminalNumber,
        "批次号": .batchNumber,
        "凭证号": .traceNumber, "流水号": .traceNumber,
        "参考号": .referenceNumber, "检索参考号": .referenceNumber,
        "授权码": .authCode, "授权号": .authCode,
        "交易日期时间": .paidAt, "交易时间": .paidAt,
        "卡号": .card,
        "卡类型": .cardKind, "卡种": .cardKind,
        "发卡行": .issuer,
        "支付渠道": .channel, "支付方式": .channel,
        "订单号": .orderNumber, "商户订单号": .orderNumber,
        "交易类型": .type,
        "金额": .amount, "交易金额": .amount,
        "币种": .currency,
        "手续费": .fee,
        "清算日期": .settledOn,
        "清算币种": .settledCurrency,
        "清算金额": .settledAmount,
    ]
}

/// What happened at the terminal, by the words of acquirers' files.
enum PosType: Hashable {
    case sale
    case refund
    case void

    /// The words as a fault names them.
    static let known = "消费/sale, 退货/refund, 消费撤销/void"

    static func named(_ word: String) -> PosType? {
        words[word] ?? words[word.lowercased()]
    }

    private static let words: [String: PosType] = [
        "消费": .sale, "支付": .sale, "扫码支付": .sale, "扫码消费": .sale, "预授权完成": .sale,
        "sale": .sale, "purchase": .sale, "payment": .sale, "pre-auth completion": .sale,
        "退货": .refund, "退款": .refund, "扫码退货": .refund, "扫码退款": .refund, "refund": .refund, "return": .refund,
        "消费撤销": .void, "撤销": .void, "扫码撤销": .void, "预授权完成撤销": .void, "void": .void, "reversal": .void,
    ]
}
