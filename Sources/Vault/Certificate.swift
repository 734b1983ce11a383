internal import COpenSSL
internal import Foundation

/// An X.509 certificate, read for its number, its dates and its key; chains and revocation are not judged here.
public struct Certificate: Sendable {
    /// The serial number in upper-case hexadecimal, as channels name certificates.
    public let serialHex: String
    /// First second of validity, since 1970.
    public let notBefore: Int64
    /// Last second of validity, since 1970.
    public let notAfter: Int64
    /// Common name of the subject; nil when it has none.
    public let subjectCommonName: String?
    /// The certificate as PEM.
    public let pem: String
    /// Its public key; nil when that is not RSA of at least 2048 bits.
    public let publicKey: RSAPublicKey?

    /// Reads the first certificate of a PEM text.
    ///
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` when there is none.
    public init(pem: String) throws(VaultFault) {
        let stream = try MemoryStream.holding(Array(pem.utf8))
        guard let pointer = PEM_read_bio_X509(stream.pointer, nil, noPassword, nil) else {
            ERR_clear_error()
            throw .unreadableKey(reason: "no certificate")
        }
        try self.init(CertificateHandle(owning: pointer))
    }

    /// Makes a certificate that signs itself, for a counterparty that people run themselves.
    ///
    /// - Parameters:
    ///   - notBefore: seconds since 1970.
    ///   - notAfter: seconds since 1970.
    public static func selfSigned(
        _ key: RSAPrivateKey, commonName: String, notBefore: Int64, notAfter: Int64
    ) throws(VaultFault) -> Certificate {
        guard let pointer = X509_new() else { throw .fromOpenSSL("X509_new") }
        let handle = CertificateHandle(owning: pointer)
        try setSerial(handle.pointer)
        let name = Array(commonName.utf8)
        let subject = X509_get_subject_name(handle.pointer)
        let signed = try key.handle.use { key in
            X509_set_version(handle.pointer, 2) == 1
                && ASN1_TIME_set(X509_getm_notBefore(handle.pointer), time_t(notBefore)) != nil
                && ASN1_TIME_set(X509_getm_notAfter(handle.pointer), time_t(notAfter)) != nil
                && X509_NAME_add_entry_by_NID(
                    subject, NID_commonName, V_ASN1_UTF8STRING, name, Int32(clamping: name.count), -1, 0) == 1
                && X509_set_issuer_name(handle.pointer, subject) == 1
                && X509_set_pubkey(handle.pointer, key) == 1
                && X509_sign(handle.pointer, key, EVP_sha256()) > 0
        }
        guard signed else { throw .fromOpenSSL("X.509") }
        return try Certificate(handle)
    }

    private init(_ handle: borrowing CertificateHandle) throws(VaultFault) {
        let stream = try MemoryStream()
        guard PEM_write_bio_X509(stream.pointer, handle.pointer) == 1 else { throw .fromOpenSSL("PEM") }
        pem = stream.text()
        serialHex = try Certificate.serial(handle.pointer)
        notBefore = try Certificate.seconds(X509_get0_notBefore(handle.pointer))
        notAfter = try Certificate.seconds(X509_get0_notAfter(handle.pointer))
        subjectCommonName = Certificate.commonName(X509_get_subject_name(handle.pointer))
        publicKey = (try? KeyHandle.rsa(owning: X509_get_pubkey(handle.pointer))).map(RSAPublicKey.init(handle:))
        ERR_clear_error()
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

    private static func serial(_ certificate: OpaquePointer) throws(VaultFault) -> String {
        let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil)
        defer { BN_free(number) }
        guard number != nil else { throw .fromOpenSSL("X.509 serial number") }
        var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return Hex.encode(bytes).uppercased()
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(VaultFault) -> Int64 {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { throw .unreadableKey(reason: "a date of the certificate") }
        return Int64(timegm(&parts))
    }

    private static func commonName(_ name: OpaquePointer?) -> String? {
        let entry = X509_NAME_get_entry(name, X509_NAME_get_index_by_NID(name, NID_commonName, -1))
        guard let entry else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
        defer { CRYPTO_free(text, #file, #line) }
        guard count >= 0, let text else { return nil }
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
    }
}

/// Owns one `X509` of OpenSSL.
private struct CertificateHandle: ~Copyable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }
}
