import Glibc

/// The character set of a statement.
public enum Charset: String, Sendable, Hashable, CaseIterable {
    case utf8 = "UTF-8"
    /// The Chinese national standard, which holds all of GBK and GB 2312.
    case gb18030 = "GB18030"
}

extension Charset {
    /// A file's name in an archive, which says nothing of its character set: UTF-8 where it is that, else GB18030.
    static func name(_ bytes: [UInt8]) -> String {
        if let name = String(validating: bytes, as: UTF8.self) { return name }
        guard let converter = try? GB18030Converter() else { return String(decoding: bytes, as: UTF8.self) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count * 2)
        let written = input.withUnsafeMutableBytes { input in
            output.withUnsafeMutableBytes { converter.convert(input, into: $0).written }
        }
        return String(decoding: output.prefix(written), as: UTF8.self)
    }
}

/// Bytes that are no character of the file's character set; the line is known to who reads lines.
struct BadCharacter: Error, Hashable {
    let charset: Charset
}

/// Turns the bytes of a statement into UTF-8, strictly, and finds out what they are.
///
/// A byte order mark decides. Else the first line decides when it has anything but ASCII, because Chinese headings in
/// GB18030 are never well-formed UTF-8; else the first block that has. Bytes that fit neither are read as UTF-8, so
/// that the fault names their line.
final class TextDecoder {
    private let source: ByteSource
    private var input = [UInt8](repeating: 0, count: ByteSource.blockBytes)
    private var waiting = 0..<0
    private var ended = false
    private var atStart = true
    private var converter: GB18030Converter?
    /// Nil while nothing but ASCII was seen.
    private(set) var charset: Charset?

    init(_ source: ByteSource) {
        self.source = source
    }

    /// Gives whole characters as UTF-8; 0 means the end.
    ///
    /// - Throws: ``BadCharacter`` when all before the bad bytes has been given.
    func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        if waiting.count < Self.sequenceBytesMax, !ended { try refill() }
        guard !waiting.isEmpty else { return 0 }
        switch charset {
        case .none, .utf8: return try copyUTF8(into: output)
        case .gb18030: return try convert(into: output)
        }
    }

    /// The longest sequence of either character set, in bytes.
    private static let sequenceBytesMax = 4

    private func refill() throws {
        let kept = waiting
        let count = try input.withUnsafeMutableBytes { bytes in
            bytes.copyBytes(from: UnsafeRawBufferPointer(rebasing: bytes[kept]))
            return try source.fill(UnsafeMutableRawBufferPointer(rebasing: bytes[kept.count...]))
        }
        ended = count < input.count - kept.count
        waiting = 0..<(kept.count + count)
        if charset == nil { try decide() }
        atStart = false
    }

    private func decide() throws {
        let block = input[waiting]
        if atStart {
            if block.starts(with: [0xFF, 0xFE]) || block.starts(with: [0xFE, 0xFF]) { throw StatementFault.utf16 }
            if block.starts(with: [0xEF, 0xBB, 0xBF]) {
                waiting = 3..<waiting.upperBound
                charset = .utf8
                return
            }
        }
        let firstLine = block.prefix { $0 != UInt8(ascii: "\n") }
        if atStart, firstLine.contains(where: { $0 >= 0x80 }) {
            charset = isUTF8(firstLine) ? .utf8 : .gb18030
        } else if block.contains(where: { $0 >= 0x80 }) {
            charset = !isUTF8(block) && GB18030Converter.accepts(block) ? .gb18030 : .utf8
        }
        if charset == .gb18030 { converter = try GB18030Converter() }
    }

    private func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { UTF8Check($0).end != .bad }
    }

    private func copyUTF8(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        let check = input.withUnsafeBytes { bytes in
            let check = UTF8Check(UnsafeRawBufferPointer(rebasing: bytes[waiting].prefix(output.count)))
            let good = waiting.lowerBound..<(waiting.lowerBound + check.good)
            output.copyBytes(from: UnsafeRawBufferPointer(rebasing: bytes[good]))
            return check
        }
        guard check.good > 0 else { throw BadCharacter(charset: .utf8) }
        waiting = (waiting.lowerBound + check.good)..<waiting.upperBound
        return check.good
    }

    private func convert(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let converter else { throw StatementFault.charsetMissing(.gb18030) }
        let (used, written) = input.withUnsafeMutableBytes { bytes in
            converter.convert(UnsafeMutableRawBufferPointer(rebasing: bytes[waiting]), into: output)
        }
        guard written > 0 else { throw BadCharacter(charset: .gb18030) }
        waiting = (waiting.lowerBound + used)..<waiting.upperBound
        return written
    }
}

/// Owns one converter of the C library.
private final class GB18030Converter {
    private let handle: iconv_t

    init() throws {
        guard let handle = iconv_open("UTF-8", "GB18030"), Int(bitPattern: handle) != -1 else {
            throw StatementFault.charsetMissing(.gb18030)
        }
        self.handle = handle
    }

    deinit {
        iconv_close(handle)
    }

    /// Whether bytes are GB18030, but for a sequence that is cut off at their end.
    static func accepts(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let converter = try? GB18030Converter() else { return false }
        var copy = Array(bytes)
        var text = [UInt8](repeating: 0, count: copy.count * 2)
        let used = copy.withUnsafeMutableBytes { copy in
            text.withUnsafeMutableBytes { converter.convert(copy, into: $0).used }
        }
        return bytes.count - used < 4
    }

    /// Converts whole characters until the input ends, the output is full or bytes are bad.
    func convert(
        _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (used: Int, written: Int) {
        var from = input.baseAddress?.assumingMemoryBound(to: CChar.self)
        var fromLeft = input.count
        var to = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        var toLeft = output.count
        _ = iconv(handle, &from, &fromLeft, &to, &toLeft)
        return (input.count - fromLeft, output.count - toLeft)
    }
}
