/// Cuts the bytes of a multipart body into parts, whatever the pieces they arrive in (RFC 2046, 5.1).
///
/// Feed bytes with ``feed(_:)`` and take events with ``next()`` until it returns nil, which asks for more bytes.
struct MultipartParser {
    enum Event: Equatable {
        case header([UInt8])
        case bytes([UInt8])
        case partEnd
        case end
    }

    /// The largest header of one part, in bytes.
    static let headerBytesMax = 8 * 1024
    /// The longest run of spaces and tabs after a boundary, in bytes.
    static let paddingBytesMax = 64

    private enum State {
        case preamble
        case afterDelimiter
        case header
        case body
        case epilogue
    }

    private static let lineEnd = Array("\r\n".utf8)
    private static let headerEnd = Array("\r\n\r\n".utf8)
    private static let closing = Array("--".utf8)

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// Bytes not yet given out; what lies before `start` is used up.
    private var window: [UInt8]
    private var start = 0

    init(boundary: [UInt8]) {
        delimiter = MultipartParser.lineEnd + MultipartParser.closing + boundary
        // The first boundary may stand at the very beginning, without a line end before it.
        window = MultipartParser.lineEnd
    }

    /// Whether the last boundary has been seen.
    var isComplete: Bool { state == .epilogue }

    mutating func feed(_ bytes: some Collection<UInt8>) {
        guard !isComplete else { return }
        window.removeFirst(start)
        start = 0
        window.append(contentsOf: bytes)
    }

    /// The next event, or nil when more bytes are needed.
    mutating func next() throws(RequestFault) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard let found = find(delimiter) else {
                    start = tailStart
                    return nil
                }
                start = found + delimiter.count
                state = .afterDelimiter
            case .afterDelimiter:
                guard try passedDelimiterLine() else { return nil }
                if isComplete { return .end }
            case .header: return try header()
            case .body: return body()
            case .epilogue: return nil
            }
        }
    }

    /// Reads what stands behind a boundary: `--`, or padding and a line end; false when more bytes are needed.
    private mutating func passedDelimiterLine() throws(RequestFault) -> Bool {
        let rest = window[start...]
        guard rest.count >= MultipartParser.closing.count else { return false }
        if rest.starts(with: MultipartParser.closing) {
            state = .epilogue
            return true
        }
        let line = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard line.startIndex - start <= MultipartParser.paddingBytesMax else { throw .malformed }
        guard line.count >= MultipartParser.lineEnd.count else { return false }
        guard line.starts(with: MultipartParser.lineEnd) else { throw .malformed }
        // The line end stays, so that a part without any header also ends with two line ends.
        start = line.startIndex
        state = .header
        return true
    }

    private mutating func header() throws(RequestFault) -> Event? {
        let found = find(MultipartParser.headerEnd)
        guard (found ?? window.count) - start <= MultipartParser.headerBytesMax else { throw .tooLarge }
        guard let found else { return nil }
        let header = Array(window[start..<found].dropFirst(MultipartParser.lineEnd.count))
        start = found + MultipartParser.headerEnd.count
        state = .body
        return .header(header)
    }

    private mutating func body() -> Event? {
        let found = find(delimiter)
        let end = found ?? tailStart
        if end > start {
            let bytes = Array(window[start..<end])
            start = end
            return .bytes(bytes)
        }
        guard found != nil else { return nil }
        start += delimiter.count
        state = .afterDelimiter
        return .partEnd
    }

    /// Where the bytes begin that could be the first part of a delimiter.
    private var tailStart: Int { max(start, window.count - delimiter.count + 1) }

    /// The position of some bytes at or after `start`.
    private func find(_ wanted: [UInt8]) -> Int? {
        guard let first = wanted.first else { return nil }
        var from = start
        while let candidate = window[from...].firstIndex(of: first), candidate + wanted.count <= window.count {
            if window[candidate..<candidate + wanted.count].elementsEqual(wanted) { return candidate }
            from = candidate + 1
        }
        return nil
    }
}
