import ArgumentParser
import Foundation

/// Where a command finds its settings.
struct SettingsOptions: ParsableArguments {
    @Option(help: "A JSON file of settings; environment variables come first.")
    var config: String?

    /// Reads the settings and sets up the log by them.
    ///
    /// - Throws: ``SettingsFault``.
    func load() async throws -> Settings {
        let settings = try await SettingsSource.read(file: config, environment: ProcessInfo.processInfo.environment)
        LineLogHandler.bootstrap(level: settings.logLevel, format: settings.logFormat)
        return settings
    }
}
