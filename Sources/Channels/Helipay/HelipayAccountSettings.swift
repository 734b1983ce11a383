import Vault

/// Helipay's scanned payments (合利宝, AppPay), as far as public clients tell; `docs/guides/helipay.md` says what they
/// leave open.
public enum Helipay {}

extension Helipay {
    /// The settings of one merchant's account, checked.
    public struct AccountSettings: Sendable {
        /// What people call the account.
        public let name: String
        /// `customer_number`: by which Helipay knows the merchant.
        public let merchantNumber: String
        /// `md5_key`: with which both sides sign.
        let seal: Seal
        /// `failed_codes`: refusals after which nothing was paid and nothing will be.
        let failedCodes: Set<String>
        /// `no_funds_codes`: refusals because the merchant's funds do not suffice.
        let noFundsCodes: Set<String>
        /// `query_not_found_codes`: of a number that the channel has never seen.
        let notFoundCodes: Set<String>
        let base: BaseAddress
        /// How long one call may take.
        public let timeout: Duration

        /// Where the channel listens when `base_url` is not given.
        public static let productionAddress = "https://pay.trx.helipay.com"
    }
}

extension Helipay.AccountSettings {
    private static let names: Set<String> = [
        "channel", "name", "base_url", "timeout_seconds", "confirmed_with_acquirer", "customer_number", "md5_key",
        "failed_codes", "no_funds_codes", "query_not_found_codes",
    ]

    /// Reads the settings and checks all of them.
    ///
    /// - Throws: ``AccountFault`` that names the first key that is wrong, unknown keys included.
    public init(json bytes: [UInt8]) throws(AccountFault) {
        let fields = try AccountFields(json: bytes, names: Self.names)
        try fields.literal("channel", "helipay")
        try fields.confirmation(
            of: "that its gateway speaks https, its error codes, what a repeated number does, notices and limits",
            guide: "docs/guides/helipay.md")
        name = try fields.text("name", 1...64, .anything) ?? ""
        merchantNumber = try fields.required("customer_number", 1...50, .token)
        seal = Helipay.Seal(key: Secret(try fields.required("md5_key", 8...128, .anything)))
        failedCodes = try fields.words("failed_codes")
        noFundsCodes = try fields.words("no_funds_codes")
        notFoundCodes = try fields.words("query_not_found_codes")
        let accepted = Helipay.RefundReport.acceptedCodes
        for (key, codes) in [("failed_codes", failedCodes), ("query_not_found_codes", notFoundCodes)] {
            guard codes.isDisjoint(with: accepted) else {
                throw AccountFault(key: key, problem: "has a code that says that the order was taken on")
            }
        }
        guard noFundsCodes.isDisjoint(with: accepted.union(failedCodes)) else {
            throw AccountFault(key: "no_funds_codes", problem: "has a code that means something else already")
        }
        base = try fields.base(default: Self.productionAddress)
        timeout = try fields.timeout()
    }
}
