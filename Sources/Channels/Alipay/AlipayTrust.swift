import RefundDomain
import Vault

extension Alipay {
    /// Which signatures count as Alipay's, and what our requests say of certificates.
    enum Trust: Sendable {
        /// Public key mode: one key, or two during a change.
        case keys([any SignatureChecker])
        /// Certificate mode: Alipay's certificates by the numbers that answers name, and our own two numbers.
        case certificates(theirs: [String: Certificate], own: OwnNumbers)

        /// What goes into each request in certificate mode.
        struct OwnNumbers: Sendable, Hashable {
            /// `app_cert_sn`.
            let application: String
            /// `alipay_root_cert_sn`.
            let roots: String
        }

        /// What came of checking a signature.
        enum Finding: Sendable, Hashable {
            case verified
            case unknownKey
            case badSignature
        }

        /// Checks a signature over exactly these bytes.
        ///
        /// - Parameter serial: `alipay_cert_sn` as the message has it; it is no part of what is signed.
        func check(_ message: [UInt8], signature: [UInt8], serial: String?, at now: Moment) -> Finding {
            switch self {
            case .keys(let keys):
                return keys.contains { $0.verify(message, signature: signature) } ? .verified : .badSignature
            case .certificates(let theirs, _):
                // Notices name no certificate: any that is held and valid may have signed them.
                let candidates = serial.map { theirs[$0].map { [$0] } ?? [] } ?? Array(theirs.values)
                let valid = candidates.filter { $0.notBefore <= now.seconds && now.seconds <= $0.notAfter }
                guard !valid.isEmpty else { return .unknownKey }
                let fits = valid.contains { $0.publicKey?.verify(message, signature: signature) ?? false }
                return fits ? .verified : .badSignature
            }
        }
    }
}

extension Alipay.Trust {
    private static let certificateKeys = ["app_cert_pem", "alipay_cert_pem", "alipay_root_cert_pem"]

    init(_ fields: AccountFields, _ keys: MessageKeyReader, ownKey: Secret) throws(AccountFault) {
        var texts: [String] = []
        for key in Self.certificateKeys {
            if let text = try fields.text(key, 1...Certificate.listBytesMax, .anything) { texts.append(text) }
        }
        let publicKeys = try fields.text("alipay_public_key_pem", 1...16_384, .anything)
        switch (publicKeys, texts.count) {
        case (let pem?, 0): self = .keys(try Self.publicKeys(pem, keys))
        case (nil, 3): self = try Self.certificates(own: texts[0], theirs: texts[1], roots: texts[2], ownKey)
        case (nil, 0):
            throw AccountFault(
                key: "alipay_public_key_pem", problem: "is missing; certificate mode has three keys in its place")
        case (nil, _):
            throw AccountFault(
                key: "alipay_cert_pem", problem: "goes together with app_cert_pem and alipay_root_cert_pem")
        case (_?, _):
            throw AccountFault(
                key: "alipay_public_key_pem", problem: "cannot stand beside certificates: an application has one mode")
        }
    }

    private static func publicKeys(
        _ pem: String, _ reader: MessageKeyReader
    ) throws(AccountFault) -> [any SignatureChecker] {
        let mark = "-----END PUBLIC KEY-----"
        let parts = pem.split(separator: mark).map(String.init).filter { $0.contains("-----BEGIN") }
        let fault = AccountFault(
            key: "alipay_public_key_pem", problem: "is not one or two RSA public keys in PEM (Alipay's, not ours)")
        guard (1...2).contains(max(parts.count, 1)) else { throw fault }
        var keys: [any SignatureChecker] = []
        for text in parts.isEmpty ? [pem] : parts.map({ $0 + mark + "\n" }) {
            do { keys.append(try reader.checker(text)) } catch { throw fault }
        }
        return keys
    }

    /// The certificates of `appCertPublicKey_….crt`, `alipayCertPublicKey_RSA2.crt` and `alipayRootCert.crt`.
    private static func certificates(
        own: String, theirs: String, roots: String, _ ownKey: Secret
    ) throws(AccountFault) -> Self {
        guard let application = try? Certificate(pem: own) else {
            throw AccountFault(key: "app_cert_pem", problem: "is not a certificate in PEM")
        }
        let ownHalf = try? RSAPrivateKey(pem: ownKey).publicKey().pem()
        guard let ownHalf, (try? application.publicKey?.pem()) == ownHalf else {
            throw AccountFault(key: "app_cert_pem", problem: "is not the certificate of private_key_pem")
        }
        let pinned = ((try? Certificate.readable(pem: roots)) ?? []).filter(\.isSignedWithRSA)
        guard pinned.count >= rootsMin else {
            throw AccountFault(
                key: "alipay_root_cert_pem",
                problem: "holds fewer than \(rootsMin) RSA certificates; take Alipay's file")
        }
        let list = (try? Certificate.list(pem: theirs)) ?? []
        var signers: [String: Certificate] = [:]
        for certificate in list where !certificate.isAuthority && certificate.publicKey != nil {
            signers[certificate.alipayNumber] = certificate
        }
        guard !signers.isEmpty else {
            throw AccountFault(key: "alipay_cert_pem", problem: "holds no certificate of Alipay's own in PEM")
        }
        let chain = PinnedChain(roots: pinned, middles: list.filter(\.isAuthority))
        for signer in signers.values {
            do throws(ChainFault) { try chain.check(signer, at: signer.notBefore) } catch {
                throw AccountFault(key: "alipay_cert_pem", problem: "does not come from alipay_root_cert_pem")
            }
        }
        let numbers = OwnNumbers(
            application: application.alipayNumber, roots: pinned.map(\.alipayNumber).joined(separator: "_"))
        return .certificates(theirs: signers, own: numbers)
    }

    /// RSA certificates in Alipay's file of roots; with fewer the number that we send could not be right.
    private static let rootsMin = 2
}

extension Certificate {
    /// How Alipay numbers certificates: MD5 of the issuer's name, reversed, and the serial number in decimal digits.
    var alipayNumber: String {
        let digest = Hex.encode(Digest.md5(Array((issuerName + serialDecimal).utf8)))
        return String(repeating: "0", count: max(0, 32 - digest.utf8.count)) + digest
    }

    /// Whether the issuer signed it with an RSA key (PKCS #1, 1.2.840.113549.1.1).
    fileprivate var isSignedWithRSA: Bool { signatureAlgorithm.hasPrefix("1.2.840.113549.1.1.") }
}
