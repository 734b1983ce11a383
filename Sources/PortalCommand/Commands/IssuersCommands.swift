import ArgumentParser

/// `refund-portal issuers …`.
struct IssuersCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issuers", abstract: "Banks by the first digits of their cards.", subcommands: [Load.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load a list of card prefixes of the form of reference/issuers/cn-cards.json.",
            discussion: """
                The list takes the place of the program's own, whole, and counts at once for servers and workers. It \
                is used for words and for when money should arrive, never for where it goes.
                """)

        @OptionGroup var options: SettingsOptions

        @Argument(help: "The JSON file, or - for standard input.")
        var file: String

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let command = LoadIssuers(file: file == "-" ? "standard input" : file, asJSON: json)
            try await Office.run(.loadIssuers(command), from: try .path(file), try await options.load())
        }
    }
}
