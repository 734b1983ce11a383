import Foundation

/// JSON for scripts: one document on standard output.
enum JSONText {
    /// The document with a line end; keys in a fixed order, so that two runs can be compared.
    static func document(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
