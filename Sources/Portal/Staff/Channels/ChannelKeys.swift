package import Channels
package import RefundDesk

/// A channel account with the dates of its certificates.
package struct ChannelKeys: Sendable, Hashable {
    package let account: AccountItem
    /// The first to end first; empty where the channel has none.
    package let dates: [KeyDates]

    /// The accounts of every merchant, or of one.
    package static func list(_ desk: Desk, merchantCode: String? = nil) async throws -> [ChannelKeys] {
        var list: [ChannelKeys] = []
        for account in try await desk.channelAccounts(merchantCode: merchantCode) {
            let settings = try await desk.channelSettings(accountID: account.id)
            list.append(ChannelKeys(account: account, dates: ChannelBook.keyDates(settings: settings)))
        }
        return list
    }
}
