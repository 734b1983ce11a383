import RefundDomain

/// The amounts on one row of a WeChat Pay bill, or of all its rows, in thousandths of the minor unit.
struct WechatAmounts: Hashable, Sendable {
    var currency: Currency
    var settled: Int64 = 0
    var refund: Int64 = 0
    var couponRefund: Int64 = 0
    var fee: Int64 = 0
    var order: Int64 = 0
    var appliedRefund: Int64 = 0
}

/// What the rows come to, to be held against the last two lines of the bill, exactly.
struct WechatSums: Sendable {
    private var rows: Int64 = 0
    private var totals: WechatAmounts?
    /// Whether every row's amounts could be read; the sums say nothing otherwise.
    private(set) var isComplete = true

    /// The currency of the first row.
    var currency: Currency? { totals?.currency }

    mutating func add(_ row: WechatAmounts) throws(StatementFault) {
        rows += 1
        var sum = totals ?? WechatAmounts(currency: row.currency)
        try Self.add(row.settled, to: &sum.settled, .settledAmount)
        try Self.add(row.refund, to: &sum.refund, .refundAmount)
        try Self.add(row.couponRefund, to: &sum.couponRefund, .couponRefundAmount)
        try Self.add(row.fee, to: &sum.fee, .fee)
        try Self.add(row.order, to: &sum.order, .orderAmount)
        try Self.add(row.appliedRefund, to: &sum.appliedRefund, .appliedRefundAmount)
        totals = sum
    }

    private static func add(_ value: Int64, to total: inout Int64, _ sum: WechatSum) throws(StatementFault) {
        let (result, overflows) = total.addingReportingOverflow(value)
        guard !overflows else { throw .sumTooLarge(name: sum.rawValue) }
        total = result
    }

    /// Counts a row whose amounts cannot be read.
    mutating func skip() {
        isComplete = false
    }

    /// Holds the sums against what the bill says.
    ///
    /// - Throws: ``StatementFault/wrongSum(name:stated:found:)`` for the first that differs.
    func check(headings: [String], values: [String], line: Int) throws(StatementFault) {
        let totals = totals ?? WechatAmounts(currency: .cny)
        for (index, heading) in headings.enumerated() {
            guard let sum = WechatSum(rawValue: heading) else { continue }
            guard values.indices.contains(index), let stated = Self.number(values[index], sum, totals.currency) else {
                throw .unreadableSum(name: heading, line: line)
            }
            let found = found(sum, totals)
            guard isComplete, stated != found else { continue }
            let text = sum == .rows ? String(rows) : Self.decimal(found, totals.currency)
            throw .wrongSum(name: heading, stated: values[index], found: text)
        }
    }

    private func found(_ sum: WechatSum, _ totals: WechatAmounts) -> Int64 {
        switch sum {
        case .rows: rows
        case .settledAmount: totals.settled
        case .refundAmount: totals.refund
        case .couponRefundAmount: totals.couponRefund
        case .fee: totals.fee
        case .orderAmount: totals.order
        case .appliedRefundAmount: totals.appliedRefund
        }
    }

    private static func number(_ text: String, _ sum: WechatSum, _ currency: Currency) -> Int64? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return nil }
        if sum == .rows { return CellText.number(bytes.span, 0..<bytes.count).map(Int64.init) }
        return try? CellText.thousandths(bytes.span, currency, max: Int64.max / 10 - 1)
    }

    /// Thousandths of a minor unit in major units, with all decimals: `-0.30000`.
    private static func decimal(_ thousandths: Int64, _ currency: Currency) -> String {
        let scale = UInt64(currency.minorPerMajor * 1000)
        let fraction = String(thousandths.magnitude % scale)
        let zeros = String(repeating: "0", count: currency.digits + 3 - fraction.utf8.count)
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / scale).\(zeros)\(fraction)"
    }
}
