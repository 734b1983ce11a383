public import Vault

/// Alipay's open platform (支付宝开放平台): `alipay.trade.refund` and its queries (opendocs.alipay.com).
public enum Alipay {}

extension Alipay {
    /// The settings of one application's account, checked.
    public struct AccountSettings: Sendable {
        /// What people call the account.
        public let name: String
        /// `app_id`: by which Alipay knows the merchant's application.
        let application: String
        /// `seller_id`: the merchant's own number (PID, 2088…), by which bills name it; `app_id` where it is not given.
        public let merchantNumber: String
        /// `app_auth_token`: the merchant's leave for a service provider's application.
        let authorization: String?
        let privateKey: any MessageSigner
        let trust: Trust
        /// `deposit_back_failed`: the words of `dback_status` for money that a bank sent back.
        let depositBackFailed: String
        let base: BaseAddress
        /// How long one call may take.
        public let timeout: Duration

        /// Where the channel listens when `base_url` is not given.
        public static let productionAddress = "https://openapi.alipay.com"
        /// What `deposit_back_failed` is when it is not given; no public document lists the words.
        static let depositBackFailedDefault = "F"
    }
}

extension Alipay.AccountSettings {
    private static let names: Set<String> = [
        "channel", "name", "base_url", "timeout_seconds", "app_id", "seller_id", "app_auth_token",
        "private_key_pem", "alipay_public_key_pem", "app_cert_pem", "alipay_cert_pem", "alipay_root_cert_pem",
        "deposit_back_failed",
    ]

    /// Reads the settings and checks all of them.
    ///
    /// - Parameter keys: reads the keys among them.
    /// - Throws: ``AccountFault`` that names the first key that is wrong, unknown keys included.
    public init(json bytes: [UInt8], keys: MessageKeyReader = .rsa) throws(AccountFault) {
        let fields = try AccountFields(json: bytes, names: Self.names)
        try fields.literal("channel", "alipay")
        name = try fields.text("name", 1...64, .anything) ?? ""
        application = try fields.required("app_id", 1...32, .digits)
        merchantNumber = try fields.text("seller_id", 16...16, .digits) ?? application
        authorization = try fields.text("app_auth_token", 1...40, .token)
        let pem = try fields.required("private_key_pem", 1...16_384, .anything)
        do { privateKey = try keys.signer(Secret(pem)) } catch {
            throw AccountFault(key: "private_key_pem", problem: "is not an RSA private key in PEM")
        }
        trust = try Alipay.Trust(fields, keys, ownKey: Secret(pem))
        depositBackFailed =
            try fields.text("deposit_back_failed", 1...16, .token) ?? Self.depositBackFailedDefault
        base = try fields.base(default: Self.productionAddress)
        timeout = try fields.timeout()
    }
}
