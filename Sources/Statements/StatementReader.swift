public import RefundDomain

/// One step through a statement: a row that can be taken, or a line that cannot.
public enum StatementItem: Sendable, Hashable {
    case row(StatementRow)
    case fault(LineFault)
}

/// Reads a statement row by row, in memory that does not grow with the file.
///
/// Gzip, ZIP, the character set and the format are recognised from the content. The reader blocks while its source
/// does, so it belongs on a thread of its own.
public struct StatementReader: ~Copyable {
    /// The format that was recognised or asked for.
    public let format: StatementFormat
    /// What was read up to now.
    public private(set) var summary = StatementSummary()
    /// Whether every refund of its days is in the file: not in WeChat Pay's bill of payments, and not in a list of
    /// terminals, which knows nothing of refunds that were made elsewhere.
    public let tellsOfRefunds: Bool
    // Exactly one of the two is there.
    private var table: TableReader?
    private var fixed: UnionPayZM?

    /// Reads the line of headings, where the format has one.
    ///
    /// - Parameters:
    ///   - format: what the file must be; nil to find out.
    ///   - currency: the currency of rows that name none.
    ///   - today: the latest day of a row whose year the file does not tell.
    /// - Throws: ``StatementFault`` when the file is none that can be read; what the source throws.
    public init(
        _ source: ByteSource, format wanted: StatementFormat? = nil, currency: Currency = .cny, today: Day
    ) throws {
        let (start, whole) = try Self.unpacked(source).peeked(ZMLayout.startBytes)
        if wanted == .unionpayZM || (wanted == nil && ZMLayout.begins(start)) {
            guard !start.isEmpty else { throw StatementFault.empty }
            format = .unionpayZM
            tellsOfRefunds = true
            fixed = UnionPayZM(whole, today: today)
            table = nil
        } else {
            let reader = try TableReader(whole, format: wanted, currency: currency)
            format = reader.format
            tellsOfRefunds = reader.tellsOfRefunds
            table = consume reader
        }
    }

    /// The source without its packing, if it has one.
    private static func unpacked(_ source: ByteSource) throws -> ByteSource {
        let (start, whole) = try source.peeked(4)
        if start.starts(with: Gunzip.magic) { return try Gunzip.source(whole) }
        return Unzip.magics.contains(start) ? try Unzip.source(whole) : whole
    }

    /// The next row or bad line; nil at the end, when the file's own sums have been found right.
    ///
    /// - Throws: ``StatementFault`` when the whole file is spoiled: what was read before must not be kept then.
    public mutating func next() throws -> StatementItem? {
        guard let item = try table?.next() ?? fixed?.next() else { return nil }
        try summary.count(item)
        return item
    }
}
