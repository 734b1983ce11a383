import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Takes over commands of other processes, in the process that holds the database's lock.
///
/// HTTP on a Unix socket that only its owner may open. `GET /commands` answers when commands are taken;
/// `POST /commands/{command}` has the command as base64url of its JSON and its input as the body, and answers one
/// ``CommandEvent`` a line, the last one the exit code.
///
/// Take the ``WriterLock`` first: binding removes a socket file that stands at the path.
struct CommandServer<Command: Codable & Sendable>: Service {
    /// Runs one command to its end; its errors are told as events.
    typealias Run = @Sendable (Command, CommandInput, @escaping CommandReport) async -> ExitCode

    private let path: SocketPath
    private let logger: Logger
    private let whenReady: @Sendable () -> Void
    private let runCommand: Run

    /// - Parameter whenReady: called once commands are taken.
    init(
        path: SocketPath, logger: Logger, whenReady: @escaping @Sendable () -> Void = {}, run: @escaping Run
    ) {
        self.path = path
        self.logger = logger
        self.whenReady = whenReady
        self.runCommand = run
    }

    func run() async throws {
        let router = Router()
        router.get("commands") { _, _ in HTTPResponse.Status.noContent }
        router.post("commands/:command") { request, context in
            let text = try context.parameters.require("command")
            return try await take(CommandText.decode(Command.self, text), request)
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path.text)),
            onServerRunning: { _ in
                // The folder is closed to others; the mode keeps the promise where somebody opened it.
                chmod(path.text, 0o600)
                whenReady()
            },
            logger: logger)
        try await application.run()
    }

    private func take(_ command: Command?, _ request: Request) async throws -> Response {
        guard let command else { throw HTTPError(.badRequest) }
        do {
            let folder = URL(fileURLWithPath: path.text).deletingLastPathComponent().path
            var spool = CommandSpool(folder: folder)
            for try await buffer in request.body {
                try spool.append(buffer.readableBytesView)
            }
            let input = spool.input
            return answer { report in await runCommand(command, input, report) }
        } catch let failure as CommandFailure {
            return answer { report in
                report(.note(failure.sentence))
                return failure.code
            }
        }
    }

    private func answer(_ work: @escaping @Sendable (@escaping CommandReport) async -> ExitCode) -> Response {
        let body = ResponseBody { writer in
            let (events, tell) = AsyncStream.makeStream(of: CommandEvent.self)
            async let ended: Void = {
                let code = await work { tell.yield($0) }
                tell.yield(.exit(code))
                tell.finish()
            }()
            var isListening = true
            for await event in events where isListening {
                do {
                    try await writer.write(ByteBuffer(bytes: CommandText.line(event)))
                } catch {
                    // Whoever asked has gone. The command runs to its end all the same, as promised by its input.
                    isListening = false
                }
            }
            await ended
            try await writer.finish(nil)
        }
        return Response(status: .ok, body: body)
    }
}
