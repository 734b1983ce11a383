/// Reads records of comma-separated values (RFC 4180) from UTF-8 bytes, one at a time, in memory that does not grow.
///
/// Lines end in LF or CRLF. A back-tick before each value, as WeChat Pay writes it, is understood too.
struct CSVReader: ~Copyable {
    /// The longest record, in bytes; real ones stay below 2 KiB.
    static let recordBytesMax = 64 * 1024
    /// Records and lines of one file.
    static let linesMax = 20_000_000
    /// Bytes of one file's text.
    static let textBytesMax: UInt64 = 16 << 30

    /// One step through the file.
    enum Step: Hashable {
        case record
        /// A record that cannot be read; the next step goes on behind its first line.
        case fault(LineFault)
        case end
    }

    private let decoder: TextDecoder
    /// The bytes that were read and not yet passed; only `start..<end` counts.
    private(set) var buffer = [UInt8](repeating: 0, count: ByteSource.blockBytes + recordBytesMax)
    private var start = 0
    private var end = 0
    private var sourceEnded = false
    private var bytesRead: UInt64 = 0
    private var nextLine = 1
    /// The cells of the current record, as ranges of ``buffer``.
    private(set) var cells: [CSVCell] = []
    /// The line on which the current record begins, counted from 1.
    private(set) var line = 0

    init(_ source: ByteSource) {
        decoder = TextDecoder(source)
    }

    /// Goes to the next record that is not blank.
    ///
    /// - Throws: ``StatementFault`` for what spoils the whole file.
    mutating func next() throws -> Step {
        while true {
            line = nextLine
            guard line <= Self.linesMax else { throw StatementFault.tooManyLines(max: Self.linesMax) }
            switch scan() {
            case .needsMore:
                if end - start > Self.recordBytesMax { return try skipLine(.lineTooLong(max: Self.recordBytesMax)) }
                try refill()
            case .none:
                return .end
            case .badQuotes:
                return try skipLine(.badQuotes)
            case .tooManyCells:
                return try skipLine(.tooManyCells(max: CSVScan.cellsMax))
            case .record(let size, let lines):
                guard size <= Self.recordBytesMax else {
                    return try skipLine(.lineTooLong(max: Self.recordBytesMax))
                }
                start += size
                nextLine += lines
                if cells.contains(where: { !$0.range.isEmpty }) { return .record }
            }
        }
    }

    /// Passes a line that begins with `#`, and blank lines before it; nil when the next line is a record.
    ///
    /// - Returns: the first ``commentBytesMax`` bytes of it.
    /// - Throws: ``StatementFault`` for what spoils the whole file.
    mutating func comment() throws -> String? {
        while true {
            guard nextLine <= Self.linesMax else { throw StatementFault.tooManyLines(max: Self.linesMax) }
            if start == end, !sourceEnded { try refill() }
            guard start < end else { return nil }
            switch buffer[start] {
            case UInt8(ascii: "\n"):
                start += 1
                nextLine += 1
            case UInt8(ascii: "\r"): start += 1
            case UInt8(ascii: "#"):
                while end - start < Self.commentBytesMax, !sourceEnded { try refill() }
                let text = buffer[start..<end].prefix(Self.commentBytesMax).prefix { $0 != UInt8(ascii: "\n") }
                try passLine()
                return String(decoding: text, as: UTF8.self)
            default: return nil
            }
        }
    }

    /// Bytes of a comment that are looked at.
    static let commentBytesMax = 512

    private mutating func scan() -> CSVScan {
        // Moved out and back, so that the bytes can be looked at while the cells are written.
        var found: [CSVCell] = []
        swap(&found, &cells)
        let result = CSVScan.record(buffer.span, start..<end, isLast: sourceEnded, into: &found)
        swap(&found, &cells)
        return result
    }

    private mutating func refill() throws {
        let kept = end - start
        let (first, free) = (start, ByteSource.blockBytes)
        do {
            let count = try buffer.withUnsafeMutableBytes { bytes in
                bytes.copyBytes(from: UnsafeRawBufferPointer(rebasing: bytes[first..<(first + kept)]))
                let room = UnsafeMutableRawBufferPointer(rebasing: bytes[kept...].prefix(free))
                return try decoder.read(into: room)
            }
            start = 0
            end = kept + count
            sourceEnded = count == 0
            bytesRead += UInt64(count)
        } catch let bad as BadCharacter {
            throw StatementFault.badCharacter(line: nextLine + lineEnds(start..<end), charset: bad.charset)
        }
        guard bytesRead <= Self.textBytesMax else { throw StatementFault.tooLarge(bytesMax: Self.textBytesMax) }
    }

    /// Gives a fault up and passes the rest of its first line, however long that is.
    private mutating func skipLine(_ reason: LineFault.Reason) throws -> Step {
        let fault = LineFault(line: line, column: nil, reason: reason, excerpt: nil)
        try passLine()
        return .fault(fault)
    }

    private mutating func passLine() throws {
        while true {
            if let lineEnd = buffer[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
                start = lineEnd + 1
                nextLine += 1
                return
            }
            start = end
            if sourceEnded { return }
            try refill()
        }
    }

    private func lineEnds(_ range: Range<Int>) -> Int {
        buffer[range].count { $0 == UInt8(ascii: "\n") }
    }
}
