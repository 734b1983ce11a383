internal import NIOCore
internal import NIOHTTP1
internal import Vault

/// What the store says about an object.
struct S3Object: Sendable {
    let bytes: Int64
    /// The version that is read; nil where the store gives none.
    let tag: String?
    /// As noted when it was stored; nil for objects that other tools brought.
    let sha256: [UInt8]?
}

/// Questions about the objects of a bucket.
extension S3Client {
    /// What is said about an object; nil when there is none.
    ///
    /// Reads its first byte: refusals of a `HEAD` carry no document, and so no reason.
    func look(_ key: String) async throws(ProofStoreFault) -> S3Object? {
        let answer = try await send(
            S3Request(method: .get, key: key, headers: [(name: "range", value: "bytes=0-0")]))
        if let refusal = answer.refusal {
            if refusal.status == 416 { return S3Object(bytes: 0, tag: nil, sha256: nil) }
            if refusal.fault == .missing { return nil }
            throw refusal.fault
        }
        // Some stores answer a range of an empty object with all of it.
        if answer.status == 200, answer.body.readableBytes == 0 { return S3Object(bytes: 0, tag: nil, sha256: nil) }
        guard answer.status == 206,
            let bytes = answer.headers.first(name: "content-range")?.split(separator: "/").last.flatMap({ Int64($0) }),
            bytes > 0
        else { throw .system(reason: "S3 does not give parts of an object") }
        let note = answer.headers.first(name: S3Upload.digestHeader)
        return S3Object(
            bytes: bytes, tag: answer.headers.first(name: "etag"),
            sha256: note.flatMap(Hex.decode).flatMap { $0.count == Digest.sha256Bytes ? $0 : nil })
    }

    /// The bytes of an object from one offset to before another.
    func read(
        _ key: String, of object: S3Object, from start: Int64, to end: Int64
    ) async throws(ProofStoreFault) -> [UInt8] {
        var request = S3Request(
            method: .get, key: key, headers: [(name: "range", value: "bytes=\(start)-\(end - 1)")])
        if let tag = object.tag { request.headers.append((name: "if-match", value: tag)) }
        let answer = try await send(request)
        if let refusal = answer.refusal {
            // Another version, or a shorter one: not what was opened.
            if refusal.status == 412 || refusal.status == 416 { throw .damaged }
            throw refusal.fault
        }
        guard answer.status == 206, Int64(answer.body.readableBytes) == end - start else { throw .damaged }
        return Array(answer.body.readableBytesView)
    }

    /// Keys in order, from the one after another on.
    func keys(
        after last: String?, max: Int, limits: S3Limits
    ) async throws(ProofStoreFault) -> (keys: [String], isTruncated: Bool) {
        var request = S3Request(method: .get, answerIsDocument: true)
        request.query = [(name: "list-type", value: "2"), (name: "max-keys", value: "\(max)")]
        if !address.prefix.isEmpty { request.query.append((name: "prefix", value: address.prefix)) }
        if let last { request.query.append((name: "start-after", value: last)) }
        let answer = try await done(request, limits: limits)
        guard let list = answer.document, list.name == "ListBucketResult" else {
            throw .system(reason: "S3 gives no list of names: check endpoint in PROOF_STORE_URL")
        }
        let keys = list.children.filter { $0.name == "Contents" }.compactMap { $0.text(of: "Key") }
        return (keys, list.text(of: "IsTruncated") == "true")
    }
}
