internal import COpenSSL

/// SM4 (GB/T 32907-2016) block by block (ECB) with PKCS#7 padding, as one channel encrypts whole bodies.
///
/// Equal blocks stay visible and nothing guards against changed bytes: what is opened counts for nothing before the
/// channel's own signature over it has held.
public enum SM4 {
    /// Bytes of a key.
    public static let keyBytes = 16
    /// Bytes of a block; a sealed message is a whole number of them, at least one.
    public static let blockBytes = 16
    /// The longest message, in bytes.
    public static let messageBytesMax = 1 << 24

    /// Encrypts a message.
    ///
    /// - Throws: ``VaultFault/openssl(_:)`` for a wrong length of key or message.
    public static func seal(_ plain: [UInt8], key: [UInt8]) throws(VaultFault) -> [UInt8] {
        try check(key: key, messageBytes: plain.count)
        let context = try CipherContext()
        var sealed = [UInt8](repeating: 0, count: plain.count + blockBytes)
        var last = [UInt8](repeating: 0, count: blockBytes)
        var moved: Int32 = 0
        var rest: Int32 = 0
        guard EVP_EncryptInit_ex(context.pointer, EVP_sm4_ecb(), nil, key, nil) == 1,
            EVP_EncryptUpdate(context.pointer, &sealed, &moved, plain, Int32(clamping: plain.count)) == 1,
            EVP_EncryptFinal_ex(context.pointer, &last, &rest) == 1
        else { throw .fromOpenSSL("SM4") }
        return Array(sealed.prefix(Int(moved)) + last.prefix(Int(rest)))
    }

    /// Decrypts a message.
    ///
    /// - Throws: ``VaultFault/damaged`` when it is no whole number of blocks or its padding does not fit.
    public static func open(_ sealed: [UInt8], key: [UInt8]) throws(VaultFault) -> [UInt8] {
        try check(key: key, messageBytes: sealed.count)
        let context = try CipherContext()
        var plain = [UInt8](repeating: 0, count: sealed.count + blockBytes)
        var last = [UInt8](repeating: 0, count: blockBytes)
        var moved: Int32 = 0
        var rest: Int32 = 0
        guard EVP_DecryptInit_ex(context.pointer, EVP_sm4_ecb(), nil, key, nil) == 1,
            EVP_DecryptUpdate(context.pointer, &plain, &moved, sealed, Int32(clamping: sealed.count)) == 1
        else { throw .fromOpenSSL("SM4") }
        guard EVP_DecryptFinal_ex(context.pointer, &last, &rest) == 1 else {
            ERR_clear_error()
            throw .damaged
        }
        return Array(plain.prefix(Int(moved)) + last.prefix(Int(rest)))
    }

    private static func check(key: [UInt8], messageBytes: Int) throws(VaultFault) {
        guard key.count == keyBytes else { throw .openssl("SM4: key of \(key.count) bytes") }
        guard messageBytes <= messageBytesMax else { throw .openssl("SM4: message too long") }
    }
}
