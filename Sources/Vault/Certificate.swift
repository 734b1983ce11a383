internal import COpenSSL
internal import Foundation

/// An X.509 certificate, read for its numbers, names, dates and key; ``PinnedChain`` judges whether it may be believed.
public struct Certificate: Sendable {
    /// The serial number in upper-case hexadecimal, as some channels name certificates.
    public let serialHex: String
    /// The serial number in decimal digits, up to 49 of them, as other channels name certificates.
    public let serialDecimal: String
    /// The issuer's name in the order and form of RFC 2253: `CN=…,OU=…,O=…,C=…`.
    public let issuerName: String
    /// What the issuer signed with, as an object identifier: `1.2.840.113549.1.1.11` is RSA with SHA-256.
    public let signatureAlgorithm: String
    /// First second of validity, since 1970.
    public let notBefore: Int64
    /// Last second of validity, since 1970.
    public let notAfter: Int64
    /// Common name of the subject; nil when it has none, or more than one.
    public let subjectCommonName: String?
    /// Whether it says of itself that it may issue other certificates.
    public let isAuthority: Bool
    /// The certificate as PEM.
    public let pem: String
    /// Its public key; nil when that is not RSA of at least 2048 bits.
    public let publicKey: RSAPublicKey?

    /// The longest text that is searched for certificates, in bytes.
    public static let listBytesMax = 65_536

    private static let begin = "-----BEGIN CERTIFICATE-----"
    private static let end = "-----END CERTIFICATE-----"

    /// Reads the first certificate of a PEM text.
    ///
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` when there is none.
    public init(pem: String) throws(VaultFault) {
        try self.init(CertificateHandle(pem: pem))
    }

    /// Reads every certificate of a PEM text; what stands between them is left out, as programs write notes there.
    ///
    /// - Returns: at least one certificate, in the order of the text.
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` that counts to the first one that cannot be read.
    public static func list(pem: String) throws(VaultFault) -> [Certificate] {
        var certificates: [Certificate] = []
        for text in try texts(pem) {
            do throws(VaultFault) { certificates.append(try Certificate(pem: text)) } catch {
                throw .unreadableKey(reason: "certificate \(certificates.count + 1) cannot be read")
            }
        }
        return certificates
    }

    /// Reads those certificates of a PEM text that can be read, for lists that carry kinds which nobody here needs.
    ///
    /// - Returns: possibly none.
    /// - Throws: ``VaultFault/unreadableKey(reason:)`` when the text holds no certificate at all, or is too long.
    public static func readable(pem: String) throws(VaultFault) -> [Certificate] {
        try texts(pem).compactMap { try? Certificate(pem: $0) }
    }

    init(_ handle: borrowing CertificateHandle) throws(VaultFault) {
        let serial = try handle.serial()
        pem = try handle.pem()
        serialHex = Hex.encode(serial.bytes).uppercased()
        serialDecimal = serial.decimal
        issuerName = try handle.issuerName()
        signatureAlgorithm = try handle.signatureAlgorithm()
        notBefore = try Certificate.seconds(X509_get0_notBefore(handle.pointer))
        notAfter = try Certificate.seconds(X509_get0_notAfter(handle.pointer))
        subjectCommonName = handle.commonName()
        isAuthority = handle.isAuthority
        publicKey = (try? KeyHandle.rsa(owning: X509_get_pubkey(handle.pointer))).map(RSAPublicKey.init(handle:))
        ERR_clear_error()
    }

    private static func texts(_ pem: String) throws(VaultFault) -> [String] {
        guard pem.utf8.count <= listBytesMax else { throw .unreadableKey(reason: "too long") }
        var texts: [String] = []
        var rest = Substring(pem)
        while let first = rest.firstRange(of: begin) {
            guard let last = rest[first.upperBound...].firstRange(of: end) else {
                throw .unreadableKey(reason: "certificate \(texts.count + 1) is cut off")
            }
            texts.append(String(rest[first.lowerBound..<last.upperBound]) + "\n")
            rest = rest[last.upperBound...]
        }
        guard !texts.isEmpty else { throw .unreadableKey(reason: "no certificate") }
        return texts
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(VaultFault) -> Int64 {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { throw .unreadableKey(reason: "a date of the certificate") }
        return Int64(timegm(&parts))
    }
}
