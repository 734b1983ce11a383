public import RefundDomain

/// What a statement's rows come to, in one currency.
public struct StatementSums: Sendable, Hashable {
    public let currency: Currency
    public var payments = 0
    public var refunds = 0
    /// What was paid, in minor units.
    public var paidMinor: Int64 = 0
    /// What went back, in minor units, whatever became of it.
    public var refundedMinor: Int64 = 0
    /// Fees of the payments, in thousandths of a minor unit.
    public var feeThousandths: Int64 = 0
}

/// What was read of a statement up to now.
public struct StatementSummary: Sendable, Hashable {
    /// Rows seen, bad ones among them.
    public private(set) var read = 0
    /// Lines that cannot be taken.
    public private(set) var bad = 0
    /// One entry a currency, in the order in which they turned up.
    public private(set) var sums: [StatementSums] = []

    public init() {}

    mutating func count(_ item: StatementItem) throws(StatementFault) {
        read += 1
        switch item {
        case .fault: bad += 1
        case .row(.payment(let payment)):
            let place = place(of: payment.amount.currency)
            sums[place].payments += 1
            try Self.add(payment.amount.minor, to: &sums[place].paidMinor)
            try Self.add(payment.feeThousandths, to: &sums[place].feeThousandths)
        case .row(.refund(let refund)):
            let place = place(of: refund.amount.currency)
            sums[place].refunds += 1
            try Self.add(refund.amount.minor, to: &sums[place].refundedMinor)
        }
    }

    private mutating func place(of currency: Currency) -> Int {
        if let place = sums.firstIndex(where: { $0.currency == currency }) { return place }
        sums.append(StatementSums(currency: currency))
        return sums.count - 1
    }

    private static func add(_ value: Int64, to total: inout Int64) throws(StatementFault) {
        let (result, overflows) = total.addingReportingOverflow(value)
        guard !overflows else { throw .sumTooLarge(name: "amount") }
        total = result
    }
}
