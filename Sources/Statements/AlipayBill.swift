import RefundDomain

/// Reads the rows of Alipay's 业务明细, which is in yuan throughout.
///
/// The channel's pages show refunds with a minus and say nowhere that they always have it, so 业务类型 alone decides
/// and either sign is taken. So it is with 服务费: a payment costs it and a refund gives it back.
struct AlipayBill: Sendable {
    private let transactionNumber, orderNumber, kind, createdAt, completedAt, orderAmount, refundNumber, fee: Place
    private let cellCount: Int
    /// The account that the comments before the headings name (账号), which no row repeats; empty where none does.
    private let merchantNumber: String

    init(headings: [String], merchantNumber: String) throws(StatementFault) {
        let layout = try Layout(headings, named: AlipayColumn.named)
        let missing = AlipayColumn.needed.filter { layout.places[$0] == nil }
        guard missing.isEmpty else { throw .missingColumns(.alipayBill, missing.map(\.rawValue)) }
        func place(_ column: AlipayColumn) -> Place { layout.place(column, column.rawValue) }
        transactionNumber = place(.transactionNumber)
        orderNumber = place(.orderNumber)
        kind = place(.kind)
        createdAt = place(.createdAt)
        completedAt = place(.completedAt)
        orderAmount = place(.orderAmount)
        refundNumber = place(.refundNumber)
        fee = place(.fee)
        cellCount = layout.cellCount
        self.merchantNumber = merchantNumber
    }

    /// The merchant's number (PID) in `#账号：[20885012345678900156]`, without the four digits that make it the number
    /// of an account; nil in a comment that names none.
    static func account(in comment: String) -> String? {
        guard comment.hasPrefix("#账号") else { return nil }
        let digits = comment.drop { !isDigit($0) }.prefix(while: isDigit)
        guard (1...accountDigitsMax).contains(digits.count) else { return nil }
        let isAccount = digits.count == partnerDigits + 4 && digits.hasSuffix("0156")
        return String(isAccount ? digits.prefix(partnerDigits) : digits)
    }

    /// Digits of a merchant's own number, which begins with 2088.
    private static let partnerDigits = 16

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// Longest account number in the comments, in digits: a merchant's 16 and what an office may add.
    private static let accountDigitsMax = 32

    func row(_ csv: borrowing CSVReader) throws(LineFault) -> StatementRow {
        guard csv.surplusCells(beyond: cellCount) == 0 else {
            let reason = LineFault.Reason.cellCount(expected: cellCount, found: csv.cells.count)
            throw LineFault(line: csv.line, column: nil, reason: reason, excerpt: nil)
        }
        let isRefund = try csv.required(kind) { bytes throws(LineFault.Reason) in
            switch try CellText.words(bytes, max: Self.wordsMax) {
            case "交易": return false
            case "退款": return true
            default: throw .unknownWord(known: "交易, 退款")
            }
        }
        return isRefund ? .refund(try refund(csv)) : .payment(try payment(csv))
    }

    /// Longest 业务类型, in characters.
    private static let wordsMax = 32

    private func payment(_ csv: borrowing CSVReader) throws(LineFault) -> StatementPayment {
        let amount = try csv.required(orderAmount) { bytes throws(LineFault.Reason) in
            try CellText.money(bytes, .cny)
        }
        return StatementPayment(
            line: csv.line, merchantNumber: merchantNumber, channel: .alipay, paidAt: try time(csv),
            channelTransactionNumber: try transaction(csv), merchantOrderNumber: try code(csv, orderNumber),
            amount: amount, feeThousandths: try fee(csv))
    }

    private func refund(_ csv: borrowing CSVReader) throws(LineFault) -> StatementRefund {
        let amount = try csv.required(orderAmount) { bytes throws(LineFault.Reason) in
            try CellText.money(eitherSign: bytes, .cny)
        }
        guard let number = try code(csv, refundNumber) else { throw csv.fault(refundNumber, .missing) }
        return StatementRefund(
            line: csv.line, kind: .refund, status: .succeeded, merchantNumber: merchantNumber, channel: .alipay,
            refundedAt: try time(csv), refundNumber: number, channelTransactionNumber: try transaction(csv),
            merchantOrderNumber: try code(csv, orderNumber), amount: amount, feeReturnedThousandths: try fee(csv))
    }

    private func transaction(_ csv: borrowing CSVReader) throws(LineFault) -> String {
        guard let number = try code(csv, transactionNumber) else { throw csv.fault(transactionNumber, .missing) }
        return number
    }

    private func time(_ csv: borrowing CSVReader) throws(LineFault) -> LocalTime {
        if let time = try time(csv, completedAt) { return time }
        guard let time = try time(csv, createdAt) else { throw csv.fault(completedAt, .missing) }
        return time
    }

    private func time(_ csv: borrowing CSVReader, _ place: Place) throws(LineFault) -> LocalTime? {
        try csv.value(place) { bytes throws(LineFault.Reason) in try CellText.time(bytes) }
    }

    private func fee(_ csv: borrowing CSVReader) throws(LineFault) -> Int64 {
        try csv.value(fee) { bytes throws(LineFault.Reason) in abs(try CellText.thousandths(bytes, .cny)) } ?? 0
    }

    private func code(_ csv: borrowing CSVReader, _ place: Place) throws(LineFault) -> String? {
        try csv.value(place) { bytes throws(LineFault.Reason) in try CellText.code(bytes) }
    }
}
