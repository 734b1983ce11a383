import Vault

/// The keys of the bank's Alipay side, in public key mode.
struct AlipayBankKeys: ChannelBankKeys {
    static let channel = BankChannel.alipay

    private let privateKeyPem: String
    /// Private keys by `app_id`.
    private var merchants: [String: String] = [:]

    static func make(random: BankTill.RandomBytes) throws -> AlipayBankKeys {
        AlipayBankKeys(privateKeyPem: try BankKeys.newKey())
    }

    private init(privateKeyPem: String) {
        self.privateKeyPem = privateKeyPem
    }

    func knows(_ merchant: String) -> Bool { merchants[merchant] != nil }

    mutating func register(_ merchant: String, random: BankTill.RandomBytes) throws {
        merchants[merchant] = try BankKeys.newKey()
    }

    func settings(of merchant: String) throws -> [String: String] {
        guard let key = merchants[merchant] else { throw BankFault.damaged("keys-alipay.json") }
        return [
            "app_id": merchant, "private_key_pem": key,
            "alipay_public_key_pem": try RSAPrivateKey(pem: Secret(privateKeyPem)).publicKey().pem(),
        ]
    }

    func bank(tempo: BankTempo) throws -> any ChannelBank {
        AlipayBank(
            tempo: tempo, key: try RSAPrivateKey(pem: Secret(privateKeyPem)),
            merchants: try merchants.mapValues { try RSAPrivateKey(pem: Secret($0)).publicKey() })
    }
}
