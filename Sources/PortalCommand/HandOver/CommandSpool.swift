import Foundation

/// Takes in the input of a command as it comes: in memory, and from some length on in a file without a name.
struct CommandSpool {
    /// Statement files are longer, account files and passwords shorter.
    static let memoryBytesMax = 256 * 1024
    /// Larger than any statement file that a channel has been seen to give out.
    static let bytesMax = 4 * 1024 * 1024 * 1024

    private let folder: String
    private var memory: [UInt8] = []
    private var file: OpenFile?
    private var size = 0

    /// - Parameter folder: where a file is made when one is needed.
    init(folder: String) {
        self.folder = folder
    }

    /// - Throws: ``CommandFailure`` when no file can be made, the disk is full or the input is too long.
    mutating func append(_ bytes: some Collection<UInt8>) throws(CommandFailure) {
        size += bytes.count
        guard size <= Self.bytesMax else {
            throw CommandFailure(.inputOutput, "The input is longer than \(Self.bytesMax) bytes.")
        }
        if let file {
            try Self.write(bytes, to: file)
        } else if size <= Self.memoryBytesMax {
            memory += bytes
        } else {
            let file = try Self.file(in: folder)
            try Self.write(memory, to: file)
            try Self.write(bytes, to: file)
            self.file = file
            memory = []
        }
    }

    /// What was taken in.
    var input: CommandInput {
        file.map(CommandInput.file) ?? .bytes(memory)
    }

    /// All that a descriptor gives, read on this thread.
    static func taking(_ descriptor: Int32, folder: String) throws(CommandFailure) -> CommandInput {
        var spool = CommandSpool(folder: folder)
        while let block = try readBlock(descriptor) { try spool.append(block) }
        return spool.input
    }

    private static func file(in folder: String) throws(CommandFailure) -> OpenFile {
        let path = "\(folder)/\(UUID().uuidString).input"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.cannotCreate, "No temporary file can be made in \(folder).")
        }
        // Without a name it is gone when the process is, however that ends.
        unlink(path)
        return OpenFile(descriptor: descriptor)
    }

    private static func write(_ bytes: some Collection<UInt8>, to file: OpenFile) throws(CommandFailure) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file.descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw CommandFailure(.inputOutput, "The input cannot be kept: the disk is full or fails.")
            }
            rest = rest.dropFirst(count)
        }
    }
}
