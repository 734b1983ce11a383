import ArgumentParser

/// `refund-portal serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the portal and, unless WORKER=off, do its background work.",
        discussion: "Ends on SIGTERM or SIGINT, after the requests that are under way.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try await options.load()
        try settings.requireOwnAdminAddress()
        try await Server(settings).run()
    }
}
