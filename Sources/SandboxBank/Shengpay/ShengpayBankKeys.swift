import Vault

/// The keys of the bank's Shengpay side.
struct ShengpayBankKeys: ChannelBankKeys {
    static let channel = BankChannel.shengpay

    private let privateKeyPem: String
    /// Private keys by merchant number.
    private var merchants: [String: String] = [:]

    static func make(random: BankTill.RandomBytes) throws -> ShengpayBankKeys {
        ShengpayBankKeys(privateKeyPem: try BankKeys.newKey())
    }

    private init(privateKeyPem: String) {
        self.privateKeyPem = privateKeyPem
    }

    func knows(_ merchant: String) -> Bool { merchants[merchant] != nil }

    mutating func register(_ merchant: String, random: BankTill.RandomBytes) throws {
        merchants[merchant] = try BankKeys.newKey()
    }

    /// What Shengpay leaves open is settled here in words of the bank's own, which no document has.
    func settings(of merchant: String) throws -> [String: String] {
        guard let key = merchants[merchant] else { throw BankFault.damaged("keys-shengpay.json") }
        return [
            "mch_id": merchant, "private_key_pem": key, "platform_public_key_pem": try platformKey().publicKey().pem(),
            "confirmed_with_acquirer": "the sandbox bank, for itself alone",
            "failed_codes": [ShengpayNo.refused, .payee].map(\.rawValue).joined(separator: ","),
            "no_funds_codes": ShengpayNo.funds.rawValue, "query_path": ShengpayBank.questionPath,
            "query_state_name": ShengpayBank.stateName, "query_succeeded": ShengpayState.done.rawValue,
            "query_pending": ShengpayState.pending.rawValue, "query_failed": ShengpayState.failed.rawValue,
            "query_not_found_codes": ShengpayNo.unseen.rawValue,
        ]
    }

    func bank(tempo: BankTempo) throws -> any ChannelBank {
        ShengpayBank(
            tempo: tempo, key: try platformKey(), merchants: try merchants.mapValues { try Self.key($0).publicKey() })
    }

    private func platformKey() throws -> RSAPrivateKey { try Self.key(privateKeyPem) }

    private static func key(_ pem: String) throws -> RSAPrivateKey {
        try RSAPrivateKey(pem: Secret(pem), digest: .sha1)
    }
}
