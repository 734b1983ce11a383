internal import COpenSSL

/// Digests that channels' wire formats ask for; nothing of the portal's own rests on them.
extension Digest {
    /// MD5 (RFC 1321), which is broken: only where a channel names certificates or signs with a shared key by it.
    public static func md5(_ message: [UInt8]) -> [UInt8] {
        digest(EVP_md5(), message)
    }

    /// SHA-1 (FIPS 180-4), which is broken: only where a channel's files carry it as a check sum.
    public static func sha1(_ message: [UInt8]) -> [UInt8] {
        digest(EVP_sha1(), message)
    }

    /// SM3 (GB/T 32905-2016), 32 bytes.
    public static func sm3(_ message: [UInt8]) -> [UInt8] {
        digest(EVP_sm3(), message)
    }

    private static func digest(_ algorithm: OpaquePointer?, _ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let made = EVP_Digest(message, message.count, &digest, &count, algorithm, nil)
        precondition(made == 1, "OpenSSL cannot compute a digest")
        return Array(digest.prefix(Int(count)))
    }
}

/// The digest that an RSA signature is made over.
public enum SignatureDigest: Sendable, Hashable {
    case sha256
    /// Forgeable by whoever can choose what is signed; only for a channel that offers nothing better.
    case sha1

    var algorithm: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha1: EVP_sha1()
        }
    }
}
