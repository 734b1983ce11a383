import Vault

/// UnionPay's gateway for all channels (全渠道), version 5.1.0 (open.unionpay.com, interfaces 756, 757 and 800).
public enum UnionPay {}

extension UnionPay {
    /// The settings of one merchant account, checked.
    public struct AccountSettings: Sendable {
        /// What people call the account.
        public let name: String
        /// `mer_id`: the merchant's number, 15 characters.
        public let merchantNumber: String
        /// `biz_type`: the product of the contract, `000201` for the gateway.
        let businessType: String
        /// `channel_type`: `07` for computers, `08` for phones and terminals.
        let channelType: String
        let seal: Seal
        let base: BaseAddress
        /// How long one call may take.
        public let timeout: Duration

        /// Where the channel listens when `base_url` is not given.
        public static let productionAddress = "https://gateway.95516.com"
    }

    /// How messages are signed and checked.
    enum Seal: Sendable {
        /// `sign_method` 01: the merchant's certificate against UnionPay's.
        case certificates(own: OwnCertificate, theirs: SignerRules)
        /// `sign_method` 12: SM3 with a key that both sides know.
        case sharedKey(Secret)
    }
}

extension UnionPay.AccountSettings {
    private static let names: Set<String> = [
        "channel", "name", "base_url", "timeout_seconds", "mer_id", "biz_type", "channel_type", "sign_method",
        "pfx_base64", "pfx_password", "private_key_pem", "certificate_pem", "root_certificates_pem",
        "middle_certificates_pem", "signer_common_name", "allow_sha1_certificates", "secure_key",
    ]

    /// Reads the settings and checks all of them.
    ///
    /// - Throws: ``AccountFault`` that names the first key that is wrong, unknown keys included.
    public init(json bytes: [UInt8]) throws(AccountFault) {
        let fields = try AccountFields(json: bytes, names: Self.names)
        try fields.literal("channel", "unionpay")
        name = try fields.text("name", 1...64, .anything) ?? ""
        merchantNumber = try fields.required("mer_id", 15...15, .token)
        businessType = try fields.required("biz_type", 6...6, .digits)
        channelType = try fields.required("channel_type", 2...2, .digits)
        base = try fields.base(default: Self.productionAddress)
        timeout = try fields.timeout()
        switch try fields.text("sign_method", 2...2, .digits) ?? "01" {
        case "01":
            let rules = try UnionPay.SignerRules(fields)
            guard !rules.isForTests || base.text != Self.productionAddress else {
                throw AccountFault(
                    key: "root_certificates_pem", problem: "is of UnionPay's test environment, but base_url is not")
            }
            seal = .certificates(own: try UnionPay.OwnCertificate(fields), theirs: rules)
        case "12":
            seal = .sharedKey(Secret(try fields.required("secure_key", 16...256, .anything)))
        default: throw AccountFault(key: "sign_method", problem: "must be 01 or 12")
        }
    }
}
