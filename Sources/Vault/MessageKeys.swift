/// Signs messages: the private half of a pair of keys.
public protocol MessageSigner: Sendable {
    /// The signature over exactly these bytes.
    func sign(_ message: [UInt8]) throws(VaultFault) -> [UInt8]
}

/// Checks signatures: the public half of a pair of keys.
public protocol SignatureChecker: Sendable {
    /// Whether a signature was made over exactly these bytes with the private half; false for every other one.
    func verify(_ message: [UInt8], signature: [UInt8]) -> Bool
}

/// Encrypts single fields of a message for whoever has the private half of a pair of keys.
public protocol FieldEncrypter: Sendable {
    /// Other bytes each time, which only the private half can read.
    func encrypt(_ field: [UInt8]) throws(VaultFault) -> [UInt8]
}

/// Reads what was encrypted with the public half of a pair of keys.
public protocol FieldDecrypter: Sendable {
    /// The field, or a fault for anything that was not encrypted for this key.
    func decrypt(_ encrypted: [UInt8]) throws(VaultFault) -> [UInt8]
}

/// The private half of a pair of keys.
public typealias PrivateMessageKey = MessageSigner & FieldDecrypter
/// The public half of a pair of keys.
public typealias PublicMessageKey = SignatureChecker & FieldEncrypter

extension RSAPrivateKey: MessageSigner, FieldDecrypter {}
extension RSAPublicKey: SignatureChecker, FieldEncrypter {}

/// Reads keys from the text that stands for them in an account's settings.
///
/// Every real channel takes ``rsa``. A simulation that signs a million times gives something quicker, so that it goes
/// through the same client and the same bank.
public struct MessageKeyReader: Sendable {
    /// Reads a private key.
    public let signer: @Sendable (_ text: Secret) throws(VaultFault) -> any PrivateMessageKey
    /// Reads a public key.
    public let checker: @Sendable (_ text: String) throws(VaultFault) -> any PublicMessageKey

    /// A reader that makes keys by these two functions, which throw for a text that is no key.
    public init(
        signer: @escaping @Sendable (_ text: Secret) throws(VaultFault) -> any PrivateMessageKey,
        checker: @escaping @Sendable (_ text: String) throws(VaultFault) -> any PublicMessageKey
    ) {
        self.signer = signer
        self.checker = checker
    }

    /// RSA keys in PEM.
    public static let rsa = MessageKeyReader(
        signer: { text throws(VaultFault) in try RSAPrivateKey(pem: text) },
        checker: { text throws(VaultFault) in try RSAPublicKey(pem: text) })
}
