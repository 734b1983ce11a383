public import ArgumentParser
public import Statements

/// `refund-portal import`.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import payments from a statement file.",
        discussion: """
            All of a file or nothing: one bad line stops it, unless --skip-bad. The same file twice changes nothing. \
            UTF-8 and GBK, gzip and ZIP too.
            """)

    @OptionGroup var options: SettingsOptions

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(help: "The merchant's code.")
    var merchant: String

    @Option(help: "What kind of file it is; without it, the content tells.")
    var format: StatementFormat?

    @Flag(help: "Read and check everything, store nothing.")
    var dryRun = false

    @Flag(help: "Store the good lines although there are bad ones.")
    var skipBad = false

    @Flag(help: "One JSON document.")
    var json = false

    func run() async throws {
        let command = ImportStatement(
            merchant: merchant, format: format?.rawValue, isDryRun: dryRun, skipsBad: skipBad, asJSON: json)
        try await Office.run(.importStatement(command), from: try .path(file), try await options.load())
    }
}

extension StatementFormat: ExpressibleByArgument {}
