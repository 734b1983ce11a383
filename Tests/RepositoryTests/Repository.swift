import Foundation

/// The files of this repository, as the tests of the repository read them.
enum Repository {
    /// The folder that holds `Package.swift`.
    static let root: String = {
        let here = URL(fileURLWithPath: #filePath)
        return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    }()

    static func path(_ name: String) -> String { "\(root)/\(name)" }

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    /// The names of all files below a folder, with the folder in front.
    static func files(below folder: String, ending: String) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: path(folder))?.allObjects as? [String] ?? []
        return names.filter { $0.hasSuffix(ending) && !$0.contains("__pycache__") }.sorted().map { "\(folder)/\($0)" }
    }
}
