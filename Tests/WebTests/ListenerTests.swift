import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Testing
import Web

/// The listener as the portal starts it, spoken to in raw bytes.
@Suite(.serialized) struct ListenerTests {
    private func exchange(_ bytes: String) async throws -> String {
        let router = Router()
        router.add(middleware: PlainErrors())
        if let origin = WebOrigin("http://portal.example") { router.add(middleware: HostRule(origin: origin)) }
        router.get("/") { _, _ in "hello" }
        router.post("/") { request, _ in String(buffer: try await request.body.collect(upTo: 100)) }
        let application = ServerLimits().application(
            router: router, address: .hostname("127.0.0.1", port: 0), logger: Logger(label: "listener"))
        return try await application.test(.live) { client in
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: try #require(client.port)) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: bytes))
                var answer = ByteBuffer()
                for try await piece in inbound { answer.writeImmutableBuffer(piece) }
                return String(buffer: answer)
            }
        }
    }

    private func status(_ request: String) async throws -> String {
        String(try await exchange(request).prefix { $0 != "\r\n" })
    }

    @Test func ourOwnHostIsAnswered() async throws {
        let post = "POST / HTTP/1.1\r\nHost: portal.example\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
        let answer = try await exchange(post)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nabc"))
    }

    @Test func anOldClientIsAnsweredAndTheConnectionClosed() async throws {
        #expect(try await status("GET / HTTP/1.0\r\nHost: portal.example\r\n\r\n") == "HTTP/1.1 200 OK")
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: evil.example\r\n",
        "GET / HTTP/1.1\r\nHost: portal.example\r\nHost: portal.example\r\n",
        "GET http://portal.example/ HTTP/1.1\r\nHost: portal.example\r\n",
        "GET / HTTP/1.1\r\nHost: portal.example\r\nX-Long: \(String(repeating: "x", count: 20_000))\r\n",
    ])
    func anyOtherRequestIsRefused(head: String) async throws {
        #expect(try await status(head + "Connection: close\r\n\r\n") == "HTTP/1.1 400 Bad Request")
    }
}

/// Answers a fault by its status alone.
private struct PlainErrors: RouterMiddleware {
    typealias Context = BasicRequestContext

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch RequestFault.malformed {
            return Response(status: .badRequest)
        }
    }
}
