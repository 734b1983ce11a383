internal import COpenSSL
internal import Foundation

/// Judges a certificate by a chain of which all but itself is pinned: nothing of this machine's own trust counts.
///
/// The certificate must be signed, through the pinned middles, by one of the pinned roots; every link must be within
/// its dates; whoever issues must be an authority; the certificate itself must be none and must be allowed to sign.
/// Revocation is not asked for.
public struct PinnedChain: Sendable {
    private let roots: [Certificate]
    private let middles: [Certificate]
    private let allowsSHA1: Bool

    /// The most links between a certificate and its root.
    private static let depthMax: Int32 = 4
    /// RSA with SHA-256, SHA-384 and SHA-512.
    private static let strongAlgorithms: Set<String> = [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
    ]
    private static let rsaWithSHA1 = "1.2.840.113549.1.1.5"

    /// - Parameters:
    ///   - roots: believed because they are pinned; how they are signed does not matter.
    ///   - middles: may stand between a certificate and a root.
    ///   - allowsSHA1: whether links signed with SHA-1 count too, which a test environment may need.
    public init(roots: [Certificate], middles: [Certificate], allowsSHA1: Bool = false) {
        self.roots = roots
        self.middles = middles
        self.allowsSHA1 = allowsSHA1
    }

    /// Returns when a certificate may be believed.
    ///
    /// - Parameter seconds: the time at which it and its chain must be valid, since 1970.
    /// - Throws: ``ChainFault`` that says why it may not.
    public func check(_ certificate: Certificate, at seconds: Int64) throws(ChainFault) {
        guard certificate.publicKey != nil else { throw .weak }
        let fault: ChainFault?
        do throws(VaultFault) { fault = try self.fault(of: certificate, at: seconds) } catch { throw .untrusted }
        if let fault { throw fault }
    }

    /// What is wrong with the certificate; nil when nothing is.
    private func fault(of certificate: Certificate, at seconds: Int64) throws(VaultFault) -> ChainFault? {
        let leaf = try CertificateHandle(pem: certificate.pem)
        let anchors = try CertificateStack.holding(roots)
        let between = try CertificateStack.holding(middles)
        guard let context = X509_STORE_CTX_new() else { throw .fromOpenSSL("X509_STORE_CTX_new") }
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_CTX_init(context, nil, leaf.pointer, between.pointer) == 1 else {
            throw .fromOpenSSL("X509_STORE_CTX_init")
        }
        X509_STORE_CTX_set0_trusted_stack(context, anchors.pointer)
        X509_STORE_CTX_set_time(context, 0, time_t(seconds))
        X509_STORE_CTX_set_depth(context, Self.depthMax)
        defer { ERR_clear_error() }
        guard X509_verify_cert(context) == 1 else { return Self.fault(ofCode: X509_STORE_CTX_get_error(context)) }
        guard !leaf.isAuthority, leaf.maySign else { return .notASigner }
        return try strengthFault(ofChain: X509_STORE_CTX_get0_chain(context))
    }

    /// Holds every link's key and signature against what counts here; the root's own signature proves nothing anyway.
    private func strengthFault(ofChain chain: OpaquePointer?) throws(VaultFault) -> ChainFault? {
        let count = OPENSSL_sk_num(chain)
        guard count > 1 else { return .untrusted }
        for position in 0..<count {
            guard let pointer = OPENSSL_sk_value(chain, position).map({ OpaquePointer($0) }),
                X509_up_ref(pointer) == 1
            else { return .untrusted }
            let link = try Certificate(CertificateHandle(owning: pointer))
            guard link.publicKey != nil else { return .weak }
            guard position == count - 1 || counts(link.signatureAlgorithm) else { return .weak }
            guard position == 0 || link.isAuthority else { return .untrusted }
        }
        return nil
    }

    private func counts(_ algorithm: String) -> Bool {
        Self.strongAlgorithms.contains(algorithm) || (allowsSHA1 && algorithm == Self.rsaWithSHA1)
    }

    private static func fault(ofCode code: Int32) -> ChainFault {
        switch code {
        case X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED: .outsideDates
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK: .weak
        default: .untrusted
        }
    }
}

/// Why a certificate is not believed.
public enum ChainFault: Error, Sendable, Hashable, CaseIterable {
    /// No pinned root stands behind it, or a link is not what it must be.
    case untrusted
    /// It or one of its issuers is not valid yet, or no longer.
    case outsideDates
    /// A key below 2048 bits, or a link signed with a digest that does not count here.
    case weak
    /// It is an authority, or may not sign.
    case notASigner
}

/// Owns a list of certificates of OpenSSL.
private struct CertificateStack: ~Copyable {
    let pointer: OpaquePointer

    static func holding(_ certificates: [Certificate]) throws(VaultFault) -> CertificateStack {
        let stack = try CertificateStack()
        for certificate in certificates { try stack.push(CertificateHandle(pem: certificate.pem)) }
        return stack
    }

    private init() throws(VaultFault) {
        guard let pointer = OPENSSL_sk_new_null() else { throw .fromOpenSSL("OPENSSL_sk_new_null") }
        self.pointer = pointer
    }

    private func push(_ handle: borrowing CertificateHandle) throws(VaultFault) {
        guard X509_up_ref(handle.pointer) == 1 else { throw .fromOpenSSL("X509_up_ref") }
        guard OPENSSL_sk_push(pointer, UnsafeRawPointer(handle.pointer)) > 0 else {
            X509_free(handle.pointer)
            throw .fromOpenSSL("OPENSSL_sk_push")
        }
    }

    deinit {
        while let held = OPENSSL_sk_pop(pointer) { X509_free(OpaquePointer(held)) }
        OPENSSL_sk_free(pointer)
    }
}
