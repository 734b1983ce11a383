import RefundDomain

/// Reads a statement that is a table with a line of headings.
struct TableReader: ~Copyable {
    let format: StatementFormat
    private let rows: Rows
    private var csv: CSVReader
    private var wechatSums = WechatSums()
    private var isAtEnd = false

    private enum Rows {
        case pos(PosCSV)
        case wechat(WechatBill)
        case alipay(AlipayBill)
    }

    /// Reads the line of headings, and the comments before it that Alipay's bill has.
    ///
    /// - Throws: ``StatementFault`` when the file is none that can be read; what the source throws.
    init(_ source: ByteSource, format wanted: StatementFormat?, currency: Currency) throws {
        var csv = CSVReader(source)
        var account = ""
        while let comment = try csv.comment() {
            account = AlipayBill.account(in: comment) ?? account
        }
        switch try csv.next() {
        case .record: break
        case .fault: throw StatementFault.unknownFormat
        case .end: throw StatementFault.empty
        }
        let headings = csv.texts()
        guard let format = wanted ?? StatementFormat.recognised(in: headings) else {
            throw StatementFault.unknownFormat
        }
        switch format {
        case .posCSV: rows = .pos(try PosCSV(headings: headings, currency: currency))
        case .wechatBill: rows = .wechat(try WechatBill(headings: headings))
        case .alipayBill: rows = .alipay(try AlipayBill(headings: headings, merchantNumber: account))
        // It has no headings, and was looked for before.
        case .unionpayZM: throw StatementFault.unknownFormat
        }
        self.format = format
        self.csv = csv
    }

    /// Whether every refund of its days is in the file.
    var tellsOfRefunds: Bool {
        switch rows {
        case .pos: false
        case .wechat(let bill): bill.hasRefunds
        case .alipay: true
        }
    }

    /// The next row or bad line; nil at the end, when the file's own sums have been found right.
    ///
    /// - Throws: ``StatementFault`` when the whole file is spoiled.
    mutating func next() throws -> StatementItem? {
        guard !isAtEnd else { return nil }
        if case .alipay = rows {
            while try csv.comment() != nil {}
        }
        switch try csv.next() {
        case .record: return try record()
        case .fault(let fault):
            wechatSums.skip()
            return .fault(fault)
        case .end:
            // A bill's end is where its sums are, not where its bytes are.
            if case .wechat = rows { throw StatementFault.missingSummary }
            isAtEnd = true
            return nil
        }
    }

    private mutating func record() throws -> StatementItem? {
        if case .wechat = rows, csv.begins(with: WechatSum.rows.rawValue) {
            try endOfBill()
            return nil
        }
        do {
            switch rows {
            case .pos(let pos): return .row(try pos.row(csv))
            case .wechat(let bill): return .row(try bill.row(csv, &wechatSums))
            case .alipay(let bill): return .row(try bill.row(csv))
            }
        } catch let fault as LineFault {
            return .fault(fault)
        }
    }

    /// Reads the two lines of sums that end a bill, and that nothing follows.
    private mutating func endOfBill() throws {
        let headings = csv.texts()
        guard try csv.next() == .record else { throw StatementFault.missingSummary }
        try wechatSums.check(headings: headings, values: csv.texts(), line: csv.line)
        guard try csv.next() == .end else { throw StatementFault.afterSummary(line: csv.line) }
        isAtEnd = true
    }
}
