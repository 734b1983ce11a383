import Vault

/// Shengpay's refunds (盛付通, docs.shengpay.com), as far as public documents tell; `docs/guides/shengpay.md` says what
/// they leave open.
public enum Shengpay {}

extension Shengpay {
    /// The settings of one merchant's account, checked.
    public struct AccountSettings: Sendable {
        /// What people call the account.
        public let name: String
        /// `mch_id`: by which Shengpay knows the merchant.
        public let merchantNumber: String
        /// `app_id`: which the wallet products want.
        let application: String?
        /// `sub_mch_id`: the merchant that an agent's account acts for.
        let subMerchantNumber: String?
        let privateKey: any MessageSigner
        let platformKey: any SignatureChecker
        let base: BaseAddress
        /// `refund_path`
        let refundPath: String
        /// `failed_codes`: refusals after which nothing was paid and nothing will be.
        let failedCodes: Set<String>
        /// `no_funds_codes`: refusals because the merchant's funds do not suffice.
        let noFundsCodes: Set<String>
        /// How to ask; nil until the acquirer has told.
        let question: Question?
        /// How long one call may take.
        public let timeout: Duration

        /// Where the channel listens when `base_url` is not given.
        public static let productionAddress = "https://mchapi.shengpay.com"
        /// What `refund_path` is when it is not given: the product of shops that accept payments.
        static let refundPathDefault = "/refund/orderRefund"
    }

    /// How a merchant asks for a refund's state, in the acquirer's words.
    struct Question: Sendable {
        let path: String
        /// The member of the answer that names the state.
        let stateName: String
        let succeeded: Set<String>
        let pending: Set<String>
        let failed: Set<String>
        /// Error codes of a number that the channel has never seen.
        let notFoundCodes: Set<String>
    }
}

extension Shengpay.AccountSettings {
    private static let names: Set<String> = [
        "channel", "name", "base_url", "timeout_seconds", "confirmed_with_acquirer", "mch_id", "app_id", "sub_mch_id",
        "private_key_pem", "platform_public_key_pem", "refund_path", "failed_codes", "no_funds_codes", "query_path",
        "query_state_name", "query_succeeded", "query_pending", "query_failed", "query_not_found_codes",
    ]

    /// Reads the settings and checks all of them.
    ///
    /// - Throws: ``AccountFault`` that names the first key that is wrong, unknown keys included.
    public init(json bytes: [UInt8]) throws(AccountFault) {
        let fields = try AccountFields(json: bytes, names: Self.names)
        try fields.literal("channel", "shengpay")
        try fields.confirmation(
            of: "how a refund is asked for, its states, error codes, notices and limits",
            guide: "docs/guides/shengpay.md")
        name = try fields.text("name", 1...64, .anything) ?? ""
        merchantNumber = try fields.required("mch_id", 1...20, .token)
        application = try fields.text("app_id", 1...32, .token)
        subMerchantNumber = try fields.text("sub_mch_id", 1...20, .token)
        let keys = try Self.keys(fields)
        privateKey = keys.own
        platformKey = keys.platform
        base = try fields.base(default: Self.productionAddress)
        refundPath = try fields.path("refund_path") ?? Self.refundPathDefault
        failedCodes = try fields.words("failed_codes")
        noFundsCodes = try fields.words("no_funds_codes")
        guard failedCodes.isDisjoint(with: noFundsCodes) else {
            throw AccountFault(key: "no_funds_codes", problem: "has a word that failed_codes has too")
        }
        question = try Shengpay.Question(fields)
        guard question?.path != refundPath else {
            throw AccountFault(key: "query_path", problem: "is where refunds are ordered; asking orders nothing")
        }
        timeout = try fields.timeout()
    }

    /// Shengpay's own key is known to have 1024 bits, and its signatures are made over SHA-1.
    private static func keys(
        _ fields: AccountFields
    ) throws(AccountFault) -> (own: RSAPrivateKey, platform: RSAPublicKey) {
        let own: RSAPrivateKey
        let platform: RSAPublicKey
        let ownPEM = Secret(try fields.required("private_key_pem", 1...16_384, .anything))
        do { own = try RSAPrivateKey(weakPEM: ownPEM, digest: .sha1) } catch {
            throw AccountFault(key: "private_key_pem", problem: "is not an RSA private key in PEM")
        }
        let platformPEM = try fields.required("platform_public_key_pem", 1...16_384, .anything)
        do { platform = try RSAPublicKey(weakPEM: platformPEM, digest: .sha1) } catch {
            throw AccountFault(key: "platform_public_key_pem", problem: "is not an RSA public key in PEM")
        }
        if let mine = try? own.publicKey().pem(), let theirs = try? platform.pem(), mine == theirs {
            throw AccountFault(key: "platform_public_key_pem", problem: "is the merchant's own key, not Shengpay's")
        }
        return (own, platform)
    }
}

extension Shengpay.Question {
    /// Reads the `query_…` keys; nil without all of them.
    init?(_ fields: AccountFields) throws(AccountFault) {
        let stateName = try fields.text("query_state_name", 1...64, .token)
        succeeded = try fields.words("query_succeeded")
        pending = try fields.words("query_pending")
        failed = try fields.words("query_failed")
        notFoundCodes = try fields.words("query_not_found_codes")
        guard let path = try fields.path("query_path") else {
            guard stateName == nil, [succeeded, pending, failed, notFoundCodes].allSatisfy(\.isEmpty) else {
                throw AccountFault(key: "query_path", problem: "is missing, which the other query keys need")
            }
            return nil
        }
        guard let stateName else { throw AccountFault(key: "query_state_name", problem: "is missing") }
        guard !succeeded.isEmpty else { throw AccountFault(key: "query_succeeded", problem: "is missing") }
        guard succeeded.isDisjoint(with: pending), failed.isDisjoint(with: succeeded.union(pending)) else {
            throw AccountFault(key: "query_failed", problem: "and the other states must not share a word")
        }
        self.path = path
        self.stateName = stateName
    }
}
