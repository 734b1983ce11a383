import RefundDomain
import Vault

extension WeChatPay {
    /// The keys that WeChat Pay signs with, found by the serial number that it names beside a signature.
    ///
    /// Both kinds may be held at once: while a merchant moves from platform certificates to the public key, notices
    /// come with either for days (developers' community, 0008ce1ea905609afef23aa2a66000).
    struct PlatformKeys: Sendable {
        private let publicKey: (id: String, key: any PublicMessageKey)?
        private let certificates: [Certificate]

        /// The longest list of certificates that is read, in bytes.
        private static let certificateBytesMax = 65_536
        private static let certificateEnd = "-----END CERTIFICATE-----"

        init(_ fields: AccountFields, _ keys: MessageKeyReader) throws(AccountFault) {
            publicKey = try Self.publicKey(fields, keys)
            certificates = try Self.certificates(fields)
            guard publicKey != nil || !certificates.isEmpty else {
                throw AccountFault(
                    key: "public_key_pem",
                    problem: "is missing: one of public_key_pem and platform_certificates_pem is needed")
            }
        }

        /// The public key's id, which requests name so that answers are signed with it; nil when only certificates
        /// are held.
        var publicKeyID: String? { publicKey?.id }

        /// The key that a serial number names; nil for one that is not held or whose certificate is not valid now.
        func key(named serial: String, at now: Moment) -> (any SignatureChecker)? {
            if let publicKey, sameBytes(publicKey.id, serial) { return publicKey.key }
            let found = certificates.first { sameBytes($0.serialHex.uppercased(), serial.uppercased()) }
            guard let found, (found.notBefore...found.notAfter).contains(now.seconds) else { return nil }
            return found.publicKey
        }

        /// The key that fields of a request are encrypted with: the public key, else the certificate that is valid
        /// longest.
        func encryptionKey(at now: Moment) -> (serial: String, encrypter: any FieldEncrypter)? {
            if let publicKey { return (publicKey.id, publicKey.key) }
            let valid = certificates.filter { ($0.notBefore...$0.notAfter).contains(now.seconds) }
            guard let newest = valid.max(by: { $0.notAfter < $1.notAfter }), let key = newest.publicKey else {
                return nil
            }
            return (newest.serialHex.uppercased(), key)
        }

        private static func publicKey(
            _ fields: AccountFields, _ keys: MessageKeyReader
        ) throws(AccountFault) -> (String, any PublicMessageKey)? {
            let id = try fields.text("public_key_id", 1...64, .token)
            let pem = try fields.text("public_key_pem", 1...16_384, .anything)
            switch (id, pem) {
            case (nil, nil): return nil
            case (nil, _): throw AccountFault(key: "public_key_id", problem: "is missing beside public_key_pem")
            case (_, nil): throw AccountFault(key: "public_key_pem", problem: "is missing beside public_key_id")
            case (let id?, let pem?):
                guard id.hasPrefix("PUB_KEY_ID_") else {
                    throw AccountFault(key: "public_key_id", problem: "must begin with PUB_KEY_ID_")
                }
                do { return (id, try keys.checker(pem)) } catch {
                    throw AccountFault(key: "public_key_pem", problem: "is not an RSA public key in PEM")
                }
            }
        }

        private static func certificates(_ fields: AccountFields) throws(AccountFault) -> [Certificate] {
            let key = "platform_certificates_pem"
            guard let text = try fields.text(key, 1...certificateBytesMax, .anything) else { return [] }
            var certificates: [Certificate] = []
            var rest = Substring(text)
            while let end = rest.firstRange(of: certificateEnd) {
                let found = try? Certificate(pem: String(rest[..<end.upperBound]))
                guard let found, found.publicKey != nil, found.notBefore <= found.notAfter else {
                    throw AccountFault(key: key, problem: "certificate \(certificates.count + 1) cannot be read")
                }
                certificates.append(found)
                rest = rest[end.upperBound...]
            }
            guard !certificates.isEmpty, rest.allSatisfy(\.isWhitespace) else {
                throw AccountFault(key: key, problem: "is not a list of certificates in PEM")
            }
            return certificates
        }
    }
}
