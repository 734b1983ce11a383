import ArgumentParser
import Statements

/// `refund-portal reconcile`.
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold the refunds of a channel's file against ours, both ways.",
        discussion: """
            What is in the file and not with us, with us and not in the file on the days that it covers, or of another \
            amount or state there becomes a worklist at /support/reconciliation. The same file twice changes nothing; \
            what fits by now is closed. One bad line stops the whole file.
            """)

    @OptionGroup var options: SettingsOptions

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(help: "The merchant's code.")
    var merchant: String

    @Option(help: "What kind of file it is; without it, the content tells.")
    var format: StatementFormat?

    @Flag(help: "One JSON document.")
    var json = false

    func run() async throws {
        let command = ReconcileStatement(merchant: merchant, format: format?.rawValue, asJSON: json)
        try await Office.run(.reconcileStatement(command), from: try .path(file), try await options.load())
    }
}
