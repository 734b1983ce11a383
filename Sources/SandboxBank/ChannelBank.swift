/// The channels whose formats a bank may speak; the words are those of the portal's account settings.
public enum BankChannel: String, Sendable, CaseIterable {
    case wechatPay = "wechatpay"
    case alipay
    case unionPay = "unionpay"
    case lakala
    case shengpay
    case helipay
}

/// The bank's side of one channel's format: reads its requests, decides by ``BankRules``, answers and tells in it.
///
/// Keys are the channel's own affair; all channels share the books.
protocol ChannelBank: Sendable {
    /// Whose requests it understands; the first part of ``BankRefund/merchant`` is its name.
    var channel: BankChannel { get }

    /// Whether a path, as it was sent, is one of its addresses.
    func serves(_ path: String) -> Bool

    /// Decides on a request; the answer is signed already.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: only what randomness or a broken key throw; wrong requests get an answer.
    func decide(
        _ request: BankRequest, _ books: BankBooks, now: Int64, random: BankTill.RandomBytes
    ) throws -> Bank.Decision

    /// What a refund's notice says now.
    func notice(
        of refund: BankRefund, _ status: BankRefund.Status, now: Int64, random: BankTill.RandomBytes
    ) throws -> ChannelBankNotice
}

/// A notice in a channel's format.
struct ChannelBankNotice: Sendable {
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// The body that says that it was taken; nil when the status alone does.
    var thanks: String?
}

extension ChannelBank {
    /// How the books name a merchant of this channel.
    func bookName(ofMerchant number: String) -> String { "\(channel.rawValue):\(number)" }

    /// Whether a refund is one of this channel's.
    func owns(_ refund: BankRefund) -> Bool { refund.merchant.hasPrefix(channel.rawValue + ":") }
}
