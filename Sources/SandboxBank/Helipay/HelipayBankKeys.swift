import Vault

/// The keys of the bank's Helipay side: one that it shares with each merchant.
struct HelipayBankKeys: ChannelBankKeys {
    static let channel = BankChannel.helipay

    /// By merchant number.
    private var merchants: [String: String] = [:]

    static func make(random: BankTill.RandomBytes) throws -> HelipayBankKeys { HelipayBankKeys() }

    func knows(_ merchant: String) -> Bool { merchants[merchant] != nil }

    mutating func register(_ merchant: String, random: BankTill.RandomBytes) throws {
        merchants[merchant] = Hex.encode(try random(16))
    }

    /// What Helipay leaves open is settled here in words of the bank's own, which no document has.
    func settings(of merchant: String) throws -> [String: String] {
        guard let key = merchants[merchant] else { throw BankFault.damaged("keys-helipay.json") }
        return [
            "customer_number": merchant, "md5_key": key,
            "confirmed_with_acquirer": "the sandbox bank, for itself alone",
            "failed_codes": [HelipayNo.refused, .payee].map(\.rawValue).joined(separator: ","),
            "no_funds_codes": HelipayNo.funds.rawValue, "query_not_found_codes": HelipayNo.unseen.rawValue,
        ]
    }

    func bank(tempo: BankTempo) throws -> any ChannelBank { HelipayBank(tempo: tempo, merchants: merchants) }
}
