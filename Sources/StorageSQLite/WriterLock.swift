import Foundation
public import Storage

/// The right to write one SQLite file, held by at most one process.
///
/// SQLite before 3.51.3 can damage a file in WAL mode when one process checkpoints while another commits
/// (sqlite.org/wal.html, "WAL-reset bug"); several processes that only read are safe. The lock is `flock(2)` on
/// `PATH.lock`, so it ends with the process, however that dies. It is not inherited by child processes.
public final class WriterLock: Sendable {
    /// Of the database file that may be written while this value lives.
    public let databasePath: String
    private let descriptor: Int32

    /// What asking for the lock may answer.
    public enum Outcome: Sendable {
        /// The caller holds the lock until the value is released.
        case taken(WriterLock)
        /// Another process, or another part of this one, writes the file now.
        case heldByAnother
    }

    private init(databasePath: String, descriptor: Int32) {
        self.databasePath = databasePath
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Asks for the lock without waiting; makes the folder (0700) and the lock file (0600) where missing.
    ///
    /// - Throws: ``StoreFault/cannotOpen(_:)`` when the folder or the lock file cannot be made,
    ///   ``StoreFault/full`` when the disk is.
    public static func take(databasePath: String) throws(StoreFault) -> Outcome {
        try makeFolder(of: databasePath)
        let path = databasePath + ".lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw openingFault(errno, path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw .cannotOpen(path) }
            return .heldByAnother
        }
        return .taken(WriterLock(databasePath: databasePath, descriptor: descriptor))
    }

    private static func makeFolder(of path: String) throws(StoreFault) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(folder)
        }
    }
}

/// The fault that a failed `open(2)` stands for.
func openingFault(_ reason: Int32, _ path: String) -> StoreFault {
    switch reason {
    case ENOSPC, EDQUOT: .full
    case EIO: .inputOutput
    case EROFS: .readOnly
    default: .cannotOpen(path)
    }
}
