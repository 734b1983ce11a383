import ArgumentParser
import Vault

/// `refund-portal keys …`.
struct KeysCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Set up the sealing keys.", subcommands: [New.self])

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the key file of a new installation.",
            discussion: "Keep a copy apart from the database: without it, sealed data is lost for good.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let path = try await options.load().keysFile
            do {
                _ = try KeyFile.create(at: path)
            } catch {
                throw CommandFailure(error, keysFile: path)
            }
            Terminal().report(.output("\(path) made\n"))
        }
    }
}
