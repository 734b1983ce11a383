import CZlib
import HTTPTypes
public import NIOCore

/// Compresses answers (RFC 1952). Pages carry no secrets of ours beside what a stranger can place in them, so their
/// compressed length tells nothing.
public enum Gzip {
    /// Answers up to this size are sent as they are, in bytes.
    static let bytesMin = 1024
    /// A window of 32 KiB with a gzip header (zlib's deflateInit2).
    private static let windowBits: Int32 = 15 + 16

    /// How hard to try: zlib's levels.
    public enum Effort: Int32, Sendable {
        case page = 4
        case asset = 9
    }

    /// The compressed bytes, or nil when they would not be smaller.
    public static func compressed(_ plain: ByteBuffer, effort: Effort) -> ByteBuffer? {
        guard plain.readableBytes > bytesMin else { return nil }
        var stream = z_stream()
        guard czlib_deflate_init(&stream, effort.rawValue, windowBits) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = Array(plain.readableBytesView)
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))))
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        let length = Int(stream.total_out)
        guard result == Z_STREAM_END, length < input.count else { return nil }
        return ByteBuffer(bytes: output.prefix(length))
    }

    /// Whether an `Accept-Encoding` value takes gzip (RFC 9110, 12.5.3).
    static func isAccepted(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { entry in
            let parts = entry.lowercased().filter { $0 != " " }.split(separator: ";")
            guard parts.first == "gzip" else { return false }
            return !parts.dropFirst().contains { $0.hasPrefix("q=0") && !$0.contains { "123456789".contains($0) } }
        }
    }
}
