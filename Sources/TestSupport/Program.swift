import Foundation

/// Another program, run to its end.
public enum Program {
    /// What it said when it did not work.
    public struct Failure: Error {
        public let reason: String
    }

    /// The folder that holds `Package.swift`.
    public static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Runs a program and waits for it.
    ///
    /// - Parameter path: absolute, or a name to look for as a shell does.
    /// - Returns: what it wrote to its standard output.
    /// - Throws: ``Failure`` with what it wrote to standard error when it did not end with 0.
    @discardableResult
    public static func run(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [path] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let reason = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            throw Failure(reason: "\(path) \(arguments.joined(separator: " ")): \(reason)")
        }
        return String(decoding: said, as: UTF8.self)
    }
}
