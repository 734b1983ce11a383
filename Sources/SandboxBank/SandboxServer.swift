import AsyncHTTPClient
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// The sandbox bank on a loopback port, as long as it runs.
public struct SandboxServer: Service {
    private let counter: BankCounter
    private let port: Int
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - onRunning: called once with the port that it listens on.
    public init(
        counter: BankCounter, port: Int, logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.counter = counter
        self.port = port
        self.logger = logger
        self.onRunning = onRunning
    }

    /// Serves requests and sends notices until shutdown.
    public func run() async throws {
        let client = HTTPClient(configuration: NoticeSender.configuration)
        do {
            try await serve(NoticeSender(counter: counter, client: client, logger: logger))
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func serve(_ sender: NoticeSender) async throws {
        let onRunning = onRunning
        let application = Application(
            router: SandboxRoutes(counter: counter, sender: sender).router,
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await sender.run() }
            // At shutdown the requests under way are answered first; then nothing needs the sender any more.
            defer { group.cancelAll() }
            try await application.run()
        }
    }
}

/// What the bank answers to.
struct SandboxRoutes: Sendable {
    let counter: BankCounter
    let sender: NoticeSender

    var router: Router<BankContext> {
        let router = Router(context: BankContext.self)
        router.post("v3/refund/domestic/refunds", use: refunds)
        router.post("v3/refund/domestic/refunds/:number/apply-abnormal-refund", use: refunds)
        router.get("v3/refund/domestic/refunds/:number", use: refunds)
        router.get("books", use: books)
        for channelPath in ["gateway/api/**", "gateway.do", "api/v3/**", "refund/**", "trx/**"] {
            router.post(.init(channelPath), use: refunds)
        }
        return router
    }

    @Sendable private func refunds(_ request: Request, _ context: BankContext) async throws -> Response {
        let body = try await request.body.collect(upTo: RefundMessage.bodyBytesMax)
        let signed = try await counter.answer(
            BankRequest(
                method: request.method.rawValue, path: request.head.path ?? "",
                authorization: request.headers[.authorization] ?? "",
                serial: HTTPField.Name("Wechatpay-Serial").flatMap { request.headers[$0] },
                body: Array(body.readableBytesView)))
        switch signed.answer.fault {
        case .lost: try await context.channel.close()
        case .noticeFirst: await sender.sendDue()
        case .none, .badSignature: break
        }
        var headers: HTTPFields = [.contentType: signed.answer.contentType]
        for header in signed.headers {
            if let name = HTTPField.Name(header.name) { headers[name] = header.value }
        }
        return Response(
            status: .init(code: signed.answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: signed.answer.body)))
    }

    /// The executed refunds, for people and tests; no secret is in it.
    @Sendable private func books(_ request: Request, _ context: BankContext) async throws -> Response {
        let payouts = await counter.payouts()
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: BankJSON.encode(["refunds": payouts]))))
    }
}

/// A request with its connection, which the bank closes when it loses a reply.
struct BankContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any NIOCore.Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
