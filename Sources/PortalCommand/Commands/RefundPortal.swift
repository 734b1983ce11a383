import ArgumentParser

/// The whole command line.
struct RefundPortal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund-portal",
        abstract: "A portal where people ask for part of a payment back, and see it arrive.",
        discussion: """
            Settings come from environment variables (LISTEN, DATABASE_URL, …), then from the file of --config.
            """,
        subcommands: [
            Demo.self, Serve.self, Worker.self, Migrate.self, KeysCommands.self, MerchantCommands.self,
            TerminalCommands.self, ChannelCommands.self, StaffCommands.self, Import.self, Reconcile.self,
            CalendarCommands.self, IssuersCommands.self, CapabilityCommands.self, BatchCommands.self,
            RecordCommands.self,
            Verify.self, Sandbox.self, Lifecycle.self,
        ])
}
