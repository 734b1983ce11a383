internal import Foundation

/// Reads and makes files that only their owner may see.
public enum PrivateFile {
    private static let ownerOnly: mode_t = 0o600
    private static let othersMask: mode_t = 0o077

    /// Makes a file of mode 0600 that did not exist and waits until the disk has it and its name.
    static func create(at path: String, bytes: [UInt8]) throws(VaultFault) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, ownerOnly)
        guard file >= 0 else {
            throw errno == EEXIST ? .keyFileExists : .keyFileUnreadable(reason: systemReason())
        }
        defer { close(file) }
        guard fchmod(file, ownerOnly) == 0, writeAll(bytes, to: file), fsync(file) == 0, syncFolder(of: path) else {
            let reason = systemReason()
            unlink(path)
            throw .keyFileUnreadable(reason: reason)
        }
    }

    /// The content of a regular file that belongs to this user and that no one else may read or write.
    ///
    /// - Throws: ``VaultFault/keyFileUnsafe(reason:)``, ``VaultFault/keyFileUnreadable(reason:)``.
    public static func read(at path: String, bytesMax: Int) throws(VaultFault) -> [UInt8] {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            throw errno == ELOOP ? .keyFileUnsafe(reason: "is a link") : .keyFileUnreadable(reason: systemReason())
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .keyFileUnreadable(reason: systemReason()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .keyFileUnsafe(reason: "is no regular file") }
        guard status.st_uid == geteuid() else { throw .keyFileUnsafe(reason: "belongs to another user") }
        guard status.st_mode & othersMask == 0 else {
            throw .keyFileUnsafe(reason: "mode must be 0600: group or others have rights")
        }
        guard status.st_size <= bytesMax else { throw .keyFileUnreadable(reason: "larger than \(bytesMax) bytes") }
        return try readAll(file, bytesMax: bytesMax)
    }

    private static func readAll(_ file: Int32, bytesMax: Int) throws(VaultFault) -> [UInt8] {
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while content.count <= bytesMax {
            let count = Foundation.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .keyFileUnreadable(reason: systemReason()) }
            guard count > 0 else { return content }
            content += piece.prefix(count)
        }
        throw .keyFileUnreadable(reason: "larger than \(bytesMax) bytes")
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = write(file, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }

    private static func syncFolder(of path: String) -> Bool {
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }

    private static func systemReason() -> String {
        String(cString: strerror(errno))
    }
}
