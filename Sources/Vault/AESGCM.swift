internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a 12-byte nonce and a 16-byte tag behind the ciphertext.
public enum AESGCM {
    /// Bytes of a key.
    public static let keyBytes = 32
    /// Bytes of a nonce; a nonce must never serve twice under one key.
    public static let nonceBytes = 12
    /// Bytes of the tag at the end.
    public static let tagBytes = 16
    /// The longest message of one call, in bytes; longer content goes through ``FileSealer``.
    public static let messageBytesMax = 64 * 1024 * 1024

    /// Encrypts a message and binds it to additional data that stays in clear.
    ///
    /// - Throws: ``VaultFault/openssl(_:)`` for a wrong length of key, nonce or message.
    public static func seal(
        _ plain: [UInt8], key: [UInt8], nonce: [UInt8], aad: [UInt8]
    ) throws(VaultFault) -> [UInt8] {
        try check(key: key, nonce: nonce, messageBytes: plain.count)
        let context = try CipherContext()
        var sealed = [UInt8](repeating: 0, count: plain.count)
        var tag = [UInt8](repeating: 0, count: tagBytes)
        var moved: Int32 = 0
        guard EVP_EncryptInit_ex(context.pointer, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            EVP_EncryptUpdate(context.pointer, nil, &moved, aad, Int32(clamping: aad.count)) == 1,
            EVP_EncryptUpdate(context.pointer, &sealed, &moved, plain, Int32(clamping: plain.count)) == 1,
            EVP_EncryptFinal_ex(context.pointer, nil, &moved) == 1,
            EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), &tag) == 1
        else { throw .fromOpenSSL("AES-256-GCM") }
        return sealed + tag
    }

    /// Decrypts a message after checking that neither it nor the additional data was changed.
    ///
    /// - Throws: ``VaultFault/damaged`` when it does not open; nothing of the plaintext is given then.
    public static func open(
        key: [UInt8], nonce: [UInt8], aad: [UInt8], ciphertextAndTag: [UInt8]
    ) throws(VaultFault) -> [UInt8] {
        guard ciphertextAndTag.count >= tagBytes else { throw .damaged }
        let sealed = Array(ciphertextAndTag.dropLast(tagBytes))
        var tag = Array(ciphertextAndTag.suffix(tagBytes))
        try check(key: key, nonce: nonce, messageBytes: sealed.count)
        let context = try CipherContext()
        var plain = [UInt8](repeating: 0, count: sealed.count)
        var moved: Int32 = 0
        guard EVP_DecryptInit_ex(context.pointer, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            EVP_DecryptUpdate(context.pointer, nil, &moved, aad, Int32(clamping: aad.count)) == 1,
            EVP_DecryptUpdate(context.pointer, &plain, &moved, sealed, Int32(clamping: sealed.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), &tag) == 1
        else { throw .fromOpenSSL("AES-256-GCM") }
        guard EVP_DecryptFinal_ex(context.pointer, nil, &moved) == 1 else {
            ERR_clear_error()
            throw .damaged
        }
        return plain
    }

    private static func check(key: [UInt8], nonce: [UInt8], messageBytes: Int) throws(VaultFault) {
        guard key.count == keyBytes else { throw .openssl("AES-256-GCM: key of \(key.count) bytes") }
        guard nonce.count == nonceBytes else { throw .openssl("AES-256-GCM: nonce of \(nonce.count) bytes") }
        guard messageBytes <= messageBytesMax else { throw .openssl("AES-256-GCM: message too long") }
    }
}

/// Owns one cipher context of OpenSSL; freeing it also wipes the key schedule.
struct CipherContext: ~Copyable {
    let pointer: OpaquePointer

    init() throws(VaultFault) {
        guard let pointer = EVP_CIPHER_CTX_new() else { throw .fromOpenSSL("EVP_CIPHER_CTX_new") }
        self.pointer = pointer
    }

    deinit {
        EVP_CIPHER_CTX_free(pointer)
    }
}
