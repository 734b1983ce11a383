internal import COpenSSL

/// A private key and the certificate that belongs to it, from a `.pfx` file (PKCS#12, RFC 7292).
///
/// Banks still hand out files sealed with RC2-40 and triple DES. OpenSSL 3 opens those only with its legacy
/// provider, which is loaded here into a library context of its own that ends with the call, so that no other code of
/// the process can come to use it; the key leaves it as bytes.
public struct PKCS12: Sendable {
    /// The one private key.
    public let privateKey: RSAPrivateKey
    /// The certificate whose public key is the private key's other half.
    public let certificate: Certificate

    /// The longest file that is read, in bytes.
    public static let bytesMax = 65_536

    /// Opens a file.
    ///
    /// - Throws: ``PKCS12Fault``; nothing of the file is kept then.
    public init(_ bytes: [UInt8], password: Secret) throws(PKCS12Fault) {
        guard bytes.count <= Self.bytesMax else { throw .notPKCS12 }
        guard !password.bytes.contains(0) else { throw .wrongPassword }
        defer { ERR_clear_error() }
        let library = try LegacyLibrary()
        let file = try PKCS12File(bytes, library)
        try file.checkPassword(password)
        let content = try file.content(password, library)
        guard let keyInfo = content.keyInfos.first else { throw .noKey }
        guard content.keyInfos.count == 1 else { throw .severalKeys }
        do throws(VaultFault) { privateKey = try RSAPrivateKey(der: keyInfo) } catch { throw .unsuitableKey }
        let publicText = try? privateKey.publicKey().pem()
        let own = content.certificates.first { (try? $0.publicKey?.pem()) == publicText }
        guard let own, publicText != nil else { throw .noCertificate }
        certificate = own
    }
}

/// Why a `.pfx` file gives no key.
public enum PKCS12Fault: Error, Sendable, Hashable {
    /// It is no PKCS#12 file, or too long for one.
    case notPKCS12
    /// The password does not fit.
    case wrongPassword
    /// It is sealed by a method that this machine's OpenSSL does not know, or its legacy provider is not installed.
    case unknownCipher
    /// It holds no private key.
    case noKey
    /// It holds more than one private key, and nobody can say which one is meant.
    case severalKeys
    /// It holds no certificate that belongs to the key.
    case noCertificate
    /// Its key is not RSA of at least 2048 bits.
    case unsuitableKey
    /// OpenSSL refused an operation.
    case openssl
}

/// A library context of OpenSSL with the legacy algorithms, for one file.
private struct LegacyLibrary: ~Copyable {
    let pointer: OpaquePointer
    private let providers: [OpaquePointer?]

    init() throws(PKCS12Fault) {
        guard let pointer = OSSL_LIB_CTX_new() else { throw .openssl }
        self.pointer = pointer
        // Without the legacy one, files that are sealed as they should be still open.
        providers = [OSSL_PROVIDER_load(pointer, "default"), OSSL_PROVIDER_load(pointer, "legacy")]
    }

    deinit {
        for provider in providers where provider != nil { OSSL_PROVIDER_unload(provider) }
        OSSL_LIB_CTX_free(pointer)
    }
}

/// What lies in a file: keys as PKCS#8, and those certificates that can be read.
private struct PKCS12Content {
    var keyInfos: [Secret] = []
    var certificates: [Certificate] = []
}

/// One file, read but still sealed.
private struct PKCS12File: ~Copyable {
    private let pointer: OpaquePointer

    /// How many bags may lie in one another.
    private static let depthMax = 4

    init(_ bytes: [UInt8], _ library: borrowing LegacyLibrary) throws(PKCS12Fault) {
        let stream: MemoryStream
        do throws(VaultFault) { stream = try MemoryStream.holding(bytes) } catch { throw .openssl }
        var file = PKCS12_init_ex(NID_pkcs7_data, library.pointer, nil)
        // On failure it frees what it was given and leaves nil there.
        guard file != nil, d2i_PKCS12_bio(stream.pointer, &file) != nil, let file else { throw .notPKCS12 }
        pointer = file
    }

    deinit {
        PKCS12_free(pointer)
    }

    func checkPassword(_ password: Secret) throws(PKCS12Fault) {
        let fits = PKCS12File.withText(password) { PKCS12_verify_mac(pointer, $0, $1) == 1 }
        guard !fits else { return }
        guard PKCS12_mac_present(pointer) == 1 else { throw .notPKCS12 }
        throw PKCS12File.fault(otherwise: .wrongPassword)
    }

