/// Gives the lines of a source as bytes, whatever their character set, in memory that does not grow.
///
/// Lines end in LF or CRLF; neither byte is ever the second half of a character in GBK.
struct LineReader {
    /// The longest line, in bytes.
    static let lineBytesMax = 64 * 1024

    enum Step: Hashable {
        case line
        /// A line that is longer than ``lineBytesMax``; the next step goes on behind it.
        case tooLong
        case end
    }

    private let source: ByteSource
    private var buffer = [UInt8](repeating: 0, count: ByteSource.blockBytes + lineBytesMax)
    private var start = 0
    private var end = 0
    private var sourceEnded = false
    private var bytesRead: UInt64 = 0
    /// The number of the current line, counted from 1.
    private(set) var number = 0
    /// Where the current line stands in ``buffer``, without its end.
    private var current = 0..<0

    init(_ source: ByteSource) {
        self.source = source
    }

    /// The bytes of the current line, without its end.
    var line: ArraySlice<UInt8> { buffer[current] }

    /// Goes to the next line.
    ///
    /// - Throws: ``StatementFault`` for what spoils the whole file; what the source throws.
    mutating func next() throws -> Step {
        guard number < CSVReader.linesMax else { throw StatementFault.tooManyLines(max: CSVReader.linesMax) }
        number += 1
        var isTooLong = false
        while true {
            if let lineEnd = buffer[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
                take(start..<lineEnd)
                start = lineEnd + 1
                return isTooLong || current.count > Self.lineBytesMax ? .tooLong : .line
            }
            if sourceEnded {
                guard start < end || isTooLong else { return .end }
                take(start..<end)
                start = end
                return isTooLong ? .tooLong : .line
            }
            if end - start > Self.lineBytesMax {
                isTooLong = true
                start = end
            }
            try refill()
        }
    }

    private mutating func take(_ range: Range<Int>) {
        let hasReturn = buffer[range].last == UInt8(ascii: "\r")
        current = range.lowerBound..<(range.upperBound - (hasReturn ? 1 : 0))
    }

    private mutating func refill() throws {
        let kept = start..<end
        let count = try buffer.withUnsafeMutableBytes { bytes in
            bytes.copyBytes(from: UnsafeRawBufferPointer(rebasing: bytes[kept]))
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[kept.count...].prefix(ByteSource.blockBytes))
            return try source.read(room)
        }
        start = 0
        end = kept.count + count
        sourceEnded = count == 0
        bytesRead += UInt64(count)
        guard bytesRead <= CSVReader.textBytesMax else {
            throw StatementFault.tooLarge(bytesMax: CSVReader.textBytesMax)
        }
    }
}
