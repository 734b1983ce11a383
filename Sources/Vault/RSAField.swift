internal import COpenSSL

/// RSA-OAEP with SHA-1 in both places (RFC 8017, section 7.1), as WeChat Pay wants single fields encrypted.
///
/// SHA-1 is no weakness here: OAEP needs no hash that resists collisions.
extension RSAPublicKey {
    /// - Throws: ``VaultFault`` when the field is longer than the key carries: 214 bytes at 2048 bits.
    public func encrypt(_ field: [UInt8]) throws(VaultFault) -> [UInt8] {
        try handle.use { key throws(VaultFault) in
            let context = try FieldContext(key)
            guard EVP_PKEY_encrypt_init(context.pointer) == 1, context.padsByOAEP() else {
                throw .fromOpenSSL("RSA encryption")
            }
            return try context.run(field, EVP_PKEY_encrypt)
        }
    }
}

extension RSAPrivateKey {
    /// - Throws: ``VaultFault`` for bytes that were not encrypted for this key.
    public func decrypt(_ encrypted: [UInt8]) throws(VaultFault) -> [UInt8] {
        try handle.use { key throws(VaultFault) in
            let context = try FieldContext(key)
            guard EVP_PKEY_decrypt_init(context.pointer) == 1, context.padsByOAEP() else {
                throw .fromOpenSSL("RSA decryption")
            }
            return try context.run(encrypted, EVP_PKEY_decrypt)
        }
    }
}

/// Owns one context of OpenSSL for encrypting or decrypting.
private struct FieldContext: ~Copyable {
    let pointer: OpaquePointer

    typealias Step = (
        OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?, UnsafePointer<UInt8>?, Int
    ) -> Int32

    init(_ key: OpaquePointer?) throws(VaultFault) {
        guard let pointer = EVP_PKEY_CTX_new(key, nil) else { throw .fromOpenSSL("EVP_PKEY_CTX_new") }
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_CTX_free(pointer)
    }

    /// Chooses OAEP, whose hashes are SHA-1 unless told otherwise.
    func padsByOAEP() -> Bool {
        EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_OAEP_PADDING) == 1
    }

    /// Asks for the length, then does it.
    func run(_ input: [UInt8], _ step: Step) throws(VaultFault) -> [UInt8] {
        var count = 0
        guard step(pointer, nil, &count, input, input.count) == 1 else { throw .fromOpenSSL("RSA") }
        var output = [UInt8](repeating: 0, count: count)
        guard step(pointer, &output, &count, input, input.count) == 1 else { throw .fromOpenSSL("RSA") }
        return Array(output.prefix(count))
    }
}
