import ArgumentParser

/// `refund-portal worker`.
struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do the background work alone: refunds to the channels, messages, timers.",
        discussion: """
            On SQLite one process writes the file: run this instead of `serve`, or `serve` with WORKER=on, not both.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Server(try await options.load()).work()
    }
}
