public import RefundDomain

/// Reads a bank's or an acquirer's file about orders of a batch: comma-separated values with a line of headings,
/// English or Chinese, in any order; lines that begin with `#` are passed (`docs/guides/manual-channel.md`).
public enum BankAnswerFile {
    /// The columns; a raw value is the English heading.
    enum Column: String, CaseIterable, Sendable {
        case refundNumber = "refund_no"
        case amount
        case result
        case reference = "bank_reference"
        case paidOn = "paid_on"
        case reason

        static func named(_ heading: String) -> Column? {
            Column(rawValue: heading.lowercased()) ?? chinese[heading]
        }

        static let needed: [Column] = [.refundNumber, .amount, .result]

        private static let chinese: [String: Column] = [
            "退款单号": .refundNumber, "退款编号": .refundNumber, "客户流水号": .refundNumber, "附言": .refundNumber,
            "金额": .amount, "转账金额": .amount, "退款金额": .amount, "交易金额": .amount,
            "结果": .result, "处理结果": .result, "交易状态": .result, "状态": .result,
            "银行流水号": .reference, "交易流水号": .reference, "回单编号": .reference, "凭证号": .reference,
            "日期": .paidOn, "交易日期": .paidOn, "转账日期": .paidOn, "退款日期": .paidOn,
            "原因": .reason, "失败原因": .reason,
        ]
    }

    /// Why a file cannot be read; none of it counts then.
    public enum Fault: Error, Sendable, Hashable {
        /// The file as a whole: its character set, its size, its packing.
        case file(StatementFault)
        /// The headings lack these.
        case missingColumns([String])
        case line(LineFault)
    }

    /// Longest word for a result, and reason, in characters.
    static let wordsMax = 64

    /// The lines of a file that say how an order ended; those without a result are passed, because nobody has said
    /// anything of them yet.
    ///
    /// - Throws: ``Fault``.
    public static func read(_ bytes: [UInt8], currency: Currency) throws(Fault) -> [BankAnswerLine] {
        do {
            return try lines(.bytes(bytes), currency)
        } catch let fault as Fault {
            throw fault
        } catch let fault as LineFault {
            throw .line(fault)
        } catch let fault as StatementFault {
            throw .file(fault)
        } catch {
            throw .file(.unknownFormat)
        }
    }

    private static func lines(_ source: ByteSource, _ currency: Currency) throws -> [BankAnswerLine] {
        var csv = CSVReader(source)
        guard try advance(&csv) else { throw StatementFault.empty }
        let layout = try Layout(csv.texts(), named: Column.named)
        let missing = Column.needed.filter { layout.places[$0] == nil }
        guard missing.isEmpty else { throw Fault.missingColumns(missing.map(\.rawValue)) }
        var found: [BankAnswerLine] = []
        while try advance(&csv) {
            if let line = try line(csv, layout, currency) { found.append(line) }
        }
        return found
    }

    /// Goes to the next line that is no comment; false at the end.
    private static func advance(_ csv: inout CSVReader) throws -> Bool {
        while try csv.comment() != nil {}
        switch try csv.next() {
        case .record: return true
        case .fault(let fault): throw fault
        case .end: return false
        }
    }

    private static func line(
        _ csv: borrowing CSVReader, _ layout: Layout<Column>, _ currency: Currency
    ) throws(LineFault) -> BankAnswerLine? {
        func place(_ column: Column) -> Place { layout.place(column, column.rawValue) }
        let result = try csv.value(place(.result)) { bytes throws(LineFault.Reason) in
            guard let result = words[try CellText.words(bytes, max: wordsMax).lowercased()] else {
                throw .unknownWord(known: known)
            }
            return result
        }
        guard let result else { return nil }
        let number = try csv.required(place(.refundNumber)) { bytes throws(LineFault.Reason) in
            try CellText.code(bytes)
        }
        let amount = try csv.required(place(.amount)) { bytes throws(LineFault.Reason) in
            try CellText.money(bytes, currency)
        }
        let reference = try csv.value(place(.reference)) { bytes throws(LineFault.Reason) in
            try CellText.code(bytes)
        }
        if result == .paid, reference == nil { throw csv.fault(place(.reference), .missing) }
        return BankAnswerLine(
            line: csv.line, refundNumber: number, amount: amount, result: result, reference: reference,
            paidOn: try csv.value(place(.paidOn)) { bytes throws(LineFault.Reason) in try CellText.day(bytes) },
            reason: try csv.value(place(.reason)) { bytes throws(LineFault.Reason) in
                try CellText.words(bytes, max: wordsMax)
            })
    }

    private static let known = "paid/成功, failed/失败"

    private static let words: [String: PayoutResult] = [
        "paid": .paid, "success": .paid, "succeeded": .paid, "成功": .paid, "交易成功": .paid, "转账成功": .paid,
        "已退款": .paid, "退款成功": .paid, "已入账": .paid,
        "failed": .failed, "failure": .failed, "失败": .failed, "交易失败": .failed, "转账失败": .failed,
        "退款失败": .failed, "已退汇": .failed, "退汇": .failed,
    ]
}

extension BankAnswerFile.Fault: CustomStringConvertible {
    /// What is wrong, in English.
    public var description: String {
        switch self {
        case .file(let fault): fault.description
        case .missingColumns(let names): "the columns \(names.joined(separator: ", ")) are missing"
        case .line(let fault): fault.description
        }
    }
}
