import AsyncHTTPClient
public import Channels
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
public import RefundDomain
public import SandboxBank
import ServiceLifecycle
import Synchronization
import Vault

/// A sandbox bank on a free loopback port, a receiver of its notices and a client that talks to it, for one test.
public struct SandboxFixture: Sendable {
    public let clock: TestClock
    public let counter: BankCounter
    /// The account's JSON, as `channel add` takes it.
    public let settings: [UInt8]
    public let client: any ChannelClient
    /// Makes clients that reach the bank.
    public let book: ChannelBook
    public let notices: NoticeBox
    /// Where the bank shall send its notices.
    public let noticeAddress: String
    /// Where the bank listens.
    public let baseURL: String
    /// The folder of its books.
    public let folder: String

    /// The line to the bank.
    public let exchange: ChannelExchange
    /// Whose format this fixture speaks.
    public let channel: RefundDomain.Channel
    /// The account's merchant number.
    public static let merchantNumber = "1900000109"

    /// Runs a test against a bank that stops when the test is done.
    ///
    /// - Parameters:
    ///   - folder: the bank's folder, to go on with the books of an earlier run; a new one when nil.
    ///   - sharesKeys: whether the bank may have the keys of other banks of this process, which saves making new ones.
    ///   - changes: what the account's settings have instead of what the bank hands out; nil takes a key away.
    public static func run(
        _ channel: RefundDomain.Channel = .wechatPay, folder: String? = nil, clock: TestClock = TestClock(),
        sharesKeys: Bool = true, changes: [String: String?] = [:],
        _ test: @Sendable (SandboxFixture) async throws -> Void
    ) async throws {
        let folder =
            folder ?? FileManager.default.temporaryDirectory.appending(path: "bank-\(UUID().uuidString)").path()
        if sharesKeys { try provideKeys(folder) }
        let counter = try BankCounter(
            folder: folder, clock: { clock.now.milliseconds }, random: { try Random.bytes($0) })
        let notices = NoticeBox()
        let http = HTTPClient(configuration: HTTPExchange.configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ports, found) = AsyncStream<Port>.makeStream()
            let bank = SandboxServer(counter: counter, port: 0, logger: quiet) { found.yield(.bank($0)) }
            let receiver = NoticeReceiver(box: notices) { found.yield(.receiver($0)) }
            // Stopped one after the other, the last one first: a server that is cancelled while a connection comes in
            // takes the process with it.
            let servers = ServiceGroup(services: [receiver, bank], logger: quiet)
            group.addTask { try await servers.run() }
            let (bankPort, receiverPort) = await both(ports)
            let baseURL = "http://127.0.0.1:\(bankPort)"
            let settings = try await counter.accountJSON(
                BankChannel(rawValue: channel.rawValue) ?? .wechatPay, merchant: merchantNumber, name: "Sandbox",
                baseURL: baseURL
            ).changed(changes)
            let book = ChannelBook(
                exchange: HTTPExchange(client: http).send, clock: { clock.now },
                nonce: { Hex.encode(try Random.bytes(16)) })
            if sharesKeys { keepKeys(folder) }
            let client = try book.client(of: channel, settings: settings)
            await notices.answer(client.acknowledgement)
            let result = await Result.of {
                try await test(
                    SandboxFixture(
                        clock: clock, counter: counter, settings: settings,
                        client: client, book: book, notices: notices,
                        noticeAddress: "http://127.0.0.1:\(receiverPort)/notices", baseURL: baseURL, folder: folder,
                        exchange: HTTPExchange(client: http).send, channel: channel))
            }
            await servers.triggerGracefulShutdown()
            try await group.waitForAll()
            try await http.shutdown()
            try result.get()
        }
    }

    /// A client of the same account over another line.
    public func client(over line: @escaping ChannelExchange) throws -> any ChannelClient {
        let clock = clock
        return try ChannelBook(
            exchange: line, clock: { clock.now }, nonce: { Hex.encode(try Random.bytes(16)) }
        ).client(of: channel, settings: settings)
    }

    /// An order of a payment that no other order of this fixture is of, unless told otherwise.
    public func order(
        number: String, fen: Int64, totalFen: Int64 = 100_000, payment: String? = nil,
        purpose: RefundOrder.Purpose = .refund, detour: Detour? = nil
    ) throws -> RefundOrder {
        guard let amount = Money(minor: fen, currency: .cny), let total = Money(minor: totalFen, currency: .cny) else {
            throw CancellationError()
        }
        let payment = payment ?? "42000\(number)"
        return RefundOrder(
            refundNumber: number, firstSentAt: Moment(milliseconds: 1_795_000_000_000), purpose: purpose,
            channelTransactionNumber: payment,
            // Helipay knows a payment by this number alone.
            merchantOrderNumber: channel == .helipay ? payment : "ORDER-1",
            paidAt: Moment(milliseconds: 1_794_000_000_000), card: StatementCard(first6: "622612", last4: "8223"),
            amount: amount, paymentTotal: total, reason: "商品质量问题",
            noticeAddress: noticeAddress, detour: detour)
    }

    /// Tells the bank of an order's payment, as the shop's terminal would have.
    public func tellPayment(of order: RefundOrder) async throws {
        try await counter.tell(
            BankChannel(rawValue: channel.rawValue) ?? .wechatPay, merchant: SandboxFixture.merchantNumber,
            transaction: order.channelTransactionNumber ?? "", total: order.paymentTotal.minor,
            noticeAddress: noticeAddress)
    }

    /// Keys that every bank of a test run shares: making new ones takes most of a second.
    private static let sharedKeys = Mutex<[String: Data]>([:])

    private static func provideKeys(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, keys) in sharedKeys.withLock({ $0 }) where !FileManager.default.fileExists(atPath: folder + name) {
            _ = FileManager.default.createFile(
                atPath: folder + name, contents: keys, attributes: [.posixPermissions: 0o600])
        }
    }

    private static func keepKeys(_ folder: String) {
        for name in ["/keys.json"] + RefundDomain.Channel.allCases.map({ "/keys-\($0.rawValue).json" }) {
            guard let keys = FileManager.default.contents(atPath: folder + name) else { continue }
            sharedKeys.withLock { $0[name] = $0[name] ?? keys }
        }
    }

    private enum Port {
        case bank(Int)
        case receiver(Int)
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func both(_ ports: AsyncStream<Port>) async -> (Int, Int) {
        var bank: Int?
        var receiver: Int?
        for await port in ports {
            switch port {
            case .bank(let number): bank = number
            case .receiver(let number): receiver = number
            }
            if let bank, let receiver { return (bank, receiver) }
        }
        return (0, 0)
    }
}

