import AsyncHTTPClient
import Foundation
import NIOCore
import Storage
import StorageSQLite

/// Runs a command that writes where it may write: here when the database's lock is free, else in the process that
/// holds it.
struct HandOver<Command: Codable & Sendable>: Sendable {
    /// How often a lock that is held without anybody at the socket is asked for again: a server that is starting, or
    /// another command that is about to end.
    private static var attemptsMax: Int { 50 }
    private static var pause: Duration { .milliseconds(100) }

    /// Of the database file.
    let databasePath: String
    /// Runs a command in this process, which holds the lock.
    let here: @Sendable (Command, WriterLock, CommandInput, @escaping CommandReport) async throws -> ExitCode

    /// - Throws: ``CommandFailure``, ``StoreFault`` or what ``here`` throws.
    func run(
        _ command: Command, from source: CommandSource, report: @escaping CommandReport
    ) async throws -> ExitCode {
        let socket = try SocketPath(databasePath: databasePath)
        for _ in 0..<Self.attemptsMax {
            if case .taken(let lock) = try WriterLock.take(databasePath: databasePath) {
                let folder = URL(fileURLWithPath: databasePath).deletingLastPathComponent().path
                return try await here(command, lock, try await source.taken(folder: folder), report)
            }
            if let code = try await there(command, socket, source, report) {
                return code
            }
            try await Task.sleep(for: Self.pause)
        }
        throw CommandFailure(
            .tryAgain, "Another process holds the database and takes over no commands. Try again when it has ended.")
    }

    /// The exit code of the process that holds the lock, or nil when nobody answers there yet.
    private func there(
        _ command: Command, _ socket: SocketPath, _ source: CommandSource, _ report: CommandReport
    ) async throws -> ExitCode? {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        let outcome: Result<ExitCode?, any Error>
        do {
            let commands = CommandClient<Command>(path: socket, client: client)
            let isAnswered = await commands.isAnswered()
            outcome = .success(isAnswered ? try await commands.run(command, from: source, report: report) : nil)
        } catch {
            outcome = .failure(error)
        }
        try await client.shutdown()
        return try outcome.get()
    }
}
