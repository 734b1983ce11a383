import ArgumentParser
import RefundDesk

/// `refund-portal record …`.
struct RecordCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "The record of everything that happened.", subcommands: [Heads.self])

    struct Heads: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print where the record of every merchant ends now.",
            discussion: """
                Keep it where nobody who writes to the database can: `verify --heads FILE` then finds a record that \
                was cut off, written anew or put back to an earlier day. Only reads.
                """)

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let text = try await Office.reading(try await options.load()) { try await $0.desk.recordHeads() }
            Terminal().report(.output(text))
        }
    }
}
