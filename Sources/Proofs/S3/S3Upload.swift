internal import NIOCore
internal import NIOHTTP1
internal import Vault

/// One object being written: in one request where it is small, else in parts, which show nothing until all are there.
///
/// Holds one part in memory at most.
actor S3Upload: ProofSink {
    private let client: S3Client
    private let key: String
    private var part = ByteBuffer()
    private var partDigest: SHA256Stream? = SHA256Stream()
    private var digest: SHA256Stream? = SHA256Stream()
    private var bytes: Int64 = 0
    private var state = State.small

    /// What a request carries at most. Contents up to this go in one; parts are all of this size but the last, since
    /// some stores want parts of one size, of 5 MiB at least.
    static let partBytes = 16 * 1024 * 1024
    /// Parts of an upload, as S3 limits them.
    static let partsMax = 10_000
    /// Where an object's SHA-256 is kept, in hexadecimal.
    static let digestHeader = "x-amz-meta-sha256"

    private enum State {
        /// All of it is in memory.
        case small
        /// An upload of this id is open, with the entity tags of its parts.
        case parts(id: String, tags: [String])
        /// The upload is about to become the object, or has.
        case joining(id: String)
        /// The object may be there.
        case sent
    }

    init(client: S3Client, key: String) {
        self.client = client
        self.key = key
    }

    func add(_ bytes: [UInt8]) async throws(ProofStoreFault) {
        self.bytes += Int64(bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            if part.readableBytes == S3Upload.partBytes { try await sendPart() }
            let piece = Array(rest.prefix(S3Upload.partBytes - part.readableBytes))
            part.writeBytes(piece)
            partDigest?.add(piece)
            digest?.add(piece)
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Makes the object of all that was added.
    ///
    /// - Throws: ``ProofStoreFault/exists`` when there is one of this name.
    func finish() async throws(ProofStoreFault) {
        let sha256 = digest.take()?.finish() ?? []
        switch state {
        case .small:
            try await sendWhole(sha256)
        case .parts:
            try await sendPart()
            try await joinParts()
            try await writeDigest(sha256)
        case .joining, .sent:
            return
        }
    }

    /// Leaves nothing behind, as far as the store can be reached: what remains has no name that anybody knows, and the
    /// bucket's rule for unfinished uploads removes parts.
    ///
    /// Runs to its end in a cancelled task too.
    func discard() async {
        let object = S3Request(method: .delete, key: key)
        let requests =
            switch state {
            case .small: [S3Request]()
            case .parts(let id, _): [unfinished(id)]
            case .joining(let id): [unfinished(id), object]
            case .sent: [object]
            }
        let client = client
        await Task {
            for request in requests { _ = try? await client.send(request, limits: .short) }
        }.value
    }

    private func unfinished(_ id: String) -> S3Request {
        S3Request(method: .delete, key: key, query: [(name: "uploadId", value: id)])
    }

    private func sendWhole(_ sha256: [UInt8]) async throws(ProofStoreFault) {
        state = .sent
        let answer = try await client.send(
            S3Request(
                method: .put, key: key,
                headers: [
                    (name: "content-type", value: "application/octet-stream"), (name: "if-none-match", value: "*"),
                    (name: S3Upload.digestHeader, value: Hex.encode(sha256)),
                ],
                body: part, bodySHA256: sha256))
        guard let refusal = answer.refusal else { return }
        // An earlier try may have been carried out although its answer was lost.
        if refusal.fault == .exists, answer.attempts > 1, try await client.look(key)?.sha256 == sha256 { return }
        if !refusal.isPassing { state = .small }
        throw refusal.fault
    }

    private func sendPart() async throws(ProofStoreFault) {
        let (id, tags) = try await openUpload()
        guard tags.count < S3Upload.partsMax else { throw .system(reason: "the file is larger than S3 takes") }
        let sha256 = partDigest.take()?.finish() ?? []
        let answer = try await client.done(
            S3Request(
                method: .put, key: key,
                query: [(name: "partNumber", value: "\(tags.count + 1)"), (name: "uploadId", value: id)],
                body: part, bodySHA256: sha256))
        guard let tag = answer.headers.first(name: "etag"), S3Upload.isPlain(tag) else {
            throw .system(reason: "S3 gave no entity tag for a part")
        }
        state = .parts(id: id, tags: tags + [tag])
        part.clear()
        partDigest = SHA256Stream()
    }

    /// The upload's id and the tags of its parts.
    ///
    /// Opening runs to its end in a cancelled task too: an upload whose id was not read could not be removed.
    private func openUpload() async throws(ProofStoreFault) -> (id: String, tags: [String]) {
        if case .parts(let id, let tags) = state { return (id, tags) }
        let opening = S3Request(
            method: .post, key: key, query: [(name: "uploads", value: "")],
            headers: [(name: "content-type", value: "application/octet-stream")], answerIsDocument: true)
        let client = client
        let answer = try await Task { () async -> Result<S3Answer, ProofStoreFault> in
            do throws(ProofStoreFault) {
                return .success(try await client.done(opening))
            } catch {
                return .failure(error)
            }
        }.value.get()
        guard let id = answer.document?.text(of: "UploadId"), !id.isEmpty else {
            throw .system(reason: "S3 gave no id for an upload in parts")
        }
        state = .parts(id: id, tags: [])
        return (id, [])
    }

    private func joinParts() async throws(ProofStoreFault) {
        guard case .parts(let id, let tags) = state else { return }
        let parts = tags.enumerated().map { index, tag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
        }
        state = .joining(id: id)
        let body = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
        let answer = try await client.send(
            S3Request(
                method: .post, key: key, query: [(name: "uploadId", value: id)],
                headers: [(name: "content-type", value: "application/xml"), (name: "if-none-match", value: "*")],
                body: ByteBuffer(bytes: body), bodySHA256: Digest.sha256(body), answerIsDocument: true))
        guard let refusal = answer.refusal else {
            state = .sent
            return
        }
        let wasJoined = refusal.fault == .exists || refusal.code == "NoSuchUpload"
        if wasJoined, answer.attempts > 1, try await client.look(key)?.bytes == bytes {
            state = .sent
            return
        }
        if !refusal.isPassing { state = .parts(id: id, tags: tags) }
        throw refusal.fault
    }

    /// The digest is known when all parts are on their way, and an object's notes are written with its beginning: so
    /// the object is copied onto itself, which rewrites the notes alone.
    private func writeDigest(_ sha256: [UInt8]) async throws(ProofStoreFault) {
        let source = "/\(client.address.bucket)/" + S3Encoding.path(key)
        _ = try await client.done(
            S3Request(
                method: .put, key: key,
                headers: [
                    (name: "content-type", value: "application/octet-stream"),
                    (name: "x-amz-copy-source", value: source),
                    (name: "x-amz-metadata-directive", value: "REPLACE"),
                    (name: S3Upload.digestHeader, value: Hex.encode(sha256)),
                ],
                answerIsDocument: true))
    }

    /// Quotes, letters, digits and hyphens: nothing that would change the document it is put into.
    private static func isPlain(_ tag: String) -> Bool {
        tag.utf8.allSatisfy { byte in
            S3Encoding.isLowerOrDigit(byte) || (0x41...0x5A).contains(byte) || byte == 0x22 || byte == 0x2D
        }
    }
}
