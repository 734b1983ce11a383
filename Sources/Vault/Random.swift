internal import COpenSSL

/// Random values from OpenSSL's generator, fit for keys and tokens.
public enum Random {
    /// Bytes of a session or link token: 256 bits.
    public static let tokenBytes = 32

    /// So many random bytes.
    ///
    /// - Throws: ``VaultFault/openssl(_:)`` when the system cannot give randomness; never weaker bytes instead.
    public static func bytes(_ count: Int) throws(VaultFault) -> [UInt8] {
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(clamping: count)) == 1 else { throw .fromOpenSSL("RAND_bytes") }
        return bytes
    }

    /// A token of 256 bits as 43 characters of base64url without padding.
    public static func token() throws(VaultFault) -> String {
        Base64.encodeURL(try bytes(tokenBytes))
    }

    /// Six decimal digits, each of the million equally likely.
    public static func code6() throws(VaultFault) -> String {
        let million: UInt32 = 1_000_000
        let fair = UInt32.max - UInt32.max % million
        while true {
            let drawn = try bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard drawn < fair else { continue }
            let digits = String(drawn % million)
            return String(repeating: "0", count: 6 - digits.count) + digits
        }
    }

    /// 40 random bits, for a case number; draw again when the number refuses them.
    public static func bits40() throws(VaultFault) -> UInt64 {
        try bytes(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
}
