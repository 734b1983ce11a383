internal import COpenSSL
internal import Foundation

/// Time-based one-time codes (RFC 6238), as authenticator apps show them.
public struct OneTimeCode: Sendable {
    /// The hash under the HMAC; apps agree on SHA-1 only, where its weakness against collisions does not matter.
    public enum Algorithm: Sendable {
        case sha1
        case sha256
        case sha512
    }

    /// SHA-1, 30 seconds, 6 digits: what every authenticator app understands.
    public static let standard = OneTimeCode(algorithm: .sha1, digits: 6)
    /// Bytes of a new secret (RFC 4226 section 4, R6).
    public static let secretBytes = 20
    /// Seconds that one code lasts.
    public static let stepSeconds: Int64 = 30
    /// Steps before and after the present one that are accepted, for clocks that differ.
    public static let stepsTolerated: Int64 = 1

    private let algorithm: Algorithm
    private let digits: Int

    /// Codes of 6 to 8 digits; anything else becomes the nearest of these.
    public init(algorithm: Algorithm, digits: Int) {
        self.algorithm = algorithm
        self.digits = min(max(digits, 6), 8)
    }

    /// A new secret; show it once as ``Base32`` or ``uri(secret:issuer:account:)`` and keep it sealed.
    public static func newSecret() throws(VaultFault) -> Secret {
        Secret(bytes: try Random.bytes(secretBytes))
    }

    /// The number of the step that a time in seconds since 1970 falls into.
    public func step(at seconds: Int64) -> Int64 {
        max(0, seconds) / OneTimeCode.stepSeconds
    }

    /// The code of one step.
    public func code(secret: Secret, step: Int64) -> String {
        var counter = ByteWriter()
        counter.write(step)
        let digest = Digest.hmac(hash, key: secret.bytes, message: counter.bytes)
        let offset = Int((digest.last ?? 0) & 15)
        let word = digest.dropFirst(offset).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
        let text = String(word % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step of a typed code, or nil when it is wrong, too old or used.
    ///
    /// - Parameter lastStep: the step of the last code this person used; the caller stores the one returned here in
    ///   its place, guarded in the same statement, so that each code works once.
    public func verify(_ typed: String, secret: Secret, at seconds: Int64, lastStep: Int64?) -> Int64? {
        let typed = Array(typed.utf8.filter { $0 != UInt8(ascii: " ") })
        let now = step(at: seconds)
        var found: Int64?
        for step in max(0, now - OneTimeCode.stepsTolerated)...(now + OneTimeCode.stepsTolerated) {
            let fits = constantTimeEqual(typed, Array(code(secret: secret, step: step).utf8))
            if fits, step > lastStep ?? -1, found == nil { found = step }
        }
        return found
    }

    /// The address that an authenticator app reads from a QR code.
    public func uri(secret: Secret, issuer: String, account: String) -> String {
        let issuer = OneTimeCode.encoded(issuer)
        let label = "\(issuer):\(OneTimeCode.encoded(account))"
        let parameters = "secret=\(Base32.encode(secret.bytes))&issuer=\(issuer)&algorithm=\(name)&digits=\(digits)"
        return "otpauth://totp/\(label)?\(parameters)&period=\(OneTimeCode.stepSeconds)"
    }

    private var hash: OpaquePointer? {
        switch algorithm {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha512: EVP_sha512()
        }
    }

    private var name: String {
        switch algorithm {
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha512: "SHA512"
        }
    }

    private static func encoded(_ text: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
