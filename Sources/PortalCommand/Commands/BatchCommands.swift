import ArgumentParser
import Foundation
import RefundDesk

/// `refund-portal batch …`.
struct BatchCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Files of batches that people pay.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a batch's file is as this portal wrote it, to the last byte.",
            discussion: "Needs the key file and no database. Exit code 1 for a file that was changed or is none.")

        private struct Answer: Encodable {
            let genuine: Bool
            /// The batch that a genuine file is of.
            let batch: String?
        }

        @OptionGroup var options: SettingsOptions

        @Argument(help: "The file, or - for standard input.")
        var file: String

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let settings = try await options.load()
            let input = try await CommandSource.path(file).taken(folder: FileManager.default.temporaryDirectory.path)
            let bytes = try input.all(bytesMax: PayoutLimits.answerBytesMax)
            let found = PayoutFileCheck(of: bytes, try Office.keys(settings.keysFile))
            let (number, sentence) =
                switch found {
                case .genuine(let number): (number as String?, "\(number): as this portal wrote it.\n")
                case .changed: (nil, "The file was changed after this portal wrote it. Pay nothing by it.\n")
                case .unsigned: (nil, "The file has no signature of this portal. Pay nothing by it.\n")
                }
            let answer = Answer(genuine: number != nil, batch: number)
            Terminal().report(.output(json ? try JSONText.document(answer) : sentence))
            if number == nil { throw ExitCode.found }
        }
    }
}
