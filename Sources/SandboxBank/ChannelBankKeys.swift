import Foundation

/// The keys of one channel's side of the bank: the bank's own, and those of the merchants that it registered.
///
/// Merchants' private keys are here only because the bank hands out ready accounts.
protocol ChannelBankKeys: Codable, Sendable {
    static var channel: BankChannel { get }

    /// New keys of the bank, without merchants.
    static func make(random: BankTill.RandomBytes) throws -> Self

    /// Whether the bank has a merchant of this number.
    func knows(_ merchant: String) -> Bool

    /// Makes a merchant's keys.
    mutating func register(_ merchant: String, random: BankTill.RandomBytes) throws

    /// The settings of a merchant's account, as `channel add` takes them, but for `channel`, `name` and `base_url`.
    func settings(of merchant: String) throws -> [String: String]

    /// The bank's side that works with these keys.
    func bank(tempo: BankTempo) throws -> any ChannelBank
}

/// The channels that the bank speaks beside WeChat Pay.
enum ChannelBanks {
    static let all: [any ChannelBankKeys.Type] = [
        AlipayBankKeys.self, UnionPayKeys.self, LakalaKeys.self, ShengpayBankKeys.self, HelipayBankKeys.self,
    ]

    /// The sides of the bank whose key files are in a folder.
    static func open(folder: String, tempo: BankTempo) throws -> [any ChannelBank] {
        try all.compactMap { keys in try read(keys, folder)?.bank(tempo: tempo) }
    }

    /// When the key files of a folder were changed last; another value says that they have to be read again.
    static func stamp(folder: String) -> [Date?] {
        all.map { keys in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path(keys, folder))
            return attributes?[.modificationDate] as? Date
        }
    }

    /// The JSON of a ready account of a channel; makes keys as needed.
    ///
    /// - Throws: ``BankFault/unknownChannel(_:)`` for a channel that the bank does not speak.
    static func accountJSON(
        _ channel: BankChannel, folder: String, merchant: String, name: String, baseURL: String,
        random: BankTill.RandomBytes
    ) throws -> [UInt8] {
        guard let kind = all.first(where: { $0.channel == channel }) else {
            throw BankFault.unknownChannel(channel.rawValue)
        }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var keys = try read(kind, folder) ?? kind.make(random: random)
        if !keys.knows(merchant) {
            try keys.register(merchant, random: random)
            try BankKeys.save(JSONEncoder().encode(keys), path(kind, folder))
        }
        let common = ["channel": channel.rawValue, "name": name, "base_url": baseURL]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(try keys.settings(of: merchant).merging(common) { own, _ in own }))
    }

    private static func read(_ kind: any ChannelBankKeys.Type, _ folder: String) throws -> (any ChannelBankKeys)? {
        guard let data = FileManager.default.contents(atPath: path(kind, folder)) else { return nil }
        do { return try JSONDecoder().decode(kind, from: data) } catch { throw BankFault.damaged(path(kind, folder)) }
    }

    private static func path(_ kind: any ChannelBankKeys.Type, _ folder: String) -> String {
        "\(folder)/keys-\(kind.channel.rawValue).json"
    }
}
