internal import COpenSSL
internal import Foundation

/// Issues certificates, for a counterparty that people run themselves.
public struct CertificateIssuer: Sendable {
    /// The issuer's own certificate.
    public let certificate: Certificate
    private let key: RSAPrivateKey

    /// What a certificate may be used for.
    public enum Role: Sendable, Hashable {
        /// Issues other certificates.
        case authority
        /// Signs messages.
        case signer
        /// Says nothing about its use.
        case unstated
    }

    /// Takes an issuer up again.
    public init(certificate: Certificate, key: RSAPrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// An issuer at the root, whose certificate signs itself.
    ///
    /// - Parameters:
    ///   - notBefore: seconds since 1970.
    ///   - notAfter: seconds since 1970.
    public static func root(
        _ key: RSAPrivateKey, commonName: String, notBefore: Int64, notAfter: Int64
    ) throws(VaultFault) -> CertificateIssuer {
        let own = try make(
            key.publicKey(), commonName, .authority, from: notBefore, to: notAfter, issuer: nil, key: key)
        return CertificateIssuer(certificate: own, key: key)
    }

    /// A certificate for somebody's public key.
    ///
    /// - Parameters:
    ///   - notBefore: seconds since 1970.
    ///   - notAfter: seconds since 1970.
    public func issue(
        _ subject: RSAPublicKey, commonName: String, role: Role, notBefore: Int64, notAfter: Int64
    ) throws(VaultFault) -> Certificate {
        try Self.make(subject, commonName, role, from: notBefore, to: notAfter, issuer: certificate, key: key)
    }

    /// `issuer` is nil for a certificate that names itself.
    fileprivate static func make(
        _ subject: RSAPublicKey, _ commonName: String, _ role: Role, from: Int64, to: Int64, issuer: Certificate?,
        key: RSAPrivateKey
    ) throws(VaultFault) -> Certificate {
        guard let pointer = X509_new() else { throw .fromOpenSSL("X509_new") }
        let handle = CertificateHandle(owning: pointer)
        let text = Array(commonName.utf8)
        let name = X509_get_subject_name(pointer)
        let filled = try subject.handle.use { subjectKey in
            X509_set_version(pointer, 2) == 1
                && ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(from)) != nil
                && ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(to)) != nil
                && X509_NAME_add_entry_by_NID(
                    name, NID_commonName, V_ASN1_UTF8STRING, text, Int32(clamping: text.count), -1, 0) == 1
                && X509_set_pubkey(pointer, subjectKey) == 1
        }
        guard filled else { throw .fromOpenSSL("X.509") }
        try setSerial(pointer)
        try setIssuer(pointer, issuer)
        try setRole(pointer, role)
        let signed = try key.handle.use { X509_sign(pointer, $0, EVP_sha256()) }
        guard signed > 0 else { throw .fromOpenSSL("X.509") }
        return try Certificate(handle)
    }

    private static func setSerial(_ certificate: OpaquePointer) throws(VaultFault) {
        var bytes = try Random.bytes(16)
        bytes[0] = bytes[0] & 0x7F | 0x40
        let number = BN_bin2bn(bytes, Int32(clamping: bytes.count), nil)
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil else {
            throw .fromOpenSSL("X.509 serial number")
        }
    }

    private static func setIssuer(_ certificate: OpaquePointer, _ issuer: Certificate?) throws(VaultFault) {
        let set: Int32
        if let issuer {
            let handle = try CertificateHandle(pem: issuer.pem)
            set = X509_set_issuer_name(certificate, X509_get_subject_name(handle.pointer))
        } else {
            set = X509_set_issuer_name(certificate, X509_get_subject_name(certificate))
        }
        guard set == 1 else { throw .fromOpenSSL("X.509 issuer") }
    }

    private static func setRole(_ certificate: OpaquePointer, _ role: Role) throws(VaultFault) {
        let extensions: [(Int32, String)] =
            switch role {
            case .authority:
                [(NID_basic_constraints, "critical,CA:TRUE"), (NID_key_usage, "critical,keyCertSign,cRLSign")]
            case .signer:
                [(NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature")]
            case .unstated: []
            }
        for (kind, value) in extensions {
            let made = X509V3_EXT_conf_nid(nil, nil, kind, value)
            defer { X509_EXTENSION_free(made) }
            guard made != nil, X509_add_ext(certificate, made, -1) == 1 else {
                throw .fromOpenSSL("X.509 extension")
            }
        }
    }
}

extension Certificate {
    /// Makes a certificate that signs itself and says nothing about its use.
    ///
    /// - Parameters:
    ///   - notBefore: seconds since 1970.
    ///   - notAfter: seconds since 1970.
    public static func selfSigned(
        _ key: RSAPrivateKey, commonName: String, notBefore: Int64, notAfter: Int64
    ) throws(VaultFault) -> Certificate {
        try CertificateIssuer.make(
            key.publicKey(), commonName, .unstated, from: notBefore, to: notAfter, issuer: nil, key: key)
    }
}
