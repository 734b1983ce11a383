internal import COpenSSL

/// AES key wrap with padding (RFC 5649), the accepted way to keep one key under another.
enum KeyWrap {
    /// Wraps a key under another of 24 or 32 bytes.
    static func wrap(_ key: [UInt8], under wrappingKey: [UInt8]) throws(VaultFault) -> [UInt8] {
        let context = try CipherContext()
        EVP_CIPHER_CTX_set_flags(context.pointer, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
        var wrapped = [UInt8](repeating: 0, count: key.count + 16)
        var first: Int32 = 0
        var rest: Int32 = 0
        guard let cipher = cipher(for: wrappingKey), !key.isEmpty,
            EVP_EncryptInit_ex(context.pointer, cipher, nil, wrappingKey, nil) == 1,
            EVP_EncryptUpdate(context.pointer, &wrapped, &first, key, Int32(clamping: key.count)) == 1,
            EVP_EncryptFinal_ex(context.pointer, nil, &rest) == 1
        else { throw .fromOpenSSL("AES key wrap") }
        return Array(wrapped.prefix(Int(first)))
    }

    /// The wrapped key; its integrity is checked.
    ///
    /// - Throws: ``VaultFault/damaged`` when it was wrapped under another key or changed.
    static func unwrap(_ wrapped: [UInt8], under wrappingKey: [UInt8]) throws(VaultFault) -> [UInt8] {
        guard wrapped.count >= 16, wrapped.count % 8 == 0 else { throw .damaged }
        let context = try CipherContext()
        EVP_CIPHER_CTX_set_flags(context.pointer, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
        var key = [UInt8](repeating: 0, count: wrapped.count + 16)
        var first: Int32 = 0
        guard let cipher = cipher(for: wrappingKey),
            EVP_DecryptInit_ex(context.pointer, cipher, nil, wrappingKey, nil) == 1
        else { throw .fromOpenSSL("AES key wrap") }
        guard EVP_DecryptUpdate(context.pointer, &key, &first, wrapped, Int32(clamping: wrapped.count)) == 1, first > 0
        else {
            ERR_clear_error()
            throw .damaged
        }
        return Array(key.prefix(Int(first)))
    }

    private static func cipher(for wrappingKey: [UInt8]) -> OpaquePointer? {
        switch wrappingKey.count {
        case 24: EVP_aes_192_wrap_pad()
        case 32: EVP_aes_256_wrap_pad()
        default: nil
        }
    }
}
