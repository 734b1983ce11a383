public import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Vault

/// Keeps proofs as objects of one bucket in an S3-compatible store, so that any number of servers share them.
///
/// A proof lies under `PREFIX/ab/abcdef…`, laid out as ``FileProofStore`` lays out its files: a folder that is copied
/// into the bucket can be read, and the other way round.
///
/// **Nothing shows before it is whole.** Up to 16 MiB go in one request, which a store carries out whole or not at all;
/// more goes as an upload in parts, whose object appears with the last request. A name that is taken is refused, by a
/// question before and by `If-None-Match` in the same request as the content.
///
/// **What is read is what was stored.** The digest of each request's body is signed, so that the store itself refuses
/// bytes that changed on their way in. The object's SHA-256 is kept in its notes (`x-amz-meta-sha256`), and the last
/// piece of a reading is given only when all of them amount to it; else the reading ends with
/// ``ProofStoreFault/damaged``. This finds what disks and networks do, without the file's key, as a backup needs it.
/// It does not prove who wrote the object: that does the seal around every piece, which ``ProofReader`` opens. So an
/// object without the note, copied here by another tool, is read and held to its seal alone.
///
/// Requests are tried again after connection faults, silence and answers such as 503, with growing pauses, for a minute
/// at most; any request may safely run twice.
public struct S3ProofStore: ProofStore {
    private let client: S3Client

    /// Bytes of one reading: what a download holds in memory.
    static let pieceBytes = 1024 * 1024
    /// Names that S3 lists in one answer.
    private static let pageNamesMax = 1000
    private static let connectTimeout: TimeAmount = .seconds(3)

    /// A store in a bucket that exists.
    ///
    /// - Parameters:
    ///   - client: made with ``clientConfiguration``; who makes it shuts it down.
    ///   - now: the time in seconds since 1970 UTC; stores refuse requests that are 15 minutes off.
    public init(
        address: S3Address, credentials: S3Credentials, client: HTTPClient,
        now: @escaping @Sendable () -> Int64 = systemClock
    ) {
        self.init(address: address, credentials: credentials, client: client, pace: .standard, now: now)
    }

    init(
        address: S3Address, credentials: S3Credentials, client: HTTPClient, pace: S3Pace,
        now: @escaping @Sendable () -> Int64
    ) {
        self.client = S3Client(address: address, credentials: credentials, client: client, pace: pace, now: now)
    }

    /// This machine's time, in seconds since 1970 UTC.
    public static let systemClock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    /// No redirects, which would carry signed requests elsewhere; tries are counted here and not by the client.
    public static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connectTimeout))
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Stores an object once all of it is written; see ``ProofStore/put(_:_:)``. Holds 16 MiB in memory at most.
    public func put<Receipt: Sendable>(
        _ name: ProofName, _ fill: (any ProofSink) async throws -> Receipt
    ) async throws -> Receipt {
        let key = key(of: name)
        guard try await client.look(key) == nil else { throw ProofStoreFault.exists }
        let upload = S3Upload(client: client, key: key)
        do {
            let receipt = try await fill(upload)
            try await upload.finish()
            return receipt
        } catch {
            await upload.discard()
            throw error
        }
    }

    /// Opens an object. A reading ends with ``ProofStoreFault/missing`` when the object is removed meanwhile, and with
    /// ``ProofStoreFault/damaged`` when it is replaced.
    public func open(_ name: ProofName) async throws(ProofStoreFault) -> ProofBytes {
        let key = key(of: name)
        guard let object = try await client.look(key) else { throw .missing }
        let client = client
        return ProofBytes(bytes: object.bytes, sha256: object.sha256) { (offset) async throws(ProofStoreFault) in
            let end = Swift.min(offset + Int64(S3ProofStore.pieceBytes), object.bytes)
            guard offset < end else { return [] }
            return try await client.read(key, of: object, from: offset, to: end)
        }
    }

    /// Removes an object.
    public func delete(_ name: ProofName) async throws(ProofStoreFault) {
        do {
            _ = try await client.done(S3Request(method: .delete, key: key(of: name)))
        } catch ProofStoreFault.missing {
            return
        }
    }

    /// Names in order; objects that are no proofs are passed over.
    public func names(after last: ProofName?, limit: Int) async throws(ProofStoreFault) -> [ProofName] {
        var names: [ProofName] = []
        var lastKey = last.map(key(of:))
        while names.count < limit {
            let page = try await client.keys(
                after: lastKey, max: min(S3ProofStore.pageNamesMax, limit - names.count), limits: .standard)
            names += page.keys.compactMap(name(of:))
            guard page.isTruncated, let end = page.keys.last else { break }
            // Without this a store that ignores where to go on would keep us here for ever.
            guard end != lastKey else { throw .system(reason: "S3 lists the same names again") }
            lastKey = end
        }
        return names
    }

    /// Asks for one name: shows that the store is reached, the keys fit, the clocks agree and the bucket is there.
    /// One try of 3 seconds at most.
    public func check() async throws(ProofStoreFault) {
        _ = try await client.keys(after: nil, max: 1, limits: .short)
    }

    func key(of name: ProofName) -> String {
        client.address.prefix + name.text.prefix(2) + "/" + name.text
    }

    private func name(of key: String) -> ProofName? {
        guard let text = key.split(separator: "/").last, let name = ProofName(String(text)) else { return nil }
        return self.key(of: name) == key ? name : nil
    }
}
