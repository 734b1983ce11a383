import CZlib

/// Inflates gzip (RFC 1952) as it is read; several members one after another count as one file.
final class Gunzip {
    /// How many times larger than its gzip a statement may be; real ones reach about 30.
    static let expansionMax: UInt64 = 200
    /// Bytes of text that any file may have before ``expansionMax`` is looked at.
    static let expansionFreeBytes: UInt64 = 16 << 20

    /// The two bytes that every gzip file begins with, and the number of its only method.
    static let magic: [UInt8] = [0x1F, 0x8B, 8]

    private let source: ByteSource
    private var stream = z_stream()
    private var input = [UInt8](repeating: 0, count: ByteSource.blockBytes)
    private var waiting = 0..<0
    private var ended = false
    private var betweenMembers = false
    private var bytesIn: UInt64 = 0
    private var bytesOut: UInt64 = 0

    /// - Throws: ``StatementFault/damagedGzip`` when zlib cannot start.
    init(_ source: ByteSource) throws {
        self.source = source
        let windowBitsForGzip: Int32 = 15 + 16
        guard czlib_inflate_init(&stream, windowBitsForGzip) == Z_OK else { throw StatementFault.damagedGzip }
    }

    deinit {
        inflateEnd(&stream)
    }

    /// The inflated bytes as a source.
    static func source(_ packed: ByteSource) throws -> ByteSource {
        let gunzip = try Gunzip(packed)
        return ByteSource { try gunzip.read(into: $0) }
    }

    private func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if waiting.isEmpty, !ended { try refill() }
            if betweenMembers {
                guard !waiting.isEmpty else { return 0 }
                guard inflateReset(&stream) == Z_OK else { throw StatementFault.damagedGzip }
                betweenMembers = false
            }
            let produced = try inflateOnce(output)
            if produced > 0 { return produced }
            if ended, waiting.isEmpty, !betweenMembers { throw StatementFault.truncatedGzip }
        }
    }

    private func refill() throws {
        let count = try input.withUnsafeMutableBytes { try source.fill($0) }
        ended = count < input.count
        waiting = 0..<count
        bytesIn += UInt64(count)
    }

    /// One call of zlib, on what is waiting; the number of bytes it wrote.
    private func inflateOnce(_ output: UnsafeMutableRawBufferPointer) throws -> Int {
        let space = min(output.count, Int(Int32.max))
        let range = waiting
        let (code, left, room) = input.withUnsafeMutableBufferPointer { bytes -> (Int32, Int, Int) in
            stream.next_in = bytes.baseAddress.map { $0 + range.lowerBound }
            stream.avail_in = UInt32(range.count)
            stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(space)
            let code = inflate(&stream, Z_NO_FLUSH)
            return (code, Int(stream.avail_in), Int(stream.avail_out))
        }
        waiting = (range.upperBound - left)..<range.upperBound
        switch code {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: betweenMembers = true
        default: throw StatementFault.damagedGzip
        }
        bytesOut += UInt64(space - room)
        guard bytesOut <= Self.expansionFreeBytes || bytesOut / Self.expansionMax <= bytesIn else {
            throw StatementFault.expandsTooMuch(times: Int(Self.expansionMax))
        }
        return space - room
    }
}
