import Channels
import RefundDesk
import RefundDomain

/// `channel add`: the account's JSON is the input, and its secrets are sealed before anything is stored.
struct AddChannel: Sendable, Codable, Equatable {
    /// Keys and certificates of one account stay far below this.
    private static var fileBytesMax: Int { 256 * 1024 }

    private struct Answer: Encodable {
        let account: String
        let callback: String
    }

    let merchant: String
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: CommandReport) async throws {
        let settings = try input.all(bytesMax: Self.fileBytesMax)
        let summary = try ChannelBook.check(settings: settings)
        let added = try await office.desk.addChannelAccount(
            merchantCode: merchant, channel: summary.channel, name: summary.name,
            merchantNumber: summary.merchantNumber, settings: settings)
        let callback = office.callback(summary.channel, added.callbackName)
        if asJSON {
            report(.output(try JSONText.document(Answer(account: added.callbackName, callback: callback))))
        } else {
            report(.output("account \(added.callbackName) added\ncallback address: \(callback)\n"))
        }
    }
}
