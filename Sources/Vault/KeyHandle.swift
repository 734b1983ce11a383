internal import COpenSSL

/// Owns one `EVP_PKEY` of OpenSSL.
///
/// The address is kept as a number that never changes, which makes the class `Sendable` without a promise to the
/// compiler. It is safe because OpenSSL 3 counts references atomically and a key is never changed after it was made:
/// openssl-threads(7) allows any number of threads to use an object through functions that do not modify it, and each
/// signature has a context of its own.
final class KeyHandle: Sendable {
    private let address: UInt

    /// Takes over a key that the caller owns.
    init(owning key: OpaquePointer) {
        address = UInt(bitPattern: key)
    }

    deinit {
        EVP_PKEY_free(OpaquePointer(bitPattern: address))
    }

    /// Lends the key for the length of one call.
    func use<Value>(_ work: (OpaquePointer?) throws(VaultFault) -> Value) throws(VaultFault) -> Value {
        defer { withExtendedLifetime(self) {} }
        return try work(OpaquePointer(bitPattern: address))
    }

    /// Takes over an RSA key of sufficient size and refuses every other.
    static func rsa(
        owning key: OpaquePointer?, bitsMin: Int = RSAPrivateKey.bitsMin
    ) throws(VaultFault) -> KeyHandle {
        guard let key else {
            ERR_clear_error()
            throw .unreadableKey(reason: "no key that can be read without a password")
        }
        let handle = KeyHandle(owning: key)
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { throw .unreadableKey(reason: "not an RSA key") }
        let bits = EVP_PKEY_get_bits(key)
        guard bits >= bitsMin else { throw .unreadableKey(reason: "RSA key of \(bits) bits") }
        return handle
    }
}

/// Owns one memory stream of OpenSSL; its bytes are wiped when it is freed.
struct MemoryStream: ~Copyable {
    let pointer: OpaquePointer

    /// A stream to read these bytes from.
    static func holding(_ bytes: [UInt8]) throws(VaultFault) -> MemoryStream {
        let stream = try MemoryStream()
        guard bytes.isEmpty || BIO_write(stream.pointer, bytes, Int32(clamping: bytes.count)) == bytes.count else {
            throw .fromOpenSSL("BIO_write")
        }
        return stream
    }

    /// An empty stream to write to.
    init() throws(VaultFault) {
        guard let pointer = BIO_new(BIO_s_secmem()) else { throw .fromOpenSSL("BIO_new") }
        self.pointer = pointer
    }

    deinit {
        BIO_free(pointer)
    }

    /// Everything written, as text.
    func text() -> String {
        String(decoding: bytes(), as: UTF8.self)
    }

    /// Everything written.
    func bytes() -> [UInt8] {
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = BIO_read(pointer, &piece, Int32(clamping: piece.count))
            guard count > 0 else { return content }
            content += piece.prefix(Int(count))
        }
    }
}

/// Refuses to ask for a password: OpenSSL would otherwise read one from the terminal.
let noPassword: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
    _, _, _, _ in -1
}
