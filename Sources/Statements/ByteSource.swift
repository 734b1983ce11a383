import Glibc

/// Where the bytes of a statement come from, pulled block by block.
public struct ByteSource {
    /// Bytes asked for at once: large enough that a system call costs nothing beside the reading.
    static let blockBytes = 256 * 1024

    /// Fills the start of the buffer and says how many bytes it wrote; 0 means the end.
    public let read: (UnsafeMutableRawBufferPointer) throws -> Int

    public init(read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) {
        self.read = read
    }

    /// Reads a file, pipe or socket that the caller opened and closes.
    ///
    /// - Throws: ``StatementFault/unreadable(errno:)`` from ``read`` when the system refuses.
    public static func descriptor(_ descriptor: Int32) -> ByteSource {
        ByteSource { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count >= 0 { return count }
                let reason = errno
                guard reason == EINTR else { throw StatementFault.unreadable(errno: reason) }
            }
        }
    }

    /// Reads bytes that are in memory, at most `step` of them at once.
    public static func bytes(_ bytes: [UInt8], step: Int = .max) -> ByteSource {
        var rest = bytes[...]
        return ByteSource { buffer in
            let piece = rest.prefix(min(max(step, 1), buffer.count))
            buffer.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
    }

    /// The first bytes of this source and a source that still gives all of them.
    func peeked(_ count: Int) throws -> (start: [UInt8], whole: ByteSource) {
        var start = [UInt8](repeating: 0, count: count)
        let found = try start.withUnsafeMutableBytes { try fill($0) }
        start.removeLast(count - found)
        var rest = start[...]
        let later = read
        let whole = ByteSource { buffer in
            guard !rest.isEmpty else { return try later(buffer) }
            let piece = rest.prefix(buffer.count)
            buffer.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
        return (start, whole)
    }

    /// Reads until the buffer is full or the source ends; fewer bytes than the buffer holds mean the end.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            guard count > 0 else { break }
            filled += min(count, buffer.count - filled)
        }
        return filled
    }
}
