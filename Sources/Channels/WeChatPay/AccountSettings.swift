public import Vault

/// WeChat Pay's API v3: domestic refunds (merchant documents 4012587971 and following).
public enum WeChatPay {}

extension WeChatPay {
    /// The settings of one merchant account, checked.
    public struct AccountSettings: Sendable {
        /// What people call the account.
        public let name: String
        /// `mchid`: the merchant number that signs; a service provider's own in that mode.
        public let merchantNumber: String
        /// `sub_mchid`: the merchant served, in service provider mode only.
        public let subMerchantNumber: String?
        /// Serial number of the merchant's API certificate, in capital hexadecimal digits; not the platform's.
        let merchantSerial: String
        let privateKey: any MessageSigner
        /// 32 bytes that open notices.
        let apiV3Key: [UInt8]
        let platformKeys: PlatformKeys
        let base: BaseAddress
        /// How long one call may take.
        public let timeout: Duration

        /// Where the channel listens when `base_url` is not given.
        public static let productionAddress = "https://api.mch.weixin.qq.com"
    }
}

extension WeChatPay.AccountSettings {
    private static let names: Set<String> = [
        "channel", "name", "base_url", "timeout_seconds", "mchid", "sub_mchid", "appid", "serial_no",
        "private_key_pem", "apiv3_key", "public_key_id", "public_key_pem", "platform_certificates_pem",
    ]

    /// Reads the settings and checks all of them.
    ///
    /// - Parameter keys: reads the keys among them.
    /// - Throws: ``AccountFault`` that names the first key that is wrong, unknown keys included.
    public init(json bytes: [UInt8], keys: MessageKeyReader = .rsa) throws(AccountFault) {
        let fields = try AccountFields(json: bytes, names: Self.names)
        try fields.literal("channel", "wechatpay")
        name = try fields.text("name", 1...64, .anything) ?? ""
        merchantNumber = try fields.required("mchid", 1...32, .digits)
        subMerchantNumber = try fields.text("sub_mchid", 1...32, .digits)
        _ = try fields.text("appid", 1...32, .token)
        merchantSerial = try fields.required("serial_no", 8...64, .hexadecimal).uppercased()
        privateKey = try Self.privateKey(fields, keys)
        let key = Array(try fields.required("apiv3_key", 1...64, .anything).utf8)
        guard key.count == 32 else { throw AccountFault(key: "apiv3_key", problem: "must be 32 bytes") }
        apiV3Key = key
        platformKeys = try WeChatPay.PlatformKeys(fields, keys)
        base = try fields.base(default: Self.productionAddress)
        timeout = try fields.timeout()
    }

    private static func privateKey(
        _ fields: AccountFields, _ keys: MessageKeyReader
    ) throws(AccountFault) -> any MessageSigner {
        let pem = try fields.required("private_key_pem", 1...16_384, .anything)
        do throws(VaultFault) { return try keys.signer(Secret(pem)) } catch {
            throw AccountFault(key: "private_key_pem", problem: "is not an RSA private key in PEM (apiclient_key.pem)")
        }
    }
}
