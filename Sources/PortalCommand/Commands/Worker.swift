import ArgumentParser

/// `refund-portal worker`.
struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do the background work alone: refunds to the channels, messages, timers.",
        discussion: """
            On PostgreSQL any number may run beside any number of servers. On SQLite one process writes the file: run \
            `serve` with WORKER=on instead. It has health and readiness at ADMIN_LISTEN and nothing at LISTEN.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Server(try await options.load()).work()
    }
}
