import Foundation
import Vault

/// The bank's own keys and the merchants that it knows, kept in one file of mode 0600.
public struct BankKeys: Sendable {
    static let fileName = "keys.json"

    private var stored: Stored
    private let platformKey: RSAPrivateKey
    private let path: String

    /// Bits of every RSA key here; the channel's method fixes them.
    private static let keyBits = 2048

    /// What the file holds.
    struct Stored: Codable, Sendable {
        var platformPrivateKeyPem: String
        var publicKeyId: String
        var merchants: [Merchant]
    }

    /// A merchant of the bank; its private key is here only because the bank hands out ready accounts.
    struct Merchant: Codable, Sendable {
        let mchid: String
        let serial: String
        let privateKeyPem: String
        let apiv3Key: String
    }

    /// Opens the file, or makes it with new keys on the first start.
    ///
    /// - Parameter random: so many random bytes.
    /// - Throws: ``BankFault`` when the file cannot be read or made.
    init(folder: String, random: @Sendable (Int) throws -> [UInt8]) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = "\(folder)/\(BankKeys.fileName)"
        if let data = FileManager.default.contents(atPath: path) {
            guard let stored = try? BankJSON.decode(Stored.self, from: Array(data)) else {
                throw BankFault.damaged(BankKeys.fileName)
            }
            self.stored = stored
        } else {
            stored = Stored(
                platformPrivateKeyPem: try BankKeys.newKey(),
                publicKeyId: "PUB_KEY_ID_01" + Hex.encode(try random(16)).uppercased(), merchants: [])
            try BankKeys.save(Data(BankJSON.encode(stored)), path)
        }
        platformKey = try RSAPrivateKey(pem: Secret(stored.platformPrivateKeyPem))
    }

    /// The JSON of a ready account, without touching the books: a bank that runs takes the merchant on by itself.
    ///
    /// - Parameters: as those of ``BankCounter``.
    /// - Throws: ``BankFault``, or what the file system says.
    public static func accountJSON(
        _ channel: BankChannel = .wechatPay, folder: String, merchant: String, name: String, baseURL: String,
        random: @Sendable (Int) throws -> [UInt8]
    ) throws -> [UInt8] {
        guard channel == .wechatPay else {
            return try ChannelBanks.accountJSON(
                channel, folder: folder, merchant: merchant, name: name, baseURL: baseURL, random: random)
        }
        var keys = try BankKeys(folder: folder, random: random)
        return try keys.accountJSON(merchant: merchant, name: name, baseURL: baseURL, random: random)
    }

    /// The JSON of a ready account for `channel add`; makes the merchant's keys when the bank does not know it yet.
    ///
    /// - Parameters:
    ///   - merchant: digits only.
    ///   - baseURL: where this bank listens.
    mutating func accountJSON(
        merchant number: String, name: String, baseURL: String, random: @Sendable (Int) throws -> [UInt8]
    ) throws -> [UInt8] {
        if merchant(number) == nil { try add(number, random) }
        guard let merchant = merchant(number) else { throw BankFault.damaged(BankKeys.fileName) }
        return BankJSON.encode([
            "channel": "wechatpay", "name": name, "base_url": baseURL, "mchid": merchant.mchid,
            "serial_no": merchant.serial, "private_key_pem": merchant.privateKeyPem,
            "apiv3_key": merchant.apiv3Key, "public_key_id": stored.publicKeyId,
            "public_key_pem": try platformKey.publicKey().pem(),
        ])
    }

    private func merchant(_ number: String) -> Merchant? {
        stored.merchants.first { $0.mchid == number }
    }

    /// The keys, ready for use.
    ///
    /// - Throws: when the file holds something else than keys.
    func ring() throws -> BankKeyRing {
        BankKeyRing(
            publicKeyID: stored.publicKeyId, platform: platformKey,
            merchants: try stored.merchants.map { merchant in
                BankKeyRing.Merchant(
                    number: merchant.mchid, serial: merchant.serial, apiV3Key: merchant.apiv3Key,
                    checker: try RSAPrivateKey(pem: Secret(merchant.privateKeyPem)).publicKey())
            })
    }

    private mutating func add(_ number: String, _ random: @Sendable (Int) throws -> [UInt8]) throws {
        stored.merchants.append(
            Merchant(
                mchid: number, serial: Hex.encode(try random(20)).uppercased(), privateKeyPem: try BankKeys.newKey(),
                apiv3Key: Hex.encode(try random(16))))
        try BankKeys.save(Data(BankJSON.encode(stored)), path)
    }

    /// A new private key in PEM.
    static func newKey() throws -> String {
        String(decoding: try RSAPrivateKey.generate(bits: keyBits).pem().bytes, as: UTF8.self)
    }

    /// Replaces the file as a whole: readable by its owner only before any byte of it is there.
    static func save(_ content: Data, _ path: String) throws {
        let draft = path + ".new"
        try? FileManager.default.removeItem(atPath: draft)
        let made = FileManager.default.createFile(
            atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600])
        guard made, let file = FileHandle(forWritingAtPath: draft) else { throw BankFault.cannotWrite(path) }
        try file.write(contentsOf: content)
        try file.synchronize()
        try file.close()
        guard rename(draft, path) == 0 else { throw BankFault.cannotWrite(path) }
    }
}

/// Why the sandbox bank cannot start or go on.
public enum BankFault: Error, Sendable, Hashable {
    /// A file of its folder is not what it wrote.
    case damaged(String)
    case cannotWrite(String)
    /// The bank does not speak this channel's format.
    case unknownChannel(String)
}