    /// Everything that lies in it, opened.
    func content(
        _ password: Secret, _ library: borrowing LegacyLibrary
    ) throws(PKCS12Fault) -> PKCS12Content {
        guard let safes = PKCS12_unpack_authsafes(pointer) else { throw PKCS12File.fault(otherwise: .notPKCS12) }
        defer { PKCS12File.free(safes) { PKCS7_free($0.assumingMemoryBound(to: PKCS7.self)) } }
        var content = PKCS12Content()
        for position in 0..<max(0, OPENSSL_sk_num(safes)) {
            let safe = OPENSSL_sk_value(safes, position)?.assumingMemoryBound(to: PKCS7.self)
            let bags: OpaquePointer?
            switch OBJ_obj2nid(safe?.pointee.type) {
            case NID_pkcs7_data: bags = PKCS12_unpack_p7data(safe)
            case NID_pkcs7_encrypted:
                bags = PKCS12File.withText(password) { PKCS12_unpack_p7encdata(safe, $0, $1) }
            default: continue
            }
            guard let bags else { throw PKCS12File.fault(otherwise: .notPKCS12) }
            defer { PKCS12File.free(bags) { PKCS12_SAFEBAG_free(OpaquePointer($0)) } }
            try PKCS12File.add(bags, to: &content, password, library, depth: 0)
        }
        return content
    }

    private static func add(
        _ bags: OpaquePointer?, to content: inout PKCS12Content, _ password: Secret,
        _ library: borrowing LegacyLibrary, depth: Int
    ) throws(PKCS12Fault) {
        guard depth < depthMax else { throw .notPKCS12 }
        for position in 0..<max(0, OPENSSL_sk_num(bags)) {
            guard let bag = OPENSSL_sk_value(bags, position).map({ OpaquePointer($0) }) else { continue }
            switch PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag: content.keyInfos.append(try bytes(PKCS12_SAFEBAG_get0_p8inf(bag)))
            case NID_pkcs8ShroudedKeyBag:
                let opened = withText(password) { PKCS12_decrypt_skey_ex(bag, $0, $1, library.pointer, nil) }
                guard let opened else { throw fault(otherwise: .notPKCS12) }
                defer { PKCS8_PRIV_KEY_INFO_free(opened) }
                content.keyInfos.append(try bytes(opened))
            case NID_certBag:
                guard let certificate = PKCS12_SAFEBAG_get1_cert(bag) else { continue }
                let pem = try? CertificateHandle(owning: certificate).pem()
                if let read = pem.flatMap({ try? Certificate(pem: $0) }) { content.certificates.append(read) }
            case NID_safeContentsBag:
                try add(PKCS12_SAFEBAG_get0_safes(bag), to: &content, password, library, depth: depth + 1)
            default: continue
            }
        }
    }

    private static func bytes(_ keyInfo: OpaquePointer?) throws(PKCS12Fault) -> Secret {
        do throws(VaultFault) {
            let stream = try MemoryStream()
            guard i2d_PKCS8_PRIV_KEY_INFO_bio(stream.pointer, keyInfo) == 1 else { throw .fromOpenSSL("PKCS#8") }
            return Secret(bytes: stream.bytes())
        } catch { throw .openssl }
    }

    /// Tells what OpenSSL does not know from what does not fit.
    private static func fault(otherwise fault: PKCS12Fault) -> PKCS12Fault {
        var isUnknown = false
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return isUnknown ? .unknownCipher : fault }
            let reason = ERR_GET_REASON(code)
            if reason == ERR_R_UNSUPPORTED || reason == EVP_R_UNSUPPORTED_ALGORITHM
                || reason == EVP_R_UNKNOWN_PBE_ALGORITHM || reason == EVP_R_UNKNOWN_CIPHER
            {
                isUnknown = true
            }
        }
    }

    private static func withText<Value>(
        _ password: Secret, _ work: (UnsafePointer<CChar>, Int32) -> Value
    ) -> Value {
        let text = password.bytes.map { CChar(bitPattern: $0) } + [0]
        return text.withUnsafeBufferPointer { buffer in
            // Never nil: the text ends with a zero byte.
            guard let base = buffer.baseAddress else { return work("", 0) }
            return work(base, Int32(clamping: buffer.count - 1))
        }
    }

    private static func free(_ stack: OpaquePointer, _ element: (UnsafeMutableRawPointer) -> Void) {
        while let held = OPENSSL_sk_pop(stack) { element(held) }
        OPENSSL_sk_free(stack)
    }
}
