import Foundation

/// The settings of a demo: its own folder and ports, and the environment for everything else.
struct DemoSettings {
    let port: Int
    let folder: String

    /// Reads and checks them, and sets up the log.
    ///
    /// - Throws: ``SettingsFault``.
    func load() async throws -> Settings {
        var environment = ProcessInfo.processInfo.environment
        let own: [Variable: String] = [
            .listen: "127.0.0.1:\(port)", .publicURL: "http://127.0.0.1:\(port)",
            .databaseURL: "sqlite:\(folder)/portal.sqlite", .proofStoreURL: "file:\(folder)/proofs",
            .keysFile: "\(folder)/keys.json", .messageDirectory: "\(folder)/messages",
            // Whoever also runs a real portal may have these set.
            .migrateDatabaseURL: "", .tlsCertificate: "", .tlsKey: "",
        ]
        for (variable, value) in own { environment[variable.rawValue] = value }
        if environment[Variable.adminListen.rawValue] == nil {
            environment[Variable.adminListen.rawValue] = "127.0.0.1:\(port + 1)"
        }
        if environment[Variable.logLevel.rawValue] == nil { environment[Variable.logLevel.rawValue] = "warning" }
        let settings = try await SettingsSource.read(file: nil, environment: environment)
        try settings.requireOwnAdminAddress()
        LineLogHandler.bootstrap(level: settings.logLevel, format: settings.logFormat)
        return settings
    }
}
