internal import COpenSSL

/// Owns one `X509` of OpenSSL.
struct CertificateHandle: ~Copyable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Reads the first certificate of a PEM text.
    init(pem: String) throws(VaultFault) {
        let stream = try MemoryStream.holding(Array(pem.utf8))
        guard let pointer = PEM_read_bio_X509(stream.pointer, nil, noPassword, nil) else {
            ERR_clear_error()
            throw .unreadableKey(reason: "no certificate")
        }
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }

    /// The certificate as PEM.
    func pem() throws(VaultFault) -> String {
        let stream = try MemoryStream()
        guard PEM_write_bio_X509(stream.pointer, pointer) == 1 else { throw .fromOpenSSL("PEM") }
        return stream.text()
    }

    /// The serial number's bytes, the highest first; empty for zero.
    func serial() throws(VaultFault) -> (bytes: [UInt8], decimal: String) {
        let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(pointer), nil)
        defer { BN_free(number) }
        guard number != nil, let decimal = BN_bn2dec(number) else { throw .fromOpenSSL("X.509 serial number") }
        defer { CRYPTO_free(decimal, #file, #line) }
        var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return (bytes, String(cString: decimal))
    }

    /// The issuer's name as RFC 2253 writes it, the last part first; letters beyond ASCII stay letters.
    func issuerName() throws(VaultFault) -> String {
        let stream = try MemoryStream()
        // ASN1_STRFLGS_RFC2253 and XN_FLAG_RFC2253 part by part, without ASN1_STRFLGS_ESC_MSB.
        let letters =
            ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN
            | ASN1_STRFLGS_DUMP_DER
        let flags = UInt(letters | XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_DN_REV | XN_FLAG_DUMP_UNKNOWN_FIELDS)
        guard X509_NAME_print_ex(stream.pointer, X509_get_issuer_name(pointer), 0, flags) >= 0 else {
            throw .fromOpenSSL("X.509 name")
        }
        return stream.text()
    }

    /// The subject's common name; nil when it has none, or several, since nobody can say which one counts.
    func commonName() -> String? {
        let name = X509_get_subject_name(pointer)
        let position = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard position >= 0, X509_NAME_get_index_by_NID(name, NID_commonName, position) < 0,
            let entry = X509_NAME_get_entry(name, position)
        else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
        defer { CRYPTO_free(text, #file, #line) }
        guard count >= 0, let text else { return nil }
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
    }

    /// The object identifier of the algorithm that the issuer signed with, in digits and dots.
    func signatureAlgorithm() throws(VaultFault) -> String {
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_get0_signature(nil, &algorithm, pointer)
        var object: OpaquePointer?
        X509_ALGOR_get0(&object, nil, nil, algorithm)
        var text = [CChar](repeating: 0, count: 128)
        let count = OBJ_obj2txt(&text, Int32(text.count), object, 1)
        guard count > 0, count < text.count else { throw .unreadableKey(reason: "the certificate's algorithm") }
        return String(decoding: text.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether it says of itself that it may issue others (basic constraints, RFC 5280 4.2.1.9).
    var isAuthority: Bool {
        X509_get_extension_flags(pointer) & UInt32(EXFLAG_CA) != 0
    }

    /// Whether signatures may be made with its key: its key usage says so, or it restricts nothing (RFC 5280 4.2.1.3).
    var maySign: Bool {
        X509_get_key_usage(pointer) & UInt32(KU_DIGITAL_SIGNATURE) != 0
    }
}