/// Takes notices over HTTP and keeps them as they came.
public actor NoticeBox {
    /// One notice as it came.
    public struct Item: Sendable {
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]
    }

    public private(set) var items: [Item] = []
    private var isRefusing = false
    private var thanks = ChannelAcknowledgement.empty

    public init() {}

    /// What notices are answered with from now on.
    public func answer(_ thanks: ChannelAcknowledgement) { self.thanks = thanks }

    /// Refuses every notice from now on, or takes them again.
    public func refuse(_ refuses: Bool) {
        isRefusing = refuses
    }

    /// The first notices, once so many have come; what there is when a minute was not enough.
    public func first(_ count: Int) async throws -> [Item] {
        for _ in 0..<3_000 where items.count < count { try await Task.sleep(for: .milliseconds(20)) }
        return items
    }

    fileprivate nonisolated func listen(_ onRunning: @escaping @Sendable (Int) -> Void) async throws {
        let router = Router()
        router.post("notices") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 16)
            let headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
            return await self.take(Item(headers: headers, body: Array(body.readableBytesView)))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in onRunning(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await application.run()
    }

    private func take(_ item: Item) -> Response {
        items.append(item)
        if isRefusing { return Response(status: .internalServerError) }
        return Response(
            status: .init(code: thanks.status),
            body: thanks.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(string: thanks.body)))
    }
}

/// Serves a ``NoticeBox`` on a free loopback port.
private struct NoticeReceiver: Service {
    let box: NoticeBox
    let onRunning: @Sendable (Int) -> Void

    func run() async throws { try await box.listen(onRunning) }
}

extension Result where Failure == any Error {
    fileprivate static func of(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}

extension [UInt8] {
    /// The members of a JSON object with changes; nil takes one away.
    fileprivate func changed(_ changes: [String: String?]) throws -> [UInt8] {
        guard !changes.isEmpty else { return self }
        var members = try JSONDecoder().decode([String: String].self, from: Data(self))
        for (name, value) in changes { members[name] = value }
        return Array(try JSONEncoder().encode(members))
    }
}

extension ChannelRequest {
    /// The same request to another address.
    public func moved(from old: String, to new: String) -> ChannelRequest {
        ChannelRequest(
            method: method, url: url.replacing(old, with: new), headers: headers, body: body, timeout: timeout)
    }
}
