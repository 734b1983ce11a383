import NIOSSL

/// What a listener proves itself with: a certificate, those of its issuers, and the certificate's private key.
public struct TLSIdentity: Sendable {
    /// When the certificate begins and ends to count, in seconds since 1970.
    public let begins: Int64
    public let ends: Int64
    let configuration: TLSConfiguration

    /// Why a certificate and a key cannot be used, in words for operators; never with any part of the key.
    public struct Fault: Error, Sendable, Equatable {
        /// Whether it is the key that is wrong, and not the certificate.
        public let isAboutKey: Bool
        public let reason: String

        public init(isAboutKey: Bool, reason: String) {
            self.isAboutKey = isAboutKey
            self.reason = reason
        }
    }

    /// The suites of TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325, 4.2). Those of TLS 1.3 are
    /// all of this kind and cannot be chosen.
    static let suites = [
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ]
    /// The first also keeps its secret from whoever records today and has a quantum computer later.
    private static let groups: [NIOTLSCurve] = [.x25519_MLKEM768, .x25519, .secp256r1]

    /// Reads PEM: the certificate first, then its issuers' up to the root, which may be left out.
    ///
    /// - Throws: ``Fault`` for what cannot be read and for a key that is not the certificate's.
    public init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(Fault) {
        let chain = try Self.chain(certificatePEM)
        guard let first = chain.first else {
            throw Fault(isAboutKey: false, reason: "has no certificate in PEM form")
        }
        let key = try Self.key(keyPEM)
        begins = Int64(first.notValidBefore)
        ends = Int64(first.notValidAfter)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = Self.suites.joined(separator: ":")
        configuration.curves = Self.groups
        configuration.applicationProtocols = ["http/1.1"]
        self.configuration = configuration
        // Puts the two together, which refuses a key of another certificate.
        _ = try context()
    }

    /// A context for new connections, with keys for session tickets of its own.
    func context() throws(Fault) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Fault(isAboutKey: true, reason: "is not the key of the certificate, or of a kind that is not taken")
        }
    }

    private static func chain(_ pem: [UInt8]) throws(Fault) -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMBytes(pem)
        } catch {
            throw Fault(isAboutKey: false, reason: "has no certificate in PEM form")
        }
    }

    private static func key(_ pem: [UInt8]) throws(Fault) -> NIOSSLPrivateKey {
        do {
            return try NIOSSLPrivateKey(bytes: pem, format: .pem)
        } catch {
            throw Fault(isAboutKey: true, reason: "has no private key in PEM form without a password")
        }
    }
}
