internal import COpenSSL

/// A private RSA key for signatures with PKCS#1 v1.5 padding (RFC 8017), as the payment channels want them.
public struct RSAPrivateKey: Sendable {
    /// The smallest accepted key.
    public static let bitsMin = 2048

    let handle: KeyHandle
    private let digest: SignatureDigest

    /// Reads a PEM text, PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), without a password.
    ///
    /// - Parameter digest: what its signatures are made over.
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` for anything else, other kinds of key and fewer than 2048 bits.
    public init(pem: Secret, digest: SignatureDigest = .sha256) throws(VaultFault) {
        let stream = try MemoryStream.holding(pem.bytes)
        self.digest = digest
        handle = try KeyHandle.rsa(owning: PEM_read_bio_PrivateKey(stream.pointer, nil, noPassword, nil))
    }

    /// Reads a PEM text of a key from 1024 bits up; see ``RSAPublicKey/init(weakPEM:digest:)``.
    ///
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` for anything else.
    public init(weakPEM pem: Secret, digest: SignatureDigest) throws(VaultFault) {
        let stream = try MemoryStream.holding(pem.bytes)
        self.digest = digest
        handle = try KeyHandle.rsa(
            owning: PEM_read_bio_PrivateKey(stream.pointer, nil, noPassword, nil), bitsMin: RSAPublicKey.weakBitsMin)
    }

    /// Reads DER, PKCS#8 or PKCS#1.
    ///
    /// - Throws: as ``init(pem:digest:)``.
    public init(der: Secret, digest: SignatureDigest = .sha256) throws(VaultFault) {
        let stream = try MemoryStream.holding(der.bytes)
        self.digest = digest
        handle = try KeyHandle.rsa(owning: d2i_PrivateKey_bio(stream.pointer, nil))
    }

    /// Makes a new key of 2048 to 4096 bits; takes from a tenth of a second to a few seconds.
    public static func generate(bits: Int = bitsMin) throws(VaultFault) -> RSAPrivateKey {
        guard (bitsMin...4096).contains(bits) else { throw .unreadableKey(reason: "RSA key of \(bits) bits") }
        let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(clamping: bits)) == 1,
            EVP_PKEY_generate(context, &key) == 1
        else { throw .fromOpenSSL("RSA key generation") }
        return RSAPrivateKey(handle: try KeyHandle.rsa(owning: key))
    }

    /// The key as unencrypted PKCS#8 PEM.
    public func pem() throws(VaultFault) -> Secret {
        let stream = try MemoryStream()
        let written = try handle.use { key in
            PEM_write_bio_PKCS8PrivateKey(stream.pointer, key, nil, nil, 0, nil, nil)
        }
        guard written == 1 else { throw .fromOpenSSL("PEM") }
        return Secret(stream.text())
    }

    /// The public half.
    public func publicKey() throws(VaultFault) -> RSAPublicKey {
        let stream = try MemoryStream()
        let written = try handle.use { key in PEM_write_bio_PUBKEY(stream.pointer, key) }
        guard written == 1 else { throw .fromOpenSSL("PEM") }
        // Whether it is long enough was decided when the private half was read.
        return try RSAPublicKey(weakPEM: stream.text(), digest: digest)
    }

    /// Signs a message.
    public func sign(_ message: [UInt8]) throws(VaultFault) -> [UInt8] {
        let context = try DigestContext()
        return try handle.use { key throws(VaultFault) in
            var count = 0
            guard EVP_DigestSignInit(context.pointer, nil, digest.algorithm, nil, key) == 1,
                EVP_DigestSign(context.pointer, nil, &count, message, message.count) == 1
            else { throw .fromOpenSSL("RSA signature") }
            var signature = [UInt8](repeating: 0, count: count)
            guard EVP_DigestSign(context.pointer, &signature, &count, message, message.count) == 1 else {
                throw .fromOpenSSL("RSA signature")
            }
            return Array(signature.prefix(count))
        }
    }

    private init(handle: KeyHandle) {
        self.handle = handle
        digest = .sha256
    }
}

