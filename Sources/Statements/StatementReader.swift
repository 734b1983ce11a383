public import RefundDomain

/// One step through a statement: a row that can be taken, or a line that cannot.
public enum StatementItem: Sendable, Hashable {
    case row(StatementRow)
    case fault(LineFault)
}

/// Reads a statement row by row, in memory that does not grow with the file.
///
/// Gzip, the character set and the format are recognised from the content. The reader blocks while its source does,
/// so it belongs on a thread of its own.
public struct StatementReader: ~Copyable {
    /// The format that was recognised or asked for.
    public let format: StatementFormat
    /// What was read up to now.
    public private(set) var summary = StatementSummary()
    private let rows: Rows
    private var csv: CSVReader
    private var wechatSums = WechatSums()
    private var isAtEnd = false

    private enum Rows {
        case pos(PosCSV)
        case wechat(WechatBill)
    }

    /// Reads the line of headings.
    ///
    /// - Parameters:
    ///   - format: what the file must be; nil to find out.
    ///   - currency: the currency of rows that name none.
    /// - Throws: ``StatementFault`` when the file is none that can be read; what the source throws.
    public init(
        _ source: ByteSource, format wanted: StatementFormat? = nil, currency: Currency = .cny
    ) throws {
        var csv = CSVReader(try Self.unpacked(source))
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
        }
        self.format = format
        self.csv = csv
    }

    /// The source without its gzip packing, if it has one.
    private static func unpacked(_ source: ByteSource) throws -> ByteSource {
        let (start, whole) = try source.peeked(4)
        if start.starts(with: Gunzip.magic) { return try Gunzip.source(whole) }
        if start.starts(with: Array("PK\u{3}\u{4}".utf8)) { throw StatementFault.container("a ZIP archive") }
        return whole
    }

    /// The character set, as far as what was read up to now tells.
    public var charset: Charset { csv.charset }

    /// The next row or bad line; nil at the end, when the file's own sums have been found right.
    ///
    /// - Throws: ``StatementFault`` when the whole file is spoiled: what was read before must not be kept then.
    public mutating func next() throws -> StatementItem? {
        guard !isAtEnd else { return nil }
        switch try csv.next() {
        case .record: return try record()
        case .fault(let fault):
            wechatSums.skip()
            return try counted(.fault(fault))
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
            case .pos(let pos): return try counted(.row(pos.row(csv)))
            case .wechat(let bill): return try counted(.row(bill.row(csv, &wechatSums)))
            }
        } catch let fault as LineFault {
            return try counted(.fault(fault))
        }
    }

    private mutating func counted(_ item: StatementItem) throws -> StatementItem {
        try summary.count(item)
        return item
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
