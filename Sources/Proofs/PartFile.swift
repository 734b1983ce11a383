internal import Foundation

/// A file being written, which has its real name only when it is whole. All of this waits for the disk.
struct PartFile: Sendable {
    private let place: ProofPlace
    private let path: String
    private let file: OwnedFile

    /// Begins a file of mode 0600 in a folder of mode 0700.
    static func create(for place: ProofPlace) throws(ProofStoreFault) -> PartFile {
        try Disk.makeFolder(place.root)
        try Disk.makeFolder(place.folder)
        let path = place.path + ".part"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ProofStoreFault(systemError: errno) }
        return PartFile(place: place, path: path, file: OwnedFile(descriptor: descriptor))
    }

    func write(_ bytes: [UInt8]) throws(ProofStoreFault) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Foundation.write(file.descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ProofStoreFault(systemError: count < 0 ? errno : EIO) }
            start += count
        }
    }

    /// Waits until the disk has the content, then gives the file its name. A link refuses a name that is taken, which
    /// a rename would overwrite.
    func finish() throws(ProofStoreFault) {
        guard fsync(file.descriptor) == 0 else { throw ProofStoreFault(systemError: errno) }
        guard link(path, place.path) == 0 else { throw ProofStoreFault(systemError: errno) }
        unlink(path)
        do {
            try Disk.sync(folder: place.folder)
        } catch {
            unlink(place.path)
            throw error
        }
    }

    func discard() {
        unlink(path)
    }
}

/// A stored file being read, at any offset.
struct ReadingFile: Sendable {
    private let file: OwnedFile

    init(path: String) throws(ProofStoreFault) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ProofStoreFault(systemError: errno) }
        file = OwnedFile(descriptor: descriptor)
    }

    /// Up to so many bytes; none at the end.
    func read(from offset: Int64, bytesMax: Int) throws(ProofStoreFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        while true {
            let count = pread(file.descriptor, &bytes, bytesMax, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ProofStoreFault(systemError: errno) }
            return Array(bytes.prefix(count))
        }
    }
}

/// Closes a file when nobody uses it any more.
private final class OwnedFile: Sendable {
    let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}

/// Folders.
enum Disk {
    /// Makes one folder of mode 0700 and waits until its name is on the disk; an existing one is left as it is.
    static func makeFolder(_ path: String) throws(ProofStoreFault) {
        if mkdir(path, 0o700) == 0 { return try sync(folder: path + "/..") }
        guard errno == EEXIST else { throw ProofStoreFault(systemError: errno) }
    }

    /// Shows that a folder can be written, and leaves nothing there. Several may do so at once.
    static func tryWriting(in folder: String) throws(ProofStoreFault) {
        try makeFolder(folder)
        let path = folder + "/.check"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ProofStoreFault(systemError: errno) }
        defer { close(descriptor) }
        let count = write(descriptor, ".", 1)
        let code = count < 0 ? errno : EIO
        unlink(path)
        guard count == 1 else { throw ProofStoreFault(systemError: code) }
    }

    /// Waits until the names in a folder are on the disk.
    static func sync(folder: String) throws(ProofStoreFault) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ProofStoreFault(systemError: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ProofStoreFault(systemError: errno) }
    }

    /// The names in a folder, in order; none when there is no such folder.
    static func entries(of folder: String) throws(ProofStoreFault) -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .system(reason: "cannot list the folder")
        }
    }
}

extension ProofStoreFault {
    /// What a number of `errno` means to the store.
    init(systemError: Int32) {
        switch systemError {
        case ENOSPC, EDQUOT: self = .full
        case ENOENT: self = .missing
        case EEXIST: self = .exists
        default: self = .system(reason: String(cString: strerror(systemError)))
        }
    }
}
