internal import COpenSSL

/// SHA-256 and what is built on it. None of these can fail on data; they stop the process only where memory for the
/// digest itself cannot be had, as any Swift allocation does.
public enum Digest {
    /// Bytes of a SHA-256 digest.
    public static let sha256Bytes = 32

    /// SHA-256 (FIPS 180-4) of a message.
    public static func sha256(_ message: [UInt8]) -> [UInt8] {
        var stream = SHA256Stream()
        stream.add(message)
        return stream.finish()
    }

    /// SHA-256 of a text's UTF-8 bytes.
    public static func sha256(_ text: String) -> [UInt8] {
        sha256(Array(text.utf8))
    }

    /// HMAC-SHA-256 (RFC 2104, RFC 4231).
    public static func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        hmac(EVP_sha256(), key: key, message: message)
    }

    /// HKDF-SHA-256 (RFC 5869): `count` bytes of key material for one purpose.
    ///
    /// - Parameter count: 0 to 8160; more is cut to 8160.
    public static func hkdfSHA256(secret: [UInt8], salt: [UInt8] = [], label: [UInt8], count: Int) -> [UInt8] {
        let extracted = hmacSHA256(key: salt, message: secret)
        var material: [UInt8] = []
        var block: [UInt8] = []
        for round in UInt8(1)...255 where material.count < count {
            block = hmacSHA256(key: extracted, message: block + label + [round])
            material += block
        }
        return Array(material.prefix(max(0, count)))
    }

    static func hmac(_ algorithm: OpaquePointer?, key: [UInt8], message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let made = HMAC(algorithm, key, Int32(clamping: key.count), message, message.count, &digest, &count)
        precondition(made != nil, "OpenSSL cannot compute HMAC")
        return Array(digest.prefix(Int(count)))
    }
}

/// SHA-256 of a message that arrives in pieces.
public struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer

    /// An empty message.
    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL cannot compute SHA-256")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Appends a piece of the message.
    public mutating func add(_ bytes: [UInt8]) {
        let added = EVP_DigestUpdate(context, bytes, bytes.count)
        precondition(added == 1, "OpenSSL cannot compute SHA-256")
    }

    /// The digest of everything added; ends the stream.
    public consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Digest.sha256Bytes)
        let finished = EVP_DigestFinal_ex(context, &digest, nil)
        precondition(finished == 1, "OpenSSL cannot compute SHA-256")
        return digest
    }
}

/// Compares two byte strings in a time that depends on their lengths only.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
