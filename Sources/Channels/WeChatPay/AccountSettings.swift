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
        /// What `timeout_seconds` is when it is not given.
        public static let timeoutSecondsDefault: Int64 = 15
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
        guard let json = StrictJSON(bytes), case .object(let members) = json else { throw AccountFault.notJSON }
        for key in members.keys.sorted() where !Self.names.contains(key) {
            throw AccountFault(key: key, problem: "is not a key of this channel")
        }
        let fields = AccountFields(json)
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
        base = try Self.base(fields)
        timeout = try Self.timeout(fields)
    }

    private static func privateKey(
        _ fields: AccountFields, _ keys: MessageKeyReader
    ) throws(AccountFault) -> any MessageSigner {
        let pem = try fields.required("private_key_pem", 1...16_384, .anything)
        do { return try keys.signer(Secret(pem)) } catch {
            throw AccountFault(key: "private_key_pem", problem: "is not an RSA private key in PEM (apiclient_key.pem)")
        }
    }

    private static func base(_ fields: AccountFields) throws(AccountFault) -> BaseAddress {
        let text = try fields.text("base_url", 1...300, .anything) ?? productionAddress
        guard let base = BaseAddress(text) else {
            throw AccountFault(
                key: "base_url", problem: "must be https://host[:port] without a path; http:// on this machine only")
        }
        return base
    }

    private static func timeout(_ fields: AccountFields) throws(AccountFault) -> Duration {
        let seconds = try fields.whole("timeout_seconds") ?? timeoutSecondsDefault
        guard (1...30).contains(seconds) else {
            throw AccountFault(key: "timeout_seconds", problem: "must be 1 to 30")
        }
        return .seconds(seconds)
    }
}

/// Reads the values of an account's JSON one by one.
struct AccountFields {
    private let json: StrictJSON

    /// Which characters a value may have.
    enum Alphabet {
        case digits
        case hexadecimal
        /// Letters, digits, `_` and `-`.
        case token
        case anything
    }

    init(_ json: StrictJSON) {
        self.json = json
    }

    func required(
        _ key: String, _ bytes: ClosedRange<Int>, _ alphabet: Alphabet
    ) throws(AccountFault) -> String {
        guard let value = try text(key, bytes, alphabet) else { throw AccountFault(key: key, problem: "is missing") }
        return value
    }

    /// A text, or nil when the key is absent.
    func text(_ key: String, _ bytes: ClosedRange<Int>, _ alphabet: Alphabet) throws(AccountFault) -> String? {
        guard let member = json[key] else { return nil }
        guard let value = member.text else { throw AccountFault(key: key, problem: "must be a text") }
        guard bytes.contains(value.utf8.count) else {
            throw AccountFault(key: key, problem: "must be \(bytes.lowerBound) to \(bytes.upperBound) bytes long")
        }
        guard value.utf8.allSatisfy({ AccountFields.has(alphabet, $0) }) else {
            throw AccountFault(key: key, problem: "has a character that cannot be part of it")
        }
        return value
    }

    func whole(_ key: String) throws(AccountFault) -> Int64? {
        guard let member = json[key] else { return nil }
        guard let value = member.whole else { throw AccountFault(key: key, problem: "must be a whole number") }
        return value
    }

    func literal(_ key: String, _ wanted: String) throws(AccountFault) {
        guard let value = json[key]?.text, sameBytes(value, wanted) else {
            throw AccountFault(key: key, problem: "must be \"\(wanted)\"")
        }
    }

    private static func has(_ alphabet: Alphabet, _ byte: UInt8) -> Bool {
        let isDigit = (48...57).contains(byte)
        switch alphabet {
        case .digits: return isDigit
        case .hexadecimal: return isDigit || (65...70).contains(byte) || (97...102).contains(byte)
        case .token:
            return isDigit || (65...90).contains(byte) || (97...122).contains(byte) || byte == 0x2D || byte == 0x5F
        case .anything: return true
        }
    }
}
