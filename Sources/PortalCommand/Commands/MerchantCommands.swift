import ArgumentParser
import RefundDesk
import RefundDomain

/// `refund-portal merchant …`.
struct MerchantCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merchant", abstract: "Set up merchants.", subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a merchant.")

        @OptionGroup var options: SettingsOptions

        @Argument(help: "2 to 32 lower-case letters, digits and hyphens; used in commands.")
        var code: String

        @Option(help: "The name that customers know.")
        var name: String

        @Option(help: "The same in English.")
        var nameEn: String?

        @Option(help: "The time zone of its shops.")
        var zone = "Asia/Shanghai"

        @Option(help: "The currency of its payments.")
        var currency = "CNY"

        func run() async throws {
            let command = AddMerchant(code: code, name: name, nameEnglish: nameEn, zone: zone, currency: currency)
            try await Office.run(.addMerchant(command), from: .nothing, try await options.load())
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the merchants.")

        private struct Answer: Encodable {
            let merchants: [Item]
        }

        private struct Item: Encodable {
            let code: String
            let name: String
            let zone: String
            let currency: String
        }

        @OptionGroup var options: SettingsOptions

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let merchants = try await Office.reading(try await options.load()) { try await $0.desk.merchants() }
            let items = merchants.map { Item(code: $0.code, name: $0.name, zone: $0.zone, currency: $0.currency.code) }
            let lines = items.map { "\($0.code)\t\($0.name)\t\($0.zone)\t\($0.currency)\n" }
            Terminal().report(.output(json ? try JSONText.document(Answer(merchants: items)) : lines.joined()))
        }
    }
}
