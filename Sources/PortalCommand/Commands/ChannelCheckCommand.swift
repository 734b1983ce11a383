import ArgumentParser
import AsyncHTTPClient
import Channels
import Foundation
import RefundDesk
import RefundDomain

extension ChannelCommands {
    /// `refund-portal channel check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask the channels of accounts a harmless signed question, and say in words what is wrong.",
            discussion: """
                The question is what became of a refund that never was, so no money can move. Before it, settings and \
                the dates of certificates are looked at; what is wrong there is said and nothing is sent. Ends with 1 \
                when something stands in the way of refunds.
                """)

        private struct Answer: Encodable {
            let accounts: [Item]
        }

        private struct Item: Encodable {
            let account: String
            let channel: String?
            let passed: Bool
            let findings: [Finding]
        }

        private struct Finding: Encodable {
            let weight: String
            let text: String
        }

        @OptionGroup var options: SettingsOptions

        @Option(help: "Only the accounts of one merchant.")
        var merchant: String?

        @Option(help: "A JSON file as for channel add, or - for standard input, instead of the stored accounts.")
        var file: String?

        @Flag(help: "One JSON document.")
        var json = false

        @Argument(help: "Only this account, by the name that channel list prints.")
        var account: String?

        func run() async throws {
            let settings = try await options.load()
            let client = HTTPClient(configuration: HTTPExchange.configuration)
            let result = await Result { try await check(ChannelBook.over(client, clock: systemClock), settings) }
            try await client.shutdown()
            let items = try result.get()
            Terminal().report(
                .output(json ? try JSONText.document(Answer(accounts: items)) : items.map(Self.text).joined()))
            if items.contains(where: { !$0.passed }) { throw ExitCode.found }
        }

        private func check(_ book: ChannelBook, _ settings: Settings) async throws -> [Item] {
            if let file {
                let input = try await CommandSource.path(file).taken(
                    folder: FileManager.default.temporaryDirectory.path)
                let check = await book.check(settings: try input.all(bytesMax: AddChannel.fileBytesMax))
                return [item(file == "-" ? "standard input" : file, nil, check)]
            }
            return try await Office.reading(settings) { office in
                let accounts = try await office.desk.channelAccounts(merchantCode: merchant)
                    .filter { account == nil || $0.callbackName == account }
                guard !accounts.isEmpty else {
                    throw CommandFailure(.badData, "There is no such channel account. channel list names all of them.")
                }
                var items: [Item] = []
                for account in accounts {
                    let check = await book.check(settings: try await office.desk.channelSettings(accountID: account.id))
                    items.append(item(account.callbackName, account.channel.rawValue, check))
                }
                return items
            }
        }

        private func item(_ account: String, _ channel: String?, _ check: ChannelCheck) -> Item {
            Item(
                account: account, channel: channel, passed: check.passed,
                findings: check.findings.map { Finding(weight: $0.weight.rawValue, text: $0.text) })
        }

        private static func text(_ item: Item) -> String {
            let lines = item.findings.map { "  \(Self.mark($0.weight)) \($0.text)\n" }
            return "\(item.account)\(item.channel.map { " (\($0))" } ?? "")\n\(lines.joined())"
        }

        private static func mark(_ weight: String) -> String {
            switch ChannelCheck.Weight(rawValue: weight) {
            case .good: "ok   "
            case .doubt: "doubt"
            case .fault, nil: "WRONG"
            }
        }
    }
}
