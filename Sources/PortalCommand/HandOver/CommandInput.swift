import Foundation

/// What a command reads, in the process where it runs: all there, and readable more than once.
enum CommandInput: Sendable {
    /// Short inputs, among them all with secrets, which so never touch a disk.
    case bytes([UInt8])
    /// Long ones, and files that were there.
    case file(OpenFile)

    static let nothing = CommandInput.bytes([])

    /// The size in bytes.
    var size: Int64 {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(let file): file.size
        }
    }

    /// All of it.
    ///
    /// - Parameter bytesMax: more is refused, so that a wrong file does not fill the memory.
    func all(bytesMax: Int) throws(CommandFailure) -> [UInt8] {
        guard size <= Int64(bytesMax) else {
            throw CommandFailure(.badData, "The input is longer than \(bytesMax) bytes.")
        }
        switch self {
        case .bytes(let bytes): return bytes
        case .file(let file): return try file.all()
        }
    }
}

/// A file that is open until the last who holds this value lets go.
final class OpenFile: Sendable {
    let descriptor: Int32

    /// Takes over an open descriptor.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    var size: Int64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Goes back to the start; whoever reads from there reads alone.
    func rewind() throws(CommandFailure) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw CommandFailure(.inputOutput, "The input cannot be read from its start.")
        }
    }

    fileprivate func all() throws(CommandFailure) -> [UInt8] {
        try rewind()
        var bytes: [UInt8] = []
        while let block = try readBlock(descriptor) { bytes += block }
        return bytes
    }
}

/// The next bytes that a descriptor gives, waiting for them; nil at the end.
func readBlock(_ descriptor: Int32) throws(CommandFailure) -> ArraySlice<UInt8>? {
    var block = [UInt8](repeating: 0, count: DescriptorBytes.blockBytes)
    while true {
        let count = read(descriptor, &block, block.count)
        if count > 0 { return block.prefix(count) }
        if count == 0 { return nil }
        guard errno == EINTR else { throw CommandFailure(.inputOutput, "The input cannot be read.") }
    }
}
