import RefundDomain

/// Reads the rows of WeChat Pay's 交易账单: the whole bill, the one of payments or the one of refunds.
///
/// A row with a 微信退款单号 or 商户退款单号 is a refund. So is one whose 交易状态 is REVOKED: the cashier took the
/// payment back, by its 退款金额, or whole where that is zero.
struct WechatBill: Sendable {
    private let time, refundAppliedAt, merchantNumber, subMerchantNumber, transactionNumber, orderNumber: Place
    private let state, bank, currency, channelRefundNumber, refundNumber, refundState: Place
    private let settledAmount, refundAmount, couponRefundAmount, fee, orderAmount, appliedRefundAmount: Place
    private let cellCount: Int
    /// Whether it is the whole bill or the one of refunds, and not the one of payments.
    let hasRefunds: Bool

    init(headings: [String]) throws(StatementFault) {
        let layout = try Layout(headings, named: WechatColumn.named)
        hasRefunds = WechatColumn.neededForRefunds.contains { layout.places[$0] != nil }
        let needed = WechatColumn.needed + (hasRefunds ? WechatColumn.neededForRefunds : [])
        let missing = needed.filter { layout.places[$0] == nil }
        guard missing.isEmpty else { throw .missingColumns(.wechatBill, missing.map(\.rawValue)) }
        func place(_ column: WechatColumn) -> Place { layout.place(column, column.rawValue) }
        time = place(.time)
        refundAppliedAt = place(.refundAppliedAt)
        merchantNumber = place(.merchantNumber)
        subMerchantNumber = place(.subMerchantNumber)
        transactionNumber = place(.transactionNumber)
        orderNumber = place(.orderNumber)
        state = place(.state)
        bank = place(.bank)
        currency = place(.currency)
        channelRefundNumber = place(.channelRefundNumber)
        refundNumber = place(.refundNumber)
        refundState = place(.refundState)
        settledAmount = place(.settledAmount)
        refundAmount = place(.refundAmount)
        couponRefundAmount = place(.couponRefundAmount)
        fee = place(.fee)
        orderAmount = place(.orderAmount)
        appliedRefundAmount = place(.appliedRefundAmount)
        cellCount = layout.cellCount
    }

    /// One row; its amounts count for the sums even when something else on the line is wrong.
    ///
    /// - Throws: ``LineFault``; ``StatementFault`` when a sum grows too large.
    func row(_ csv: borrowing CSVReader, _ sums: inout WechatSums) throws -> StatementRow {
        let amounts: WechatAmounts
        do {
            guard csv.cells.count == cellCount else {
                let reason = LineFault.Reason.cellCount(expected: cellCount, found: csv.cells.count)
                throw LineFault(line: csv.line, column: nil, reason: reason, excerpt: nil)
            }
            amounts = try self.amounts(csv, sums.currency)
        } catch {
            sums.skip()
            throw error
        }
        try sums.add(amounts)
        let channelRefundNumber = try number(csv, channelRefundNumber)
        let refundNumber = try number(csv, refundNumber)
        let isRevoked = try csv.required(state) { bytes throws(LineFault.Reason) in
            try WechatWord.isRevoked(CellText.code(bytes))
        }
        guard isRevoked || channelRefundNumber != nil || refundNumber != nil else {
            return .payment(try payment(csv, amounts))
        }
        return .refund(try refund(csv, amounts, isRevoked ? .void : .refund, channelRefundNumber, refundNumber))
    }

    private func amounts(
        _ csv: borrowing CSVReader, _ expected: Currency?
    ) throws(LineFault) -> WechatAmounts {
        let currency = try csv.required(currency) { bytes throws(LineFault.Reason) in try CellText.currency(bytes) }
        if let expected, expected != currency {
            throw csv.fault(self.currency, .otherCurrency(expected: expected.code))
        }
        func amount(_ place: Place) throws(LineFault) -> Int64 {
            try csv.value(place) { bytes throws(LineFault.Reason) in
                try CellText.thousandths(bytes, currency)
            } ?? 0
        }
        return WechatAmounts(
            currency: currency, settled: try amount(settledAmount), refund: try amount(refundAmount),
            couponRefund: try amount(couponRefundAmount), fee: try amount(fee), order: try amount(orderAmount),
            appliedRefund: try amount(appliedRefundAmount))
    }

