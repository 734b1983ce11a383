public import ArgumentParser
public import RefundDomain

/// `refund-portal staff …`.
struct StaffCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Set up people who sign in.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add somebody.",
            discussion: "The password is the first line of standard input; without one it is made up and shown.")

        @OptionGroup var options: SettingsOptions

        @Option(help: "The address they sign in with.")
        var email: String

        @Option(help: "What they may do.")
        var role: Role

        @Option(help: "The code of the merchant they belong to.")
        var merchant: String?

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let command = AddStaff(email: email, role: role.rawValue, merchant: merchant, asJSON: json)
            try await Office.run(.addStaff(command), from: try .standardInput(), try await options.load())
        }
    }
}

extension Role: ExpressibleByArgument {}
