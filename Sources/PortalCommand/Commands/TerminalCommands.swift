public import ArgumentParser
public import RefundDomain

/// `refund-portal terminal …`.
struct TerminalCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminal", abstract: "Set up terminals.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a terminal of a merchant.")

        @OptionGroup var options: SettingsOptions

        @Argument(help: "The number on its slips.")
        var number: String

        @Option(help: "The merchant's code.")
        var merchant: String

        @Option(help: "What kind of terminal it is; decides what it can give back.")
        var family = TerminalFamily.traditional

        @Option(help: "The shop it stands in.")
        var store: String?

        func run() async throws {
            let command = AddTerminal(number: number, merchant: merchant, family: family.rawValue, store: store)
            try await Office.run(.addTerminal(command), from: .nothing, try await options.load())
        }
    }
}

extension TerminalFamily: ExpressibleByArgument {}
