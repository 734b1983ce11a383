public import Vault

/// Lakala's open platform (拉卡拉开放平台), version 3.0: refunds and their queries (o.lakala.com, documents 1004, 1826,
/// 1827 and 1828).
public enum Lakala {}

extension Lakala {
    /// The settings of one merchant account, checked.
    public struct AccountSettings: Sendable {
        /// What people call the account.
        public let name: String
        /// `merchant_no`: the merchant's number, 15 characters.
        public let merchantNumber: String
        /// `term_no`: the terminal that refunds are asked for under, 8 characters.
        let terminalNumber: String
        /// `appid`: by which Lakala knows who signs.
        let applicationID: String
        /// `serial_no`: serial number of the merchant's own certificate.
        let merchantSerial: String
        let privateKey: any MessageSigner
        let trust: Trust
        /// `timestamp_tolerance_seconds`: how far signing times may be from our clock.
        let toleranceSeconds: Int64
        let envelope: Envelope
        let product: Product
        /// `refund_account`: which of the merchant's balances pays; nil where the contract fixes it.
        let refundAccount: String?
        /// `request_ip`: the address that requests name as theirs.
        let requestAddress: String
        let codes: Codes
        let base: BaseAddress
        /// How long one call may take.
        public let timeout: Duration

        /// Where the channel listens when `base_url` is not given.
        public static let productionAddress = "https://s2.lakala.com"
        /// What stands before the channel's own path in its test environment.
        static let testPath = "/sit"
        static let toleranceSecondsDefault: Int64 = 300
        static let requestAddressDefault = "127.0.0.1"
    }

    /// Which of Lakala's refunds the contract has.
    enum Product: Sendable {
        /// 退款, `/api/v3/rfd/refund_front`: payments by code, and those whose Lakala number is known.
        case refundFront
        /// 统一退货, `/api/v3/lams/trade`: payments by bank card as their slips name them.
        case tradeRefund(SlipRules)
    }
}

extension Lakala.AccountSettings {
    private static let names: Set<String> = [
        "channel", "name", "base_url", "timeout_seconds", "appid", "serial_no", "private_key_pem",
        "platform_certificate_pem", "notice_certificate_pem", "timestamp_tolerance_seconds", "merchant_no", "term_no",
        "sm4_key", "encrypted_path_suffix", "product", "refund_account", "request_ip",
    ]

    /// Reads the settings and checks all of them.
    ///
    /// - Parameter keys: reads the keys among them.
    /// - Throws: ``AccountFault`` that names the first key that is wrong, unknown keys included.
    public init(json bytes: [UInt8], keys: MessageKeyReader = .rsa) throws(AccountFault) {
        let known = Self.names.union(Lakala.SlipRules.names).union(Lakala.Codes.names)
        let fields = try AccountFields(json: bytes, names: known)
        try fields.literal("channel", "lakala")
        name = try fields.text("name", 1...64, .anything) ?? ""
        merchantNumber = try fields.required("merchant_no", 15...15, .token)
        terminalNumber = try fields.required("term_no", 8...8, .token)
        applicationID = try fields.required("appid", 1...32, .token)
        merchantSerial = try fields.required("serial_no", 1...64, .hexadecimal)
        let pem = Secret(try fields.required("private_key_pem", 1...16_384, .anything))
        do throws(VaultFault) { privateKey = try keys.signer(pem) } catch {
            throw AccountFault(key: "private_key_pem", problem: "is not an RSA private key in PEM")
        }
        trust = try Lakala.Trust(fields, ownKey: pem)
        toleranceSeconds = try Self.tolerance(fields)
        envelope = try Lakala.Envelope(fields)
        product = try Self.product(fields)
        refundAccount = try fields.text("refund_account", 2...2, .digits)
        requestAddress = try Self.requestAddress(fields)
        codes = try Lakala.Codes(fields)
        base = try fields.base(default: Self.productionAddress, path: Self.testPath)
        timeout = try fields.timeout()
    }

    private static func tolerance(_ fields: AccountFields) throws(AccountFault) -> Int64 {
        let seconds = try fields.whole("timestamp_tolerance_seconds") ?? toleranceSecondsDefault
        guard (30...3600).contains(seconds) else {
            throw AccountFault(key: "timestamp_tolerance_seconds", problem: "must be 30 to 3600")
        }
        return seconds
    }

    private static func product(_ fields: AccountFields) throws(AccountFault) -> Lakala.Product {
        switch try fields.required("product", 1...32, .token) {
        case "refund_front": return .refundFront
        case "trade_refund": return .tradeRefund(try Lakala.SlipRules(fields))
        default: throw AccountFault(key: "product", problem: "must be refund_front or trade_refund")
        }
    }

    private static func requestAddress(_ fields: AccountFields) throws(AccountFault) -> String {
        let text = try fields.text("request_ip", 3...64, .anything) ?? requestAddressDefault
        let isAddress = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
                || ".:".utf8.contains(byte)
        }
        guard isAddress else { throw AccountFault(key: "request_ip", problem: "is not an IP address") }
        return text
    }
}