/// A public RSA key that checks signatures with PKCS#1 v1.5 padding.
public struct RSAPublicKey: Sendable {
    /// The smallest key that ``init(weakPEM:digest:)`` and ``init(weakDER:digest:)`` accept.
    public static let weakBitsMin = 1024

    let handle: KeyHandle
    private let digest: SignatureDigest

    /// Reads a PEM text of a public key (`PUBLIC KEY`).
    ///
    /// - Parameter digest: what the signatures that it checks are made over.
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` for anything else, other kinds of key and fewer than 2048 bits.
    public init(pem: String, digest: SignatureDigest = .sha256) throws(VaultFault) {
        try self.init(pem: pem, digest: digest, bitsMin: RSAPrivateKey.bitsMin)
    }

    /// Reads DER (`SubjectPublicKeyInfo`), as some channels give it in bare base64.
    ///
    /// - Throws: as ``init(pem:digest:)``.
    public init(der: [UInt8], digest: SignatureDigest = .sha256) throws(VaultFault) {
        try self.init(der: der, digest: digest, bitsMin: RSAPrivateKey.bitsMin)
    }

    /// Reads a PEM text of a public key from 1024 bits up: those below 2048 can be broken by who spends enough.
    ///
    /// Only for a channel that signs with such a key and offers no other.
    ///
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` for anything else.
    public init(weakPEM pem: String, digest: SignatureDigest) throws(VaultFault) {
        try self.init(pem: pem, digest: digest, bitsMin: Self.weakBitsMin)
    }

    /// Reads DER of a public key from 1024 bits up; see ``init(weakPEM:digest:)``.
    ///
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` for anything else.
    public init(weakDER der: [UInt8], digest: SignatureDigest) throws(VaultFault) {
        try self.init(der: der, digest: digest, bitsMin: Self.weakBitsMin)
    }

    init(handle: KeyHandle) {
        self.handle = handle
        digest = .sha256
    }

    private init(pem: String, digest: SignatureDigest, bitsMin: Int) throws(VaultFault) {
        let stream = try MemoryStream.holding(Array(pem.utf8))
        self.digest = digest
        handle = try KeyHandle.rsa(
            owning: PEM_read_bio_PUBKEY(stream.pointer, nil, noPassword, nil), bitsMin: bitsMin)
    }

    private init(der: [UInt8], digest: SignatureDigest, bitsMin: Int) throws(VaultFault) {
        let stream = try MemoryStream.holding(der)
        self.digest = digest
        handle = try KeyHandle.rsa(owning: d2i_PUBKEY_bio(stream.pointer, nil), bitsMin: bitsMin)
    }

    /// The key as PEM (`PUBLIC KEY`).
    public func pem() throws(VaultFault) -> String {
        let stream = try MemoryStream()
        let written = try handle.use { key in PEM_write_bio_PUBKEY(stream.pointer, key) }
        guard written == 1 else { throw .fromOpenSSL("PEM") }
        return stream.text()
    }

    /// Whether a signature was made over exactly these bytes with the private half; false for every other signature.
    public func verify(_ message: [UInt8], signature: [UInt8]) -> Bool {
        let verdict = try? handle.use { key throws(VaultFault) in
            let context = try DigestContext()
            guard EVP_DigestVerifyInit(context.pointer, nil, digest.algorithm, nil, key) == 1 else { return false }
            return EVP_DigestVerify(context.pointer, signature, signature.count, message, message.count) == 1
        }
        ERR_clear_error()
        return verdict ?? false
    }
}

/// Owns one digest context of OpenSSL.
private struct DigestContext: ~Copyable {
    let pointer: OpaquePointer

    init() throws(VaultFault) {
        guard let pointer = EVP_MD_CTX_new() else { throw .fromOpenSSL("EVP_MD_CTX_new") }
        self.pointer = pointer
    }

    deinit {
        EVP_MD_CTX_free(pointer)
    }
}
