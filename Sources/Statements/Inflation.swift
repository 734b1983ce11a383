import CZlib

/// Owns one zlib stream that inflates.
final class Inflation {
    /// What one call of zlib did.
    struct Step {
        let used: Int
        let written: Int
        let isEnd: Bool
    }

    /// zlib's numbers for a container: DEFLATE alone (RFC 1951), or within gzip (RFC 1952).
    enum Container: Int32 {
        case none = -15
        case gzip = 31
    }

    private var stream = z_stream()

    /// Nil when zlib cannot start.
    init?(_ container: Container) {
        guard czlib_inflate_init(&stream, container.rawValue) == Z_OK else { return nil }
    }

    deinit {
        inflateEnd(&stream)
    }

    /// Begins anew; false when zlib cannot.
    func reset() -> Bool {
        inflateReset(&stream) == Z_OK
    }

    /// Inflates until the input is used up, the output is full or the stream ends; nil when the data is damaged.
    func step(
        _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Step? {
        let given = min(input.count, Int(Int32.max))
        let space = min(output.count, Int(Int32.max))
        stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = UInt32(given)
        stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(space)
        let code = inflate(&stream, Z_NO_FLUSH)
        guard code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END else { return nil }
        return Step(
            used: given - Int(stream.avail_in), written: space - Int(stream.avail_out), isEnd: code == Z_STREAM_END)
    }
}

/// Counts what packed bytes grow to, and stops what grows beyond measure.
struct Expansion {
    /// How many times larger than its packing a statement may be; real ones reach about 30.
    static let timesMax: UInt64 = 200
    /// Bytes of text that any file may have before ``timesMax`` is looked at.
    static let freeBytes: UInt64 = 16 << 20

    private(set) var bytesIn: UInt64 = 0
    private(set) var bytesOut: UInt64 = 0

    mutating func read(_ count: Int) {
        bytesIn += UInt64(count)
    }

    mutating func wrote(_ count: Int) throws(StatementFault) {
        bytesOut += UInt64(count)
        guard bytesOut <= Self.freeBytes || bytesOut / Self.timesMax <= bytesIn else {
            throw .expandsTooMuch(times: Int(Self.timesMax))
        }
    }
}
