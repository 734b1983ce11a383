import AsyncHTTPClient
import Channels
import Messages
import RefundDesk
import RefundDomain
import SandboxBank
import Storage
import Synchronization
import TestSupport
import Testing
import Vault

@testable import Portal

/// Couriers that are stopped for longer than they may keep a job, as a machine is that was put to sleep, and go on
/// where they were after another server's courier has done the job.
@Suite(.serialized) struct StoppedCourierTests {
    /// Where a courier is stopped.
    enum Stop: CaseIterable {
        case afterClaiming
        case beforeTheCall
        case afterTheCall
    }

    @Test(arguments: EngineUnderTest.allCases, Stop.allCases)
    func aCourierThatIsStoppedAndGoesOnDoublesNothing(_ engine: EngineUnderTest, _ stop: Stop) async throws {
        try await CourierWorld.run(engine) { courierWorld in
            let world = courierWorld.world
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            // The next job is the refund's.
            try await world.store.write { sql in
                try sql.run("UPDATE outbox SET not_before_ms = not_before_ms * 2 WHERE kind = 'send-message'")
            }
            let others = courierWorld.courier(desk: courierWorld.other)
            let meanwhile: @Sendable () async throws -> Void = {
                world.clock.advance(seconds: MovementLimits.leaseSeconds + 1)
                try await courierWorld.work(others, on: filed.number, until: .succeeded)
            }
            let calls = Counted()
            let http = HTTPClient(configuration: HTTPExchange.configuration)
            let stoppable = StoppableStore(courierWorld.desk.store)
            let channels = ChannelBook(
                exchange: { request in
                    calls.add()
                    let answer = try await HTTPExchange(client: http).send(request)
                    if stop == .afterTheCall { try await meanwhile() }
                    return answer
                }, clock: { world.clock.now }, nonce: { Hex.encode(try Random.bytes(16)) })
            switch stop {
            case .afterClaiming: stoppable.stop(after: 1, meanwhile)
            case .beforeTheCall: stoppable.stop(after: 2, meanwhile)
            case .afterTheCall: break
            }
            let stopped = courierWorld.courier(channels, desk: world.another(on: stoppable))
            #expect(await stopped.workOnce())
            try await http.shutdown()

            #expect(calls.count == (stop == .afterTheCall ? 1 : 0))
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(await courierWorld.bank.counter.payouts().count == 1)
            let confirmed = try await world.int("SELECT COUNT(*) AS value FROM posting WHERE kind = 'P7'")
            #expect(confirmed == 1)
            #expect(try await courierWorld.desk.verify().isEmpty)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aMessageIsLeftToTheCourierThatHasTheJobNow(_ engine: EngineUnderTest) async throws {
        try await CourierWorld.run(engine) { courierWorld in
            let world = courierWorld.world
            _ = try await world.draft(of: try await world.pay(), asking: 1_000)
            let sent = Sent()
            let others = courierWorld.courier(desk: courierWorld.other, sender: sent)
            let stoppable = StoppableStore(courierWorld.desk.store)
            stoppable.stop(after: 2) {
                world.clock.advance(seconds: MovementLimits.leaseSeconds + 1)
                await others.workUntilIdle()
            }
            let stopped = courierWorld.courier(desk: world.another(on: stoppable), sender: sent)
            #expect(await stopped.workOnce())
            #expect(sent.ids.count == 1)
        }
    }

    /// Nobody waits for the next look when there is something to do at once.
    @Test(arguments: EngineUnderTest.allCases)
    func aCodeLeavesAtOnce(_ engine: EngineUnderTest) async throws {
        try await CourierWorld.run(engine) { courierWorld in
            let world = courierWorld.world
            let paid = try await world.pay()
            let sent = Sent()
            let hints = courierWorld.desk.store.announcements.listen(to: Desk.jobTopic)
            let courier = Task { try await courierWorld.courier(sender: sent).run() }
            // Not by the harness's steps, which read the code where it waits: it may have left already.
            let visitor = try await world.find(paid)
            try await courierWorld.desk.chooseReason(.cancelled, details: "", visitor: visitor)
            try await courierWorld.desk.chooseAmount(.fen(1_000), visitor: visitor)
            try await courierWorld.desk.giveContact(
                name: "Zhang", email: "zhang@mail.example", phone: "", visitor: visitor)
            for await _ in hints { break }
            for await _ in sent.arrivals { break }
            #expect(sent.ids.count == 1)
            courier.cancel()
            _ = await courier.result
        }
    }
}

/// A store after whose nth write something happens before anybody hears that it was done.
private final class StoppableStore: Store {
    private let store: any Store
    private let plan = Mutex<(left: Int, meanwhile: @Sendable () async throws -> Void)?>(nil)

    var dialect: SQLDialect { store.dialect }
    var announcements: Announcements { store.announcements }

    init(_ store: any Store) {
        self.store = store
    }

    func stop(after writes: Int, _ meanwhile: @escaping @Sendable () async throws -> Void) {
        plan.withLock { $0 = (writes, meanwhile) }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> T) async throws -> T {
        try await store.read(body)
    }

    @discardableResult
    func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        let result = try await store.write(isolation, body)
        let meanwhile = plan.withLock { plan -> (@Sendable () async throws -> Void)? in
            plan?.left -= 1
            return plan?.left == 0 ? plan?.meanwhile : nil
        }
        try await meanwhile?()
        return result
    }
}

/// Counts calls.
private final class Counted: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}

/// Remembers which messages were sent.
private final class Sent: MessageSender {
    private let sent = Mutex<[String]>([])
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)

    var ids: [String] { sent.withLock { $0 } }

    func send(_ message: Message) async throws {
        sent.withLock { $0.append(message.id) }
        arrival.yield()
    }
}
