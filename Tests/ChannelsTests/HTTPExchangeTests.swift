import AsyncHTTPClient
import Channels
import Hummingbird
import NIOCore
import RefundDomain
import TestSupport
import Testing

struct HTTPExchangeTests {
    @Test func aRefusedConnectionIsProvablyNotSent() async throws {
        let settings = try TestPlatform.shared.settings(["base_url": "http://127.0.0.1:1"])
        for host in ["127.0.0.1", "localhost"] {
            let fault = try await fault(
                of: ChannelRequest(
                    method: .post, url: "http://\(host):1/v3", headers: [], body: [1], timeout: .seconds(5)))
            guard case .notSent = fault else {
                Issue.record("\(host): \(String(describing: fault))")
                continue
            }
        }
        let client = HTTPClient(configuration: HTTPExchange.configuration)
        let answer = await (try TestPlatform.shared.client(settings, HTTPExchange(client: client).send))
            .refund(.sample())
        #expect(answer.verdict == .notExecuted)
        try await client.shutdown()
    }

    @Test func anAddressThatAnswersWithNothingInTimeIsLost() async throws {
        // A listener that never accepts: the kernel completes the connection and nobody reads.
        let silent = try SilentListener()
        defer { silent.close() }
        let fault = try await fault(
            of: ChannelRequest(
                method: .post, url: "http://127.0.0.1:\(silent.port)/v3", headers: [], body: [1], timeout: .seconds(1)))
        guard case .lost = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    @Test func aRedirectIsAnAnswerAndIsNotFollowed() async throws {
        try await withServer { (port: Int) async throws in
            let client = HTTPClient(configuration: HTTPExchange.configuration)
            let answer = try? await HTTPExchange(client: client).send(request(port, "moved"))
            try await client.shutdown()
            #expect(answer?.status == 302)
        }
    }

    @Test func anAnswerBeyondItsLimitIsLost() async throws {
        try await withServer { (port: Int) async throws in
            #expect(try await fault(of: request(port, "large")) == .lost("NIOTooManyBytesError"))
        }
    }

    private func request(_ port: Int, _ path: String) -> ChannelRequest {
        ChannelRequest(
            method: .post, url: "http://127.0.0.1:\(port)/\(path)", headers: [], body: [1], timeout: .seconds(10))
    }

    /// Runs `body` beside a server that redirects and one that talks too much.
    private func withServer(_ body: (Int) async throws -> Void) async throws {
        let router = Router()
        router.post("moved") { _, _ in Response.redirect(to: "/large", type: .found) }
        router.post("large") { _, _ in
            ByteBuffer(repeating: 0x20, count: ChannelResponse.bodyBytesMax + 1)
        }
        let ports = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { ports.continuation.yield($0.localAddress?.port ?? 0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports.stream {
                try await body(port)
                break
            }
            group.cancelAll()
        }
    }

    private func fault(of request: ChannelRequest) async throws -> ExchangeFault? {
        let client = HTTPClient(configuration: HTTPExchange.configuration)
        var found: ExchangeFault?
        do { _ = try await HTTPExchange(client: client).send(request) } catch { found = error as? ExchangeFault }
        try await client.shutdown()
        return found
    }
}
