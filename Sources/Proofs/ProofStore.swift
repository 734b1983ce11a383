internal import Vault

/// Keeps sealed files under random names. It never sees clear content or keys.
public protocol ProofStore: Sendable {
    /// Stores what `fill` writes, once `fill` returns; when it throws, nothing is stored and its error goes on.
    ///
    /// When this returns, the file survives a power cut.
    ///
    /// - Returns: what `fill` returned.
    /// - Throws: ``ProofStoreFault``, or what `fill` threw.
    func put<Receipt: Sendable>(
        _ name: ProofName, _ fill: (any ProofSink) async throws -> Receipt
    ) async throws -> Receipt

    /// Opens a stored file.
    ///
    /// - Throws: ``ProofStoreFault/missing`` when there is none of this name.
    func open(_ name: ProofName) async throws(ProofStoreFault) -> ProofBytes

    /// Removes a file; one that is not there counts as removed.
    func delete(_ name: ProofName) async throws(ProofStoreFault)

    /// Names in order, from the one after `last` on, so many at most.
    func names(after last: ProofName?, limit: Int) async throws(ProofStoreFault) -> [ProofName]

    /// Whether the store works at this moment, answered within seconds; for who asks whether this server is ready.
    ///
    /// - Throws: why it does not; the reason holds no secret.
    func check() async throws(ProofStoreFault)
}

/// Where a file being stored is written to, in order, by one writer.
public protocol ProofSink: Sendable {
    /// Appends bytes.
    func add(_ bytes: [UInt8]) async throws(ProofStoreFault)
}

/// The sealed bytes of one stored file, read piece by piece as they are asked for.
public struct ProofBytes: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = ProofStoreFault

    private let sum: Sum?
    private let read: @Sendable (_ offset: Int64) async throws(ProofStoreFault) -> [UInt8]

    /// What all pieces must amount to.
    private struct Sum: Sendable {
        let bytes: Int64
        let sha256: [UInt8]
    }

    /// Bytes that a store reads from an offset on; an empty piece is the end.
    public init(_ read: @escaping @Sendable (_ offset: Int64) async throws(ProofStoreFault) -> [UInt8]) {
        sum = nil
        self.read = read
    }

    /// Bytes whose number the store knows, and whose digest it may know: where it does, the last piece is given only
    /// when all pieces amount to it, else ``ProofStoreFault/damaged`` is thrown.
    public init(
        bytes: Int64, sha256: [UInt8]?,
        _ read: @escaping @Sendable (_ offset: Int64) async throws(ProofStoreFault) -> [UInt8]
    ) {
        sum = sha256.map { Sum(bytes: bytes, sha256: $0) }
        self.read = read
    }

    /// Starts at the beginning.
    public func makeAsyncIterator() -> Iterator {
        Iterator(bytes: self)
    }

    /// One reading of the file.
    public struct Iterator: AsyncIteratorProtocol {
        private let bytes: ProofBytes
        private let digest = RunningDigest()
        private var offset: Int64 = 0

        init(bytes: ProofBytes) {
            self.bytes = bytes
        }

        /// The next piece; nil at the end.
        public mutating func next() async throws(ProofStoreFault) -> [UInt8]? {
            try await next(isolation: nil)
        }

        /// The next piece; nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ProofStoreFault) -> [UInt8]? {
            let piece = try await bytes.read(offset)
            offset += Int64(piece.count)
            if let sum = bytes.sum {
                digest.add(piece)
                let isEnd = piece.isEmpty || offset >= sum.bytes
                if isEnd, let sha256 = digest.finish() {
                    guard offset == sum.bytes, sha256 == sum.sha256 else { throw .damaged }
                }
            }
            return piece.isEmpty ? nil : piece
        }
    }

    /// The digest of what one reading has seen; an iterator can be copied, the digest's own state cannot.
    private final class RunningDigest {
        private var stream: SHA256Stream? = SHA256Stream()

        func add(_ bytes: [UInt8]) {
            stream?.add(bytes)
        }

        /// The digest, once.
        func finish() -> [UInt8]? {
            stream.take()?.finish()
        }
    }
}

/// Why the store could not do its work.
public enum ProofStoreFault: Error, Sendable, Hashable {
    /// The disk or a quota is full.
    case full
    /// There is no such file.
    case missing
    /// A file of this name is there already; names are drawn at random, so this is a mistake of the caller.
    case exists
    /// The content of a file is not what was stored under this key: changed, cut off or another file's.
    case damaged
    /// Anything else that the system said.
    case system(reason: String)
}
