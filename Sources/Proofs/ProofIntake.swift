public import NIOCore
public import Vault

/// A proof that lies sealed in the store and belongs to nobody yet.
public struct StoredProof: Sendable {
    /// Its name in the store.
    public let name: ProofName
    /// What its content is.
    public let mediaType: ProofMediaType
    /// Clear bytes.
    public let bytes: Int64
    /// SHA-256 of the clear content.
    public let sha256: [UInt8]
    /// The file's own key; the caller seals it and keeps it with the case, else the file can never be opened.
    public let fileKey: Secret
}

/// Takes one uploaded file: counts, recognises, measures, digests, seals and stores it as it streams in.
///
/// The clear content is never on the disk and never whole in memory. Nothing is decoded here; ``ProofExaminer`` does
/// that later, away from whoever waits for an answer.
public struct ProofIntake: Sendable {
    private let store: any ProofStore
    private let newName: @Sendable () throws -> ProofName
    private let newKey: @Sendable () throws -> Secret

    /// An intake into a store.
    public init(
        store: any ProofStore,
        newName: @escaping @Sendable () throws -> ProofName = { try ProofName.random() },
        newKey: @escaping @Sendable () throws -> Secret = { try FileSealer.newKey() }
    ) {
        self.store = store
        self.newName = newName
        self.newKey = newKey
    }

    /// Stores one file.
    ///
    /// - Parameter caseBytesLeft: bytes that the case still has room for.
    /// - Throws: ``ProofRefusal``, ``ProofStoreFault``, or what reading the upload throws; nothing is stored then.
    public func take<Upload: AsyncSequence>(
        _ upload: Upload, caseBytesLeft: Int64 = ProofLimits.caseBytesMax
    ) async throws -> StoredProof where Upload.Element == ByteBuffer {
        var pieces = upload.makeAsyncIterator()
        let opening = try await opening(&pieces)
        guard !opening.isEmpty else { throw ProofRefusal.empty }
        guard let mediaType = ProofMediaType.recognise(opening) else { throw ProofRefusal.unknownType }
        let measured = PictureSizer(mediaType)
        let name = try newName()
        let key = try newKey()
        return try await store.put(name) { sink in
            var sealer = FileSealer(key: key)
            var digest = SHA256Stream()
            var sizer = measured
            var bytes: Int64 = 0
            var piece: [UInt8]? = opening
            while let clear = piece {
                bytes += Int64(clear.count)
                try check(bytes, caseBytesLeft: caseBytesLeft)
                sizer?.add(clear)
                if sizer?.size?.isTooLarge == true { throw ProofRefusal.tooManyPixels }
                digest.add(clear)
                try await sink.add(try sealer.add(clear))
                piece = try await pieces.next().map { Array($0.readableBytesView) }
            }
            // Some streams just end when their task is cancelled; what came until then is not the file.
            try Task.checkCancellation()
            if let sizer, sizer.size == nil { throw ProofRefusal.unreadable }
            try await sink.add(try sealer.finish())
            return StoredProof(
                name: name, mediaType: mediaType, bytes: bytes, sha256: digest.finish(), fileKey: key)
        }
    }

    /// The first bytes, enough to recognise the type, whatever the pieces they come in; all of a shorter file.
    private func opening<Pieces: AsyncIteratorProtocol>(
        _ pieces: inout Pieces
    ) async throws -> [UInt8] where Pieces.Element == ByteBuffer {
        var opening: [UInt8] = []
        while opening.count < ProofMediaType.openingBytes, let piece = try await pieces.next() {
            opening += piece.readableBytesView
        }
        return opening
    }

    private func check(_ bytes: Int64, caseBytesLeft: Int64) throws(ProofRefusal) {
        guard bytes <= ProofLimits.fileBytesMax else { throw .tooLarge }
        guard bytes <= caseBytesLeft else { throw .tooManyBytesForCase(left: max(0, caseBytesLeft)) }
    }
}
