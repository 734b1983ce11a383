internal import COpenSSL

/// A private RSA key for signatures with SHA-256 and PKCS#1 v1.5 padding (RFC 8017), as the payment channels want them.
public struct RSAPrivateKey: Sendable {
    /// The smallest accepted key.
    public static let bitsMin = 2048

    let handle: KeyHandle

    /// Reads a PEM text, PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), without a password.
    ///
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` for anything else, other kinds of key and fewer than 2048 bits.
    public init(pem: Secret) throws(VaultFault) {
        let stream = try MemoryStream.holding(pem.bytes)
        handle = try KeyHandle.rsa(owning: PEM_read_bio_PrivateKey(stream.pointer, nil, noPassword, nil))
    }

    /// Reads DER, PKCS#8 or PKCS#1.
    ///
    /// - Throws: as ``init(pem:)``.
    public init(der: Secret) throws(VaultFault) {
        let stream = try MemoryStream.holding(der.bytes)
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
        return try RSAPublicKey(pem: stream.text())
    }

    /// Signs a message.
    public func sign(_ message: [UInt8]) throws(VaultFault) -> [UInt8] {
        let context = try DigestContext()
        return try handle.use { key throws(VaultFault) in
            var count = 0
            guard EVP_DigestSignInit(context.pointer, nil, EVP_sha256(), nil, key) == 1,
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
    }
}

/// A public RSA key that checks signatures with SHA-256 and PKCS#1 v1.5 padding.
public struct RSAPublicKey: Sendable {
    let handle: KeyHandle

    /// Reads a PEM text of a public key (`PUBLIC KEY`).
    ///
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` for anything else, other kinds of key and fewer than 2048 bits.
    public init(pem: String) throws(VaultFault) {
        let stream = try MemoryStream.holding(Array(pem.utf8))
        handle = try KeyHandle.rsa(owning: PEM_read_bio_PUBKEY(stream.pointer, nil, noPassword, nil))
    }

    /// Reads DER (`SubjectPublicKeyInfo`), as some channels give it in bare base64.
    ///
    /// - Throws: as ``init(pem:)``.
    public init(der: [UInt8]) throws(VaultFault) {
        let stream = try MemoryStream.holding(der)
        handle = try KeyHandle.rsa(owning: d2i_PUBKEY_bio(stream.pointer, nil))
    }

    init(handle: KeyHandle) {
        self.handle = handle
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
            guard EVP_DigestVerifyInit(context.pointer, nil, EVP_sha256(), nil, key) == 1 else { return false }
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
