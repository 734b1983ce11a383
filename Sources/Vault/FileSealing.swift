/// How a sealed file is laid out: a version byte, then chunks of at most 64 KiB, each AES-256-GCM with its own tag.
///
/// Every file has a key of its own, so a chunk's nonce is its index. Index and "this is the last one" are bound as
/// additional data: chunks left out, cut off, added or put in another order do not open. All chunks but the last are
/// full; an empty file is one empty chunk.
enum SealedFile {
    static let version: UInt8 = 1
    /// Clear bytes of a full chunk.
    static let chunkBytes = 64 * 1024

    static func nonce(_ index: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt32(0))
        writer.write(index)
        return writer.bytes
    }

    static func additionalData(_ index: UInt64, isLast: Bool) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(field: "sealed-file")
        writer.write(version)
        writer.write(index)
        writer.write(UInt8(isLast ? 1 : 0))
        return writer.bytes
    }
}

/// Seals one file as it streams in. Never copied, so that no nonce can serve twice.
public struct FileSealer: ~Copyable, Sendable {
    private let key: Secret
    private var waiting: [UInt8] = []
    private var index: UInt64 = 0

    /// A key for one file; the caller stores it as a sealed value and uses it for nothing else.
    public static func newKey() throws(VaultFault) -> Secret {
        Secret(bytes: try Random.bytes(AESGCM.keyBytes))
    }

    /// Starts a file under its own new key.
    public init(key: Secret) {
        self.key = key
    }

    /// Takes clear bytes and gives the sealed bytes that are ready, often none.
    public mutating func add(_ bytes: [UInt8]) throws(VaultFault) -> [UInt8] {
        waiting += bytes
        var sealed: [UInt8] = []
        var start = 0
        while waiting.count - start > SealedFile.chunkBytes {
            let end = start + SealedFile.chunkBytes
            sealed += try chunk(Array(waiting[start..<end]), isLast: false)
            start = end
        }
        waiting.removeFirst(start)
        return sealed
    }

    /// The sealed bytes of the end.
    public consuming func finish() throws(VaultFault) -> [UInt8] {
        try chunk(waiting, isLast: true)
    }

    private mutating func chunk(_ clear: [UInt8], isLast: Bool) throws(VaultFault) -> [UInt8] {
        let sealed = try AESGCM.seal(
            clear, key: key.bytes, nonce: SealedFile.nonce(index),
            aad: SealedFile.additionalData(index, isLast: isLast))
        let opening = index == 0 ? [SealedFile.version] : []
        index += 1
        return opening + sealed
    }
}

/// Opens one sealed file as it streams out.
///
/// Each piece it gives is genuine and in its place; that nothing was cut off is known only when `finish` returns.
public struct FileOpener: ~Copyable, Sendable {
    private static let sealedChunkBytes = SealedFile.chunkBytes + AESGCM.tagBytes

    private let key: Secret
    private var waiting: [UInt8] = []
    private var index: UInt64 = 0
    private var versionSeen = false

    /// Starts to open a file with its key.
    public init(key: Secret) {
        self.key = key
    }

    /// Takes sealed bytes and gives the clear bytes that are ready, often none.
    ///
    /// - Throws: ``VaultFault/damaged`` for another key, changed bytes or another order.
    public mutating func add(_ bytes: [UInt8]) throws(VaultFault) -> [UInt8] {
        waiting += bytes
        var start = 0
        if !versionSeen, let first = waiting.first {
            guard first == SealedFile.version else { throw .damaged }
            versionSeen = true
            start = 1
        }
        var clear: [UInt8] = []
        while waiting.count - start > FileOpener.sealedChunkBytes {
            let end = start + FileOpener.sealedChunkBytes
            clear += try chunk(Array(waiting[start..<end]), isLast: false)
            start = end
        }
        waiting.removeFirst(start)
        return clear
    }

    /// The clear bytes of the end.
    ///
    /// - Throws: ``VaultFault/damaged`` also when the file was cut off.
    public consuming func finish() throws(VaultFault) -> [UInt8] {
        guard versionSeen else { throw .damaged }
        return try chunk(waiting, isLast: true)
    }

    private mutating func chunk(_ sealed: [UInt8], isLast: Bool) throws(VaultFault) -> [UInt8] {
        let clear = try AESGCM.open(
            key: key.bytes, nonce: SealedFile.nonce(index),
            aad: SealedFile.additionalData(index, isLast: isLast), ciphertextAndTag: sealed)
        index += 1
        return clear
    }
}
