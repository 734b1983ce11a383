internal import Foundation
public import NIOPosix

/// Keeps proofs as files: `FOLDER/ab/abcdef…`, folders of mode 0700, files of mode 0600.
///
/// A file is written beside its place under another name, waited for until the disk has it, and only then linked into
/// place, so that a crash leaves whole files and unfinished ones, never a part of one under its name. All file work
/// runs on a thread pool, for it waits.
public struct FileProofStore: ProofStore {
    private let folder: String
    private let pool: NIOThreadPool

    private static let pieceBytes = 128 * 1024

    /// A store in a folder, which is made when needed.
    ///
    /// - Parameter pool: threads that may wait; must be running.
    public init(folder: String, pool: NIOThreadPool = .singleton) {
        self.folder = folder
        self.pool = pool
    }

    /// Stores a file once all of it is written; see ``ProofStore/put(_:_:)``.
    public func put<Receipt: Sendable>(
        _ name: ProofName, _ fill: (any ProofSink) async throws -> Receipt
    ) async throws -> Receipt {
        let place = place(of: name)
        let file = try await waiting { () throws(ProofStoreFault) in try PartFile.create(for: place) }
        do {
            let receipt = try await fill(Sink(file: file, store: self))
            try await waiting { () throws(ProofStoreFault) in try file.finish() }
            return receipt
        } catch {
            await discard(file)
            throw error
        }
    }

    /// Opens a file, which stays readable to the end when it is removed meanwhile.
    public func open(_ name: ProofName) async throws(ProofStoreFault) -> ProofBytes {
        let path = place(of: name).path
        let file = try await waiting { () throws(ProofStoreFault) in try ReadingFile(path: path) }
        return ProofBytes { (offset) async throws(ProofStoreFault) in
            try await waiting { () throws(ProofStoreFault) in
                try file.read(from: offset, bytesMax: FileProofStore.pieceBytes)
            }
        }
    }

    /// Removes a file.
    public func delete(_ name: ProofName) async throws(ProofStoreFault) {
        let place = place(of: name)
        try await waiting { () throws(ProofStoreFault) in
            guard unlink(place.path) == 0 else {
                let code = errno
                if code == ENOENT { return }
                throw ProofStoreFault(systemError: code)
            }
            try Disk.sync(folder: place.folder)
        }
    }

    /// Names in order; unfinished files have none yet.
    public func names(after last: ProofName?, limit: Int) async throws(ProofStoreFault) -> [ProofName] {
        let folder = folder
        return try await waiting { () throws(ProofStoreFault) in
            var names: [ProofName] = []
            let groups = try Disk.entries(of: folder).filter { $0.utf8.count == 2 }
            for group in groups where group >= last?.text.prefix(2) ?? "" {
                let found = try Disk.entries(of: folder + "/" + group).compactMap { ProofName($0) }
                names += found.filter { name in last.map { $0 < name } ?? true }.sorted()
                if names.count >= limit { break }
            }
            return Array(names.prefix(max(0, limit)))
        }
    }

    /// Writes a byte into the folder and removes it again.
    public func check() async throws(ProofStoreFault) {
        let folder = folder
        try await waiting { () throws(ProofStoreFault) in try Disk.tryWriting(in: folder) }
    }

    private func place(of name: ProofName) -> ProofPlace {
        let group = folder + "/" + name.text.prefix(2)
        return ProofPlace(root: folder, folder: group, path: group + "/" + name.text)
    }

    private func discard(_ file: PartFile) async {
        let _: Result<Void, ProofStoreFault> = await onPool { () throws(ProofStoreFault) in file.discard() }
    }

    private func waiting<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ProofStoreFault) -> Value
    ) async throws(ProofStoreFault) -> Value {
        try await onPool(work).get()
    }

    /// Runs work on the pool, also when the task was cancelled meanwhile: an unfinished file must still be removed.
    private func onPool<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ProofStoreFault) -> Value
    ) async -> Result<Value, ProofStoreFault> {
        await withCheckedContinuation { continuation in
            pool.submit { _ in continuation.resume(returning: Result(catching: work)) }
        }
    }

    private struct Sink: ProofSink {
        let file: PartFile
        let store: FileProofStore

        func add(_ bytes: [UInt8]) async throws(ProofStoreFault) {
            guard !bytes.isEmpty else { return }
            try await store.waiting { () throws(ProofStoreFault) in try file.write(bytes) }
        }
    }
}

/// Where one proof lies.
struct ProofPlace: Sendable {
    let root: String
    let folder: String
    let path: String
}
