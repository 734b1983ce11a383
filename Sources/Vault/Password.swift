internal import COpenSSL
internal import Foundation

/// What one password hash costs: scrypt's parameters (RFC 7914).
public struct PasswordCost: Sendable, Hashable {
    /// Logarithm to base 2 of N; memory is 128 · N · r bytes.
    public let logN: Int
    /// Block size.
    public let r: Int
    /// Parallelisation.
    public let p: Int

    /// About 32 MiB and a quarter of a second: N = 2¹⁵, r = 8, p = 3, a row of the OWASP password storage page.
    public static let standard = PasswordCost(logN: 15, r: 8, p: 3)

    /// A cost; nil outside 2 ≤ logN ≤ 18, 1 ≤ r ≤ 16, 1 ≤ p ≤ 16: a damaged stored hash must not exhaust memory.
    public init?(checkedLogN logN: Int, r: Int, p: Int) {
        guard (2...18).contains(logN), (1...16).contains(r), (1...16).contains(p) else { return nil }
        self.init(logN: logN, r: r, p: p)
    }

    private init(logN: Int, r: Int, p: Int) {
        self.logN = logN
        self.r = r
        self.p = p
    }

    var n: UInt64 { 1 << UInt64(logN) }

    /// OpenSSL's own limit is 32 MiB and would refuse the standard cost.
    var memoryBytesMax: UInt64 {
        128 * n * UInt64(r) + 128 * UInt64(r) * UInt64(p) + 1024 * 1024
    }
}

/// How a typed password compares with the stored hash.
public enum PasswordVerdict: Sendable, Hashable {
    /// It is the password.
    case matches
    /// It is the password, but the hash was made at another cost: hash again and store.
    case matchesRehash
    /// It is not the password, or there is no such account.
    case wrong
}

/// Hashes passwords: `$scrypt$ln=15,r=8,p=3,keyid=ID$salt$hash`, where an HMAC under the pepper goes around scrypt's
/// result, so that a stolen table without the key file cannot be tried at all.
///
/// Each call takes a quarter of a second of processor time and 32 MiB: call it through ``PasswordWorkshop``.
public struct Password: Sendable {
    /// The longest password that is looked at, in bytes of UTF-8; longer ones are cut off before anything is computed.
    public static let bytesMax = 1024

    private static let saltBytes = 16
    private static let hashBytes = 32

    private let pepper: Secret
    private let cost: PasswordCost

    /// Takes ``Keys/pepper``; tests pass a small cost.
    public init(pepper: Secret, cost: PasswordCost = .standard) {
        self.pepper = pepper
        self.cost = cost
    }

    /// The text to store for a new password.
    public func hash(_ password: Secret) throws(VaultFault) -> String {
        let salt = try Random.bytes(Password.saltBytes)
        return Stored(cost: cost, keyID: keyID, salt: salt, hash: try peppered(password, salt, cost)).text
    }

    /// Compares a typed password with a stored text.
    ///
    /// - Parameter stored: nil when there is no such account; the same work is done then and the answer is
    ///   ``PasswordVerdict/wrong``, so that the time does not tell accounts apart.
    /// - Throws: ``VaultFault/damaged`` for an unreadable stored text, ``VaultFault/unknownKey(id:)`` for another
    ///   pepper.
    public func verify(_ password: Secret, against stored: String?) throws(VaultFault) -> PasswordVerdict {
        guard let stored else {
            _ = try peppered(password, Array(repeating: 0, count: Password.saltBytes), cost)
            return .wrong
        }
        guard let known = Stored(text: stored) else { throw .damaged }
        guard known.keyID == keyID else { throw .unknownKey(id: known.keyID) }
        let typed = try peppered(password, known.salt, known.cost)
        guard constantTimeEqual(typed, known.hash) else { return .wrong }
        return known.cost == cost ? .matches : .matchesRehash
    }

    /// Names the pepper without telling anything about it.
    private var keyID: String {
        Hex.encode(Array(Digest.hmacSHA256(key: pepper.bytes, message: Array("pepper id".utf8)).prefix(4)))
    }

    private func peppered(
        _ password: Secret, _ salt: [UInt8], _ cost: PasswordCost
    ) throws(VaultFault) -> [UInt8] {
        let typed = normal(password).map { CChar(bitPattern: $0) }
        var hash = [UInt8](repeating: 0, count: Password.hashBytes)
        let done = EVP_PBE_scrypt(
            typed, typed.count, salt, salt.count, cost.n, UInt64(cost.r), UInt64(cost.p), cost.memoryBytesMax,
            &hash, hash.count)
        guard done == 1 else { throw .fromOpenSSL("scrypt") }
        return Digest.hmacSHA256(key: pepper.bytes, message: hash)
    }

    /// One form for what different keyboards send for the same characters (NFKC, NIST SP 800-63B 5.1.1.2).
    private func normal(_ password: Secret) -> [UInt8] {
        guard password.bytes.count <= Password.bytesMax, let text = password.text else {
            return Array(password.bytes.prefix(Password.bytesMax))
        }
        return Array(text.precomposedStringWithCompatibilityMapping.utf8)
    }

    private struct Stored {
        let cost: PasswordCost
        let keyID: String
        let salt: [UInt8]
        let hash: [UInt8]

        init(cost: PasswordCost, keyID: String, salt: [UInt8], hash: [UInt8]) {
            self.cost = cost
            self.keyID = keyID
            self.salt = salt
            self.hash = hash
        }

        init?(text: String) {
            let parts = text.split(separator: "$", omittingEmptySubsequences: false)
            guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
                let salt = Base64.decodeURL(String(parts[3])), salt.count == Password.saltBytes,
                let hash = Base64.decodeURL(String(parts[4])), hash.count == Password.hashBytes
            else { return nil }
            let values = parts[2].split(separator: ",", omittingEmptySubsequences: false)
            guard values.count == 4, let logN = Stored.value("ln", values[0]).flatMap({ Int($0) }),
                let r = Stored.value("r", values[1]).flatMap({ Int($0) }),
                let p = Stored.value("p", values[2]).flatMap({ Int($0) }),
                let keyID = Stored.value("keyid", values[3]),
                let cost = PasswordCost(checkedLogN: logN, r: r, p: p)
            else { return nil }
            self.init(cost: cost, keyID: keyID, salt: salt, hash: hash)
        }

        var text: String {
            let parameters = "ln=\(cost.logN),r=\(cost.r),p=\(cost.p),keyid=\(keyID)"
            return "$scrypt$\(parameters)$\(Base64.encodeURL(salt))$\(Base64.encodeURL(hash))"
        }

        private static func value(_ name: String, _ text: Substring) -> String? {
            text.hasPrefix(name + "=") ? String(text.dropFirst(name.count + 1)) : nil
        }
    }
}
