import Foundation
import Testing

@testable import Vault

/// Runs the `openssl` program, an implementation of the same standards with another hand at the wheel.
@discardableResult
func run(_ arguments: String..., input: [UInt8] = []) throws -> [UInt8] {
    try run(arguments, input: input)
}

@discardableResult
func run(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = arguments
    let standardInput = Pipe()
    let standardOutput = Pipe()
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    process.standardError = FileHandle.nullDevice
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
    try standardInput.fileHandleForWriting.close()
    let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
    return [UInt8](output)
}

func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
}

func contents(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
}

/// The bytes with one bit changed.
func flipped(_ bytes: [UInt8], at position: Int) -> [UInt8] {
    var changed = bytes
    changed[position] ^= 1
    return changed
}
