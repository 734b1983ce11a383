import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Storage
import StorageSQLite
import TestSupport
import Testing

@testable import PortalCommand

/// A command that says what it read; where it runs is the test's to know.
private struct EchoCommand: Codable, Sendable, Equatable {
    var words: [String]
    var code: ExitCode = .done
}

@Suite(.serialized) struct HandOverTests {
    @Test func withoutAServerTheCommandRunsHereUnderTheLock() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/p.sqlite"
            let said = Said()
            let handOver = HandOver<EchoCommand>(databasePath: path) { command, lock, _, report in
                report(.output("here \(command.words)"))
                guard case .heldByAnother = try WriterLock.take(databasePath: lock.databasePath) else { return .bug }
                return command.code
            }
            let code = try await handOver.run(EchoCommand(words: ["a"], code: .found), from: .nothing, report: said.add)
            #expect(code == .found)
            #expect(said.events == [.output("here [\"a\"]")])
        }
    }

    @Test func theServerRunsItWithInputProgressOutputAndExitCode() async throws {
        try await withServer { path in
            let said = Said()
            let input = try file(Array(repeating: UInt8(ascii: "x"), count: 3_000_000), beside: path)
            let code = try await client(of: path)
                .run(EchoCommand(words: ["zh 退款", "a/b?c=d"], code: .badData), from: input, report: said.add)
            #expect(code == .badData)
            #expect(
                said.events == [
                    .note("reading"), .progress(done: 3_000_000, total: 3_000_000),
                    .output("[\"zh 退款\", \"a/b?c=d\"] 3000000\n"),
                ])
        }
    }

    @Test func aHeldLockHandsTheCommandOver() async throws {
        try await withServer { path in
            guard case .taken(let lock) = try WriterLock.take(databasePath: path) else {
                Issue.record("the lock is free")
                return
            }
            let said = Said()
            let handOver = HandOver<EchoCommand>(databasePath: path) { _, _, _, _ in .bug }
            let code = try await handOver.run(EchoCommand(words: ["b"], code: .found), from: .nothing, report: said.add)
            #expect(code == .found)
            #expect(said.events.last == .output("[\"b\"] 0\n"))
            withExtendedLifetime(lock) {}
        }
    }

    @Test func aCommandWithoutInputReadsNothing() async throws {
        try await withServer { path in
            let said = Said()
            let code = try await client(of: path).run(EchoCommand(words: []), from: .nothing, report: said.add)
            #expect(code == .done)
            #expect(said.events.last == .output("[] 0\n"))
        }
    }

    @Test func outputOfManyLinesArrivesWholeAndInOrder() async throws {
        let lines = (0..<5_000).map { CommandEvent.output("line \($0)\n") }
        try await withServer({ _, _, report in
            lines.forEach(report); return .done
        }) { path in
            let said = Said()
            _ = try await client(of: path).run(EchoCommand(words: []), from: .nothing, report: said.add)
            #expect(said.events == lines)
        }
    }

    @Test func theSocketIsTheOwnersOnly() async throws {
        try await withServer { path in
            let attributes = try FileManager.default.attributesOfItem(atPath: path + ".sock")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func whatIsNoCommandIsRefused() async throws {
        try await withServer { path in
            let client = HTTPClient(eventLoopGroupProvider: .singleton)
            let url = try #require(URL(httpURLWithSocketPath: path + ".sock", uri: "/commands/bm9uZQ"))
            var request = HTTPClientRequest(url: url.absoluteString)
            request.method = .POST
            let status = try await client.execute(request, timeout: .seconds(60)).status.code
            try await client.shutdown()
            #expect(status == 400)
        }
    }

    @Test func nobodyAtTheSocketIsNotAnswered() async throws {
        try await withTemporaryFolder { folder in
            let client = HTTPClient(eventLoopGroupProvider: .singleton)
            let socket = try SocketPath(databasePath: folder + "/p.sqlite")
            let isAnswered = await CommandClient<EchoCommand>(path: socket, client: client).isAnswered()
            try await client.shutdown()
            #expect(!isAnswered)
        }
    }

    @Test func aPathTooLongForASocketNamesTheLimit() {
        let fault = #expect(throws: CommandFailure.self) {
            try SocketPath(databasePath: "/tmp/" + String(repeating: "x", count: 120) + "/portal.sqlite")
        }
        #expect(fault?.code == .configuration)
        #expect(fault?.sentence.contains("107") == true)
        #expect(throws: Never.self) { try SocketPath(databasePath: "/" + String(repeating: "x", count: 101)) }
    }

    private func withServer(
        _ run: @escaping CommandServer<EchoCommand>.Run = echo, _ body: (String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/p.sqlite"
            let (ready, tell) = AsyncStream.makeStream(of: Void.self)
            let server = CommandServer<EchoCommand>(
                path: try SocketPath(databasePath: path),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                whenReady: { tell.yield() }, run: run)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                for await _ in ready { break }
                try await body(path)
                group.cancelAll()
            }
        }
    }

    private func client(of path: String) throws -> HandOverClient {
        HandOverClient(path: try SocketPath(databasePath: path))
    }

    private func file(_ bytes: [UInt8], beside path: String) throws -> CommandSource {
        try Data(bytes).write(to: URL(fileURLWithPath: path + ".input"))
        return try .path(path + ".input")
    }
}

/// A client that ends its connections after each command.
private struct HandOverClient {
    let path: SocketPath

    func run(_ command: EchoCommand, from source: CommandSource, report: CommandReport) async throws -> ExitCode {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        let code = try await CommandClient<EchoCommand>(path: path, client: client)
            .run(command, from: source, report: report)
        try await client.shutdown()
        return code
    }
}

/// Reads all there is, then says how much that was.
private let echo: CommandServer<EchoCommand>.Run = { command, input, report in
    report(.note("reading"))
    let total = (try? input.all(bytesMax: 10_000_000).count) ?? -1
    if total > 0 { report(.progress(done: Int64(total), total: input.size)) }
    report(.output("\(command.words) \(total)\n"))
    return command.code
}
