import Foundation

/// Where the program's own files lie: templates, styles, reference data.
struct ResourceFolder: Sendable {
    /// Holds `templates`, `Public` and `reference`.
    let root: String

    /// How many folders above the executable are looked at: `.build/x86_64-unknown-linux-gnu/debug` has four.
    private static let levelsMax = 5

    /// The first that has them: the working directory, the executable's folder and those above it, and
    /// `share/refund-portal` beside a `bin` folder.
    ///
    /// - Throws: ``CommandFailure`` (configuration) when none has.
    static func find() throws(CommandFailure) -> ResourceFolder {
        var places = [FileManager.default.currentDirectoryPath]
        var folder = URL(fileURLWithPath: CommandLine.executablePath).deletingLastPathComponent()
        for _ in 0..<levelsMax {
            places.append(folder.path)
            places.append(folder.appendingPathComponent("share/refund-portal").path)
            folder.deleteLastPathComponent()
        }
        let root = places.first { FileManager.default.fileExists(atPath: $0 + "/templates/words") }
        guard let root else {
            throw CommandFailure(
                .configuration, "The folder with templates, Public and reference is not beside the program.")
        }
        return ResourceFolder(root: root)
    }

    /// The path of something in it.
    func path(_ name: String) -> String { "\(root)/\(name)" }
}

extension CommandLine {
    fileprivate static var executablePath: String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            return arguments.first ?? ""
        }
    }
}
