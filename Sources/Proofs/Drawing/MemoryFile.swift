internal import CLinux
internal import Foundation

/// A file that lies in memory only, so that clear content is never on a disk, and that a child process can be given.
final class MemoryFile: Sendable {
    let descriptor: Int32

    /// - Throws: ``ProofStoreFault`` when the system has no more.
    init() throws(ProofStoreFault) {
        descriptor = linux_memory_file()
        guard descriptor >= 0 else { throw ProofStoreFault(systemError: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Appends bytes.
    func add(_ bytes: [UInt8]) throws(ProofStoreFault) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ProofStoreFault(systemError: count < 0 ? errno : EIO) }
            start += count
        }
    }

    /// From now on nobody changes it, no child either.
    func freeze() throws(ProofStoreFault) {
        guard linux_freeze(descriptor) == 0 else { throw ProofStoreFault(systemError: errno) }
    }

    /// The next reader begins at the beginning: who inherits the file shares its place.
    func rewind() {
        lseek(descriptor, 0, SEEK_SET)
    }

    /// Up to so many bytes from an offset; none at the end.
    func read(from offset: Int64, bytesMax: Int) throws(ProofStoreFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        while true {
            let count = pread(descriptor, &bytes, bytesMax, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ProofStoreFault(systemError: errno) }
            return Array(bytes.prefix(count))
        }
    }

    /// All of it; nil when it is larger.
    func content(bytesMax: Int) throws(ProofStoreFault) -> [UInt8]? {
        var content: [UInt8] = []
        while true {
            let piece = try read(from: Int64(content.count), bytesMax: min(1024 * 1024, bytesMax + 1))
            if piece.isEmpty { return content }
            content += piece
            if content.count > bytesMax { return nil }
        }
    }
}
