import Vault

/// The bank as Lakala: a certificate for answers, another for notices, and the merchants that it gave one.
struct LakalaKeys: ChannelBankKeys {
    static let channel = BankChannel.lakala

    private let platformKeyPem: String
    private let platformCertificatePem: String
    private let noticeKeyPem: String
    private let noticeCertificatePem: String
    private var merchants: [String: Merchant] = [:]

    private struct Merchant: Codable, Sendable {
        let keyPem: String
        let serial: String
        /// Base 64 of 16 bytes.
        let sm4Key: String
    }

    private static let commonName = "APIGW.LAKALA.COM"
    /// 2020 to 2049: the bank's certificates are older and live longer than whoever tries it.
    private static let notBefore: Int64 = 1_577_836_800
    private static let notAfter: Int64 = 2_524_607_999
    /// Lakala's merchant numbers have 15 characters; shorter ones get zeros before them.
    private static let merchantNumberBytes = 15

    static func make(random: BankTill.RandomBytes) throws -> LakalaKeys {
        let platform = try RSAPrivateKey.generate()
        let notices = try RSAPrivateKey.generate()
        return LakalaKeys(
            platformKeyPem: try text(platform), platformCertificatePem: try certificate(platform),
            noticeKeyPem: try text(notices), noticeCertificatePem: try certificate(notices))
    }

    func knows(_ merchant: String) -> Bool { merchants[merchant] != nil }

    mutating func register(_ merchant: String, random: BankTill.RandomBytes) throws {
        merchants[merchant] = Merchant(
            keyPem: try BankKeys.newKey(), serial: "00" + Hex.encode(try random(8)),
            sm4Key: Base64.encode(try random(16)))
    }

    func settings(of merchant: String) throws -> [String: String] {
        guard let keys = merchants[merchant] else { throw BankFault.damaged("keys-lakala.json") }
        return [
            "appid": Self.applicationID(merchant), "serial_no": keys.serial, "private_key_pem": keys.keyPem,
            "platform_certificate_pem": platformCertificatePem, "notice_certificate_pem": noticeCertificatePem,
            "merchant_no": Self.padded(merchant), "term_no": "A9254710", "sm4_key": keys.sm4Key,
            "product": "refund_front", "codes_failed": LakalaCode.failures, "codes_no_funds": LakalaCode.funds.rawValue,
            "codes_not_executed": LakalaCode.busy.rawValue, "codes_never_seen": LakalaCode.unseen.rawValue,
        ]
    }

    func bank(tempo: BankTempo) throws -> any ChannelBank {
        var known: [String: LakalaBank.Merchant] = [:]
        for (number, keys) in merchants {
            guard let sm4Key = Base64.decode(keys.sm4Key) else { throw BankFault.damaged("keys-lakala.json") }
            known[Self.applicationID(number)] = LakalaBank.Merchant(
                number: number, wireNumber: Self.padded(number), serial: keys.serial,
                checker: try RSAPrivateKey(pem: Secret(keys.keyPem)).publicKey(), sm4Key: Secret(bytes: sm4Key))
        }
        return LakalaBank(
            merchants: known,
            seal: LakalaSeal(
                key: try RSAPrivateKey(pem: Secret(platformKeyPem)),
                serial: try Certificate(pem: platformCertificatePem).serialHex.lowercased(),
                noticeKey: try RSAPrivateKey(pem: Secret(noticeKeyPem))),
            tempo: tempo)
    }

    private init(
        platformKeyPem: String, platformCertificatePem: String, noticeKeyPem: String, noticeCertificatePem: String
    ) {
        self.platformKeyPem = platformKeyPem
        self.platformCertificatePem = platformCertificatePem
        self.noticeKeyPem = noticeKeyPem
        self.noticeCertificatePem = noticeCertificatePem
    }

    private static func text(_ key: RSAPrivateKey) throws -> String {
        String(decoding: try key.pem().bytes, as: UTF8.self)
    }

    private static func certificate(_ key: RSAPrivateKey) throws -> String {
        try Certificate.selfSigned(key, commonName: commonName, notBefore: notBefore, notAfter: notAfter).pem
    }

    private static func applicationID(_ merchant: String) -> String { "OP" + merchant }

    private static func padded(_ merchant: String) -> String {
        String(repeating: "0", count: max(0, merchantNumberBytes - merchant.utf8.count)) + merchant
    }
}
