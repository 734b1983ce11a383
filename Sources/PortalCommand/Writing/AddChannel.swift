import Channels
import RefundDesk
import RefundDomain

/// `channel add`: the account's JSON is the input, and its secrets are sealed before anything is stored. A merchant
/// number that is there already gets the new settings, keeps its callback address and takes orders again.
struct AddChannel: Sendable, Codable, Equatable {
    /// Keys and certificates of one account stay far below this.
    static var fileBytesMax: Int { 256 * 1024 }

    private struct Answer: Encodable {
        let account: String
        let callback: String
    }

    let merchant: String
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: CommandReport) async throws {
        let settings = try input.all(bytesMax: Self.fileBytesMax)
        let summary = try ChannelBook.check(settings: settings)
        if let fault = ChannelBook.outdated(settings: settings, at: office.desk.clock()) { throw fault }
        let known = try await office.desk.channelAccounts(merchantCode: merchant).first {
            $0.channel == summary.channel && $0.merchantNumber == summary.merchantNumber
        }
        let name: String
        if let known {
            try await office.desk.changeChannelSettings(accountID: known.id, to: settings)
            name = known.callbackName
        } else {
            name = try await office.desk.addChannelAccount(
                merchantCode: merchant, channel: summary.channel, name: summary.name,
                merchantNumber: summary.merchantNumber, settings: settings
            ).callbackName
        }
        let callback = office.callback(summary.channel, name)
        let done = known == nil ? "added" : "changed"
        let text = "account \(name) \(done)\ncallback address: \(callback)\n"
        report(.output(asJSON ? try JSONText.document(Answer(account: name, callback: callback)) : text))
    }
}
