import ArgumentParser
import RefundDesk
import RefundDomain

/// `refund-portal channel …`.
struct ChannelCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel", abstract: "Set up accounts of payment channels.",
        subcommands: [Add.self, List.self, Check.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an account from a JSON file; its secrets are sealed at once and never shown again.")

        @OptionGroup var options: SettingsOptions

        @Option(help: "The merchant's code.")
        var merchant: String

        @Argument(help: "The account's JSON file, or - for standard input.")
        var file: String

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let command = AddChannel(merchant: merchant, asJSON: json)
            try await Office.run(.addChannel(command), from: try .path(file), try await options.load())
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts; never their secrets.")

        private struct Answer: Encodable {
            let accounts: [Item]
        }

        private struct Item: Encodable {
            let account: String
            let merchant: String
            let channel: String
            let name: String
            let callback: String
            /// The channel's word for why nothing is sent by the account; nil while it takes orders.
            let stopped: String?
        }

        @OptionGroup var options: SettingsOptions

        @Option(help: "Only those of one merchant.")
        var merchant: String?

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let items = try await Office.reading(try await options.load()) { office in
                try await office.desk.channelAccounts(merchantCode: merchant).map { account in
                    Item(
                        account: account.callbackName, merchant: account.merchantCode,
                        channel: account.channel.rawValue, name: account.name,
                        callback: office.callback(account.channel, account.callbackName),
                        stopped: account.stoppedReason)
                }
            }
            let lines = items.map { item in
                let state = item.stopped.map { "\tstopped: \($0)" } ?? ""
                return "\(item.account)\t\(item.merchant)\t\(item.channel)\t\(item.name)\t\(item.callback)\(state)\n"
            }
            Terminal().report(.output(json ? try JSONText.document(Answer(accounts: items)) : lines.joined()))
        }
    }
}