    private func payment(_ csv: borrowing CSVReader, _ amounts: WechatAmounts) throws(LineFault) -> StatementPayment {
        guard amounts.fee >= 0 else { throw csv.fault(fee, .amount(.negative)) }
        return StatementPayment(
            line: csv.line, merchantNumber: try merchant(csv), channel: .wechatPay, paidAt: try time(csv, time),
            card: try card(csv), channelTransactionNumber: try transaction(csv),
            merchantOrderNumber: try number(csv, orderNumber),
            amount: try whole(csv, orderAmount, amounts.order, amounts.currency), feeThousandths: amounts.fee)
    }

    private func refund(
        _ csv: borrowing CSVReader, _ amounts: WechatAmounts, _ kind: StatementRefund.Kind,
        _ channelRefundNumber: String?, _ refundNumber: String?
    ) throws(LineFault) -> StatementRefund {
        let stated = amounts.appliedRefund != 0 ? amounts.appliedRefund : amounts.refund
        let given = kind == .void && stated == 0 ? amounts.order : stated
        let appliedAt = try csv.value(refundAppliedAt) { bytes throws(LineFault.Reason) in try CellText.time(bytes) }
        let status = try csv.value(refundState) { bytes throws(LineFault.Reason) in
            try WechatWord.status(CellText.code(bytes))
        }
        let paidAt = try time(csv, time)
        return StatementRefund(
            line: csv.line, kind: kind, status: status ?? .succeeded, merchantNumber: try merchant(csv),
            channel: .wechatPay, refundedAt: appliedAt ?? paidAt, card: try card(csv),
            refundNumber: refundNumber, channelRefundNumber: channelRefundNumber,
            channelTransactionNumber: try transaction(csv), merchantOrderNumber: try number(csv, orderNumber),
            amount: try whole(csv, refundAmount, given, amounts.currency), feeReturnedThousandths: abs(amounts.fee))
    }

    private func transaction(_ csv: borrowing CSVReader) throws(LineFault) -> String {
        try csv.required(transactionNumber) { bytes throws(LineFault.Reason) in try CellText.code(bytes) }
    }

    /// A service provider's bill names the shop itself as 特约商户号; that is whose payment it is.
    private func merchant(_ csv: borrowing CSVReader) throws(LineFault) -> String {
        if let shop = try number(csv, subMerchantNumber) { return shop }
        guard let merchant = try number(csv, merchantNumber) else { throw csv.fault(merchantNumber, .missing) }
        return merchant
    }

    /// A number where `0` means none.
    private func number(_ csv: borrowing CSVReader, _ place: Place) throws(LineFault) -> String? {
        let number = try csv.value(place) { bytes throws(LineFault.Reason) in try CellText.code(bytes) }
        return number == "0" ? nil : number
    }

    private func time(_ csv: borrowing CSVReader, _ place: Place) throws(LineFault) -> LocalTime {
        try csv.required(place) { bytes throws(LineFault.Reason) in try CellText.time(bytes) }
    }

    private func card(_ csv: borrowing CSVReader) throws(LineFault) -> StatementCard {
        try csv.value(bank) { bytes throws(LineFault.Reason) in
            try WechatWord.card(CellText.code(bytes))
        } ?? StatementCard()
    }

    private func whole(
        _ csv: borrowing CSVReader, _ place: Place, _ thousandths: Int64, _ currency: Currency
    ) throws(LineFault) -> Money {
        do throws(LineFault.Reason) {
            return try CellText.money(thousandths: thousandths, currency)
        } catch {
            throw csv.fault(place, error)
        }
    }
}

/// The words of WeChat Pay's bill.
enum WechatWord {
    static func isRevoked(_ state: String) throws(LineFault.Reason) -> Bool {
        switch state {
        case "SUCCESS", "REFUND": return false
        case "REVOKED": return true
        default: throw .unknownWord(known: "SUCCESS, REFUND, REVOKED")
        }
    }

    static func status(_ state: String) throws(LineFault.Reason) -> StatementRefund.Status {
        switch state {
        case "SUCCESS": return .succeeded
        case "PROCESSING": return .processing
        case "FAIL": return .failed
        case "CHANGE": return .abnormal
        default: throw .unknownWord(known: "SUCCESS, PROCESSING, FAIL, CHANGE")
        }
    }

    /// `CMB_CREDIT` is a credit card of CMB; `OTHERS` says nothing, `CFT` is the wallet's own balance.
    static func card(_ bank: String) -> StatementCard {
        if bank == "OTHERS" { return StatementCard() }
        for (ending, kind) in [("_CREDIT", CardKind.credit), ("_DEBIT", .debit)] where bank.hasSuffix(ending) {
            return StatementCard(kind: kind, issuer: String(bank.dropLast(ending.count)))
        }
        return StatementCard(issuer: bank)
    }
}
