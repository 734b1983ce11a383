import Foundation
import Messages
import SandboxBank
import Vault
import Words

/// What all runs of a process share, because making it takes long: words, and the keys that merchants and bank sign
/// with.
public struct SimulationStage: Sendable {
    /// How requests, answers and notices are signed.
    public enum Signing: String, Sendable, Hashable {
        /// As the channel does it.
        case rsa
        /// HMAC with one secret on both sides, a hundred times as quick.
        case hmac
    }

    /// Two halves of a pair of keys, as texts and ready for use.
    struct Pair: Sendable {
        let privateText: String
        let publicText: String
        let signer: any PrivateMessageKey
        let checker: any PublicMessageKey
    }

    let writer: MessageWriter
    let keys: Keys
    private let rsa: (merchant: Pair, bank: Pair)
    private let hmac: (merchant: Pair, bank: Pair)

    /// - Parameter words: the folder of the message texts.
    /// - Throws: `VocabularyFault`, or ``VaultFault``.
    public init(words: String = "templates/words") throws {
        writer = MessageWriter(vocabulary: try Vocabulary.load(folder: words))
        keys = Keys(try KeyFile.generate())
        rsa = (try SimulationStage.rsaPair(), try SimulationStage.rsaPair())
        hmac = (SharedSecret.pair("the merchants' secret"), SharedSecret.pair("the bank's secret"))
    }

    /// The merchants' and the bank's keys.
    func pairs(_ signing: Signing) -> (merchant: Pair, bank: Pair) {
        switch signing {
        case .rsa: rsa
        case .hmac: hmac
        }
    }

    /// Reads such keys from an account's settings.
    func reader(_ signing: Signing) -> MessageKeyReader {
        switch signing {
        case .rsa: .rsa
        case .hmac: SharedSecret.reader
        }
    }

    private static func rsaPair() throws -> Pair {
        let key = try RSAPrivateKey.generate()
        let open = try key.publicKey()
        return Pair(
            privateText: String(decoding: try key.pem().bytes, as: UTF8.self), publicText: try open.pem(),
            signer: key, checker: open)
    }
}

/// A secret that both sides have; no real channel signs like this.
private struct SharedSecret: PrivateMessageKey, PublicMessageKey {
    let key: [UInt8]

    static let reader = MessageKeyReader(
        signer: { text throws(VaultFault) in SharedSecret(key: text.bytes) },
        checker: { text throws(VaultFault) in SharedSecret(key: Array(text.utf8)) })

    static func pair(_ text: String) -> SimulationStage.Pair {
        let secret = SharedSecret(key: Array(text.utf8))
        return SimulationStage.Pair(privateText: text, publicText: text, signer: secret, checker: secret)
    }

    func sign(_ message: [UInt8]) throws(VaultFault) -> [UInt8] {
        Digest.hmacSHA256(key: key, message: message)
    }

    /// As it is: nobody listens in a simulation.
    func encrypt(_ field: [UInt8]) throws(VaultFault) -> [UInt8] { field }
    func decrypt(_ encrypted: [UInt8]) throws(VaultFault) -> [UInt8] { encrypted }

    func verify(_ message: [UInt8], signature: [UInt8]) -> Bool {
        Digest.hmacSHA256(key: key, message: message) == signature
    }
}
