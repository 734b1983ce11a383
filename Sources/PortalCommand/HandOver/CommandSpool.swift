import Foundation

/// The input of a command that was handed over: on disk without a name, so that it is gone when the process is.
///
/// Commands read it like a file of their own, at their own pace; memory stays flat however long it is.
final class CommandSpool: Sendable {
    /// Larger than any statement file that a channel has been seen to give out.
    static let bytesMax = 4 * 1024 * 1024 * 1024

    private let descriptor: Int32

    /// - Throws: ``CommandFailure`` (cannot create) when the folder takes no file.
    init(folder: String) throws(CommandFailure) {
        let path = "\(folder)/\(UUID().uuidString).input"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.cannotCreate, "No temporary file can be made in \(folder).")
        }
        unlink(path)
    }

    deinit {
        close(descriptor)
    }

    /// - Throws: ``CommandFailure`` (input or output) when the disk is full or the input too long.
    func append(_ bytes: some Collection<UInt8>) throws(CommandFailure) {
        guard lseek(descriptor, 0, SEEK_CUR) + bytes.count <= Self.bytesMax else {
            throw CommandFailure(.inputOutput, "The input is longer than \(Self.bytesMax) bytes.")
        }
        var rest = ArraySlice(bytes)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw CommandFailure(.inputOutput, "The input cannot be kept: the disk is full or fails.")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Goes back to the start, for the command to read.
    func rewind() throws(CommandFailure) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw CommandFailure(.inputOutput, "The input cannot be read back.")
        }
    }

    /// What the command reads; good as long as this value lives.
    var input: CommandInput {
        var status = stat()
        let bytes = fstat(descriptor, &status) == 0 ? Int64(status.st_size) : nil
        return CommandInput(descriptor: descriptor, bytes: bytes)
    }
}
