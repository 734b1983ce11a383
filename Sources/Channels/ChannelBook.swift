public import RefundDomain
public import Vault

/// Makes the client of a channel account from the settings that were stored for it.
public struct ChannelBook: Sendable {
    private let exchange: ChannelExchange
    let clock: @Sendable () -> Moment
    private let nonce: @Sendable () throws -> String
    private let keys: MessageKeyReader

    /// - Parameters:
    ///   - exchange: how channels are reached, usually ``HTTPExchange/send(_:)``.
    ///   - nonce: 1 to 32 letters and digits that nobody can guess, new on each call; when it throws, nothing is sent.
    ///   - keys: reads the keys in the accounts' settings.
    public init(
        exchange: @escaping ChannelExchange, clock: @escaping @Sendable () -> Moment,
        nonce: @escaping @Sendable () throws -> String, keys: MessageKeyReader = .rsa
    ) {
        self.exchange = exchange
        self.clock = clock
        self.nonce = nonce
        self.keys = keys
    }

    /// The same book over another line.
    func replacingExchange(_ change: (@escaping ChannelExchange) -> ChannelExchange) -> ChannelBook {
        ChannelBook(exchange: change(exchange), clock: clock, nonce: nonce, keys: keys)
    }

    /// The client of one account.
    ///
    /// - Parameter settings: the account's JSON, unsealed; see `docs/guides`.
    /// - Throws: ``AccountFault`` that names the key that is wrong.
    public func client(of channel: Channel, settings: [UInt8]) throws(AccountFault) -> any ChannelClient {
        switch channel {
        case .wechatPay:
            let account = try WeChatPay.AccountSettings(json: settings, keys: keys)
            return WeChatPay.Client(account: account, exchange: exchange, clock: clock, nonce: nonce)
        case .unionPay:
            let account = try UnionPay.AccountSettings(json: settings)
            return UnionPay.Client(account: account, exchange: exchange, clock: clock)
        case .alipay:
            let account = try Alipay.AccountSettings(json: settings, keys: keys)
            return Alipay.Client(account: account, exchange: exchange, clock: clock)
        case .lakala:
            let account = try Lakala.AccountSettings(json: settings, keys: keys)
            return Lakala.Client(account: account, exchange: exchange, clock: clock, nonce: nonce)
        case .shengpay:
            let account = try Shengpay.AccountSettings(json: settings)
            return Shengpay.Client(account: account, exchange: exchange, nonce: nonce)
        case .helipay:
            return Helipay.Client(account: try Helipay.AccountSettings(json: settings), exchange: exchange)
        case .manual:
            _ = try Manual.AccountSettings(json: settings)
            return Manual.Client()
        }
    }

    /// Which channel an account's JSON is for, after all of it was checked.
    ///
    /// - Throws: ``AccountFault`` that names the key that is wrong.
    public static func check(settings: [UInt8]) throws(AccountFault) -> AccountSummary {
        guard let json = StrictJSON(settings), case .object = json else { throw AccountFault.notJSON }
        guard let word = json["channel"]?.text, let channel = Channel(rawValue: word) else {
            throw AccountFault(key: "channel", problem: "must be one of the channels' names")
        }
        switch channel {
        case .wechatPay:
            let account = try WeChatPay.AccountSettings(json: settings)
            return AccountSummary(channel: channel, name: account.name, merchantNumber: account.merchantNumber)
        case .unionPay:
            let account = try UnionPay.AccountSettings(json: settings)
            return AccountSummary(channel: channel, name: account.name, merchantNumber: account.merchantNumber)
        case .alipay:
            let account = try Alipay.AccountSettings(json: settings)
            return AccountSummary(channel: channel, name: account.name, merchantNumber: account.merchantNumber)
        case .lakala:
            let account = try Lakala.AccountSettings(json: settings)
            return AccountSummary(channel: channel, name: account.name, merchantNumber: account.merchantNumber)
        case .shengpay:
            let account = try Shengpay.AccountSettings(json: settings)
            return AccountSummary(channel: channel, name: account.name, merchantNumber: account.merchantNumber)
        case .helipay:
            let account = try Helipay.AccountSettings(json: settings)
            return AccountSummary(channel: channel, name: account.name, merchantNumber: account.merchantNumber)
        case .manual:
            let account = try Manual.AccountSettings(json: settings)
            return AccountSummary(channel: channel, name: account.name, merchantNumber: account.merchantNumber)
        }
    }
}

/// What may be shown of an account: nothing secret.
public struct AccountSummary: Sendable, Hashable {
    public let channel: Channel
    /// What people call the account.
    public let name: String
    /// The number by which the channel knows the merchant; statements carry it too.
    public let merchantNumber: String
}

/// What is wrong with an account's settings; never repeats the value, which may be a secret.
public struct AccountFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The JSON key at fault.
    public let key: String
    /// What is wrong with it, as the end of a sentence.
    public let problem: String

    public init(key: String, problem: String) {
        self.key = key
        self.problem = problem
    }

    static let notJSON = AccountFault(key: "(file)", problem: "is not one JSON object, or names a key twice")

    /// `apiv3_key: must be 32 bytes`
    public var description: String { "\(key): \(problem)" }
}
