import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Hands a command to the process that holds the database's lock, and passes on what that says.
struct CommandClient<Command: Codable & Sendable>: Sendable {
    /// A line longer than this is no event of ours.
    private static var lineBytesMax: Int { 16 * 1024 * 1024 }
    private static var readyTimeout: TimeAmount { .seconds(2) }
    /// The longest import that anybody waits for.
    private static var commandTimeout: TimeAmount { .hours(24) }

    private let path: SocketPath
    private let client: HTTPClient

    init(path: SocketPath, client: HTTPClient) {
        self.path = path
        self.client = client
    }

    /// Whether a process takes over commands at the socket now.
    func isAnswered() async -> Bool {
        guard let request = request("/commands") else { return false }
        do {
            return try await client.execute(request, timeout: Self.readyTimeout).status == .noContent
        } catch {
            return false
        }
    }

    /// Runs a command over there.
    ///
    /// - Parameter source: what the command reads; it is sent to its end.
    /// - Returns: the exit code over there; everything before it goes to `report`.
    /// - Throws: ``CommandFailure`` when the connection broke; whether the command ran is then not known.
    func run(
        _ command: Command, from source: CommandSource, report: CommandReport
    ) async throws -> ExitCode {
        guard var request = request("/commands/" + (try CommandText.encode(command))) else {
            throw CommandFailure(.bug, "The socket's path cannot be written as an address.")
        }
        request.method = .POST
        if case .open(let file) = source {
            request.body = .stream(DescriptorBytes(descriptor: file.descriptor), length: .unknown)
        }
        do {
            let response = try await client.execute(request, timeout: Self.commandTimeout)
            guard response.status == .ok else {
                throw CommandFailure(.bug, "The server does not know this command. Are both of the same version?")
            }
            return try await passOn(response.body, to: report)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                .tryAgain, "The server ended before the command did. Check what was done, then run it again.")
        }
    }

    private func passOn(_ body: HTTPClientResponse.Body, to report: CommandReport) async throws -> ExitCode {
        var pending: [UInt8] = []
        for try await buffer in body {
            for byte in buffer.readableBytesView {
                guard byte == UInt8(ascii: "\n") else {
                    pending.append(byte)
                    continue
                }
                let event = try CommandText.event(pending)
                if case .exit(let code) = event { return code }
                report(event)
                pending.removeAll(keepingCapacity: true)
            }
            guard pending.count <= Self.lineBytesMax else { break }
        }
        throw CommandFailure(
            .tryAgain, "The server ended before the command did. Check what was done, then run it again.")
    }

    private func request(_ address: String) -> HTTPClientRequest? {
        URL(httpURLWithSocketPath: path.text, uri: address).map { HTTPClientRequest(url: $0.absoluteString) }
    }
}
