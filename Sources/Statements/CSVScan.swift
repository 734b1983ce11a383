/// Where one value stands in a buffer.
struct CSVCell: Hashable {
    let range: Range<Int>
    /// Whether it was quoted and has quotes inside, each written twice.
    let hasDoubledQuotes: Bool
}

/// Finds the cells of one record in bytes, without copying any.
enum CSVScan: Hashable {
    /// A record of so many bytes and lines, its line end included.
    case record(size: Int, lines: Int)
    /// The bytes end inside the record.
    case needsMore
    /// There are no bytes left.
    case none
    case badQuotes
    case tooManyCells

    /// Cells of one record; real statements have fewer than 60.
    static let cellsMax = 256

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let backTick = UInt8(ascii: "`")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    static func record(
        _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, isLast: Bool, into cells: inout [CSVCell]
    ) -> CSVScan {
        cells.removeAll(keepingCapacity: true)
        guard !range.isEmpty else { return isLast ? .none : .needsMore }
        // After a back-tick a comma is part of the value unless the next value's back-tick follows it: WeChat Pay
        // writes goods' names as they are.
        let ticked = bytes[range.lowerBound] == backTick
        var at = range.lowerBound
        var lines = 1
        while true {
            guard cells.count < cellsMax else { return .tooManyCells }
            let isQuoted = !ticked && at < range.upperBound && bytes[at] == quote
            let cell: CSVCell
            if isQuoted {
                guard let found = quotedCell(bytes, at..<range.upperBound, &lines) else {
                    return isLast ? .badQuotes : .needsMore
                }
                cell = found
                at = cell.range.upperBound + 1
                if at < range.upperBound, bytes[at] == carriageReturn { at += 1 }
            } else {
                let end = cellEnd(bytes, at..<range.upperBound, ticked: ticked)
                let closesLine = end == range.upperBound || bytes[end] == lineFeed
                let hasReturn = closesLine && end > at && bytes[end - 1] == carriageReturn
                cell = CSVCell(range: at..<(hasReturn ? end - 1 : end), hasDoubledQuotes: false)
                at = end
            }
            if at >= range.upperBound, !isLast { return .needsMore }
            cells.append(cell)
            if at >= range.upperBound { return .record(size: range.count, lines: lines) }
            if bytes[at] == lineFeed { return .record(size: at + 1 - range.lowerBound, lines: lines) }
            guard bytes[at] == comma else { return .badQuotes }
            at += 1
        }
    }

    /// The first comma that separates, the line's end or the end of the bytes.
    private static func cellEnd(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>, ticked: Bool) -> Int {
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = bytes[at]
            if byte == lineFeed { return at }
            if byte == comma, !ticked || (at + 1 < range.upperBound && bytes[at + 1] == backTick) { return at }
            at += 1
        }
        return at
    }

    /// The cell between two quotes, nil when the second is missing.
    private static func quotedCell(
        _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, _ lines: inout Int
    ) -> CSVCell? {
        var at = range.lowerBound + 1
        var doubled = false
        while at < range.upperBound {
            let byte = bytes[at]
            if byte == quote {
                guard at + 1 < range.upperBound, bytes[at + 1] == quote else {
                    return CSVCell(range: (range.lowerBound + 1)..<at, hasDoubledQuotes: doubled)
                }
                doubled = true
                at += 1
            } else if byte == lineFeed {
                lines += 1
            }
            at += 1
        }
        return nil
    }
}
