import Configuration
import Foundation
import SystemPackage

/// Finds the settings: environment variables first, then the file.
enum SettingsSource {
    /// - Parameters:
    ///   - file: the path given with `--config`, if any.
    ///   - environment: what the process was started with.
    /// - Throws: ``SettingsFault`` with everything that is missing, unknown or unsafe.
    static func read(file: String?, environment: [String: String]) async throws(SettingsFault) -> Settings {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider(environmentVariables: environment)]
        if let file {
            try checkNames(in: file)
            providers.append(try await provider(of: file))
        }
        let reader = ConfigReader(providers: providers)
        return try Settings { variable in
            let text = reader.string(forKey: ConfigKey(variable.fileKey), isSecret: true)
            // `NAME=` in a unit file or a compose file means not set.
            return text == "" ? nil : text
        }
    }

    private static func provider(of file: String) async throws(SettingsFault) -> any ConfigProvider {
        do {
            return try await FileProvider<JSONSnapshot>(filePath: FilePath(file))
        } catch {
            throw SettingsFault("--config", "\(file) cannot be read as JSON")
        }
    }

    /// A misspelt name would otherwise leave its default standing, silently.
    private static func checkNames(in file: String) throws(SettingsFault) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw SettingsFault("--config", "\(file) is missing or cannot be read")
        }
        let entries: [String: String]
        do {
            entries = try JSONDecoder().decode([String: String].self, from: data)
        } catch {
            throw SettingsFault("--config", "\(file) must be one JSON object whose values are texts")
        }
        let known = Set(Variable.allCases.map(\.fileKey))
        let unknown = entries.keys.filter { !known.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw SettingsFault(
                unknown.map { name in
                    SettingsFault.Problem(
                        variable: name,
                        advice: "is no setting; \(file) may hold \(known.sorted().joined(separator: ", "))")
                })
        }
    }
}
