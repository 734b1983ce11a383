import AsyncHTTPClient
import Channels
import Foundation
import Logging
import RefundDesk
import RefundDomain
import SandboxBank
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Vault

@testable import Portal

/// The worker against the real sandbox bank.
@Suite(.serialized) struct CourierTests {
    @Test(arguments: [
        (5_000 as Int64, Movement.State.succeeded, 1), (601, .succeeded, 1), (602, .succeeded, 1), (603, .failed, 1),
        (604, .needsPayeeAction, 1), (605, .succeeded, 1), (606, .succeeded, 1), (607, .waitingFunds, 0),
        (608, .succeeded, 1), (609, .succeeded, 1), (610, .succeeded, 1), (611, .succeeded, 1), (612, .succeeded, 1),
        (613, .succeeded, 1), (614, .succeeded, 1), (615, .failed, 0), (616, .succeeded, 1), (617, .succeeded, 1),
        (618, .succeeded, 1), (619, .succeeded, 1),
    ])
    func whateverTheBankDoesTheMovementEndsAsPromised(fen: Int64, end: Movement.State, payouts: Int) async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            let filed = try await world.approved(try await world.pay(), asking: fen)
            let courier = courierWorld.courier()
            try await courierWorld.work(courier, on: filed.number, until: end)
            #expect(try await world.movementState(filed.number) == end)
            // Whatever still comes, late notices among it, changes nothing.
            for _ in 0..<3 {
                try await courierWorld.skipToNextJob()
                while await courier.workOnce() {}
            }
            #expect(try await world.movementState(filed.number) == end)
            let paid = await courierWorld.bank.counter.payouts()
            #expect(paid.count == payouts)
            #expect(try await courierWorld.desk.verify().isEmpty)
            if end != .needsPayeeAction { #expect(try await world.books()[2] == 0) }
        }
    }

    @Test func aNoticeAloneTellsTheEnd() async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            let courier = courierWorld.courier()
            while await courier.workOnce() {}
            #expect(try await world.movementState(filed.number) == .accepted)
            world.clock.advance(seconds: 2)
            #expect(try await courierWorld.waits(for: .succeeded, filed.number))
            #expect(try await courierWorld.desk.verify().isEmpty)
        }
    }

    @Test func anAnswerAfterItsNoticeTakesNothingBack() async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            let filed = try await world.approved(try await world.pay(), asking: 611)
            let courier = courierWorld.courier()
            while await courier.workOnce() {}
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(try await courierWorld.desk.verify().isEmpty)
        }
    }

    /// Where a courier dies.
    enum Death: CaseIterable {
        case afterClaiming
        case beforeTheCall
        case afterTheBankActed
        case withTheAnswerInHand
    }

    @Test(arguments: Death.allCases) func aCourierThatDiesLosesAndDoublesNothing(death: Death) async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            let job = try await world.job(.sendMovement, of: filed.number)
            if death != .afterClaiming {
                let sending = try #require(
                    try await courierWorld.desk.beginSend(job) { channel, name in
                        CallbackRoutes.address(courierWorld.publicURL, channel, name)
                    })
                if death != .beforeTheCall { _ = await courierWorld.bank.client.refund(sending.order) }
                if death == .withTheAnswerInHand {
                    // The answer of an attempt that is not the newest: a courier that slept through its lease.
                    try await courierWorld.desk.recordOutcome(
                        world.answer(.failed, 5_000), of: sending.movementID, from: .call(attempt: sending.attempt - 1))
                }
            }
            try await courierWorld.work(courierWorld.courier(), on: filed.number, until: .succeeded)
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(await courierWorld.bank.counter.payouts().count == 1)
            #expect(try await courierWorld.desk.verify().isEmpty)
        }
    }

    @Test func aCourierThatIsStoppedMidCallIsFollowedByAnother() async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            let called = AsyncStream<Void>.makeStream()
            let stuck = ChannelBook(
                exchange: { _ in
                    called.continuation.yield()
                    try await Task.sleep(for: .seconds(3600))
                    throw ExchangeFault.lost("never")
                }, clock: { world.clock.now }, nonce: { "nonce" })
            let first = Task { try await courierWorld.courier(stuck).run() }
            for await _ in called.stream { break }
            first.cancel()
            _ = await first.result
            try await courierWorld.work(courierWorld.courier(), on: filed.number, until: .succeeded)
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(await courierWorld.bank.counter.payouts().count == 1)
            #expect(try await courierWorld.desk.verify().isEmpty)
        }
    }

    @Test func twoCouriersNeverSendOneMovementTwice() async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            var numbers: [CaseNumber] = []
            for _ in 0..<6 { numbers.append(try await world.approved(try await world.pay(), asking: 601).number) }
            let sent = SentNumbers()
            let book = ChannelBook(
                exchange: { request in
                    if request.method == .post { sent.add(request.body) }
                    throw ExchangeFault.lost("cut")
                }, clock: { world.clock.now }, nonce: { "nonce" })
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { while await courierWorld.courier(book).workOnce() {} } }
            }
            #expect(sent.all.count == 6)
            #expect(Set(sent.all).count == 6)
            for number in numbers { #expect(try await world.movementState(number) == .unknown) }
        }
    }

    @Test func aCourierThatIsToldToEndFinishesItsJobFirst() async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            let filed = try await world.approved(try await world.pay(), asking: 601)
            let called = AsyncStream<Void>.makeStream()
            let gate = AsyncStream<Void>.makeStream()
            let bank = courierWorld.bank
            let http = HTTPClient(configuration: HTTPExchange.configuration)
            let book = ChannelBook(
                exchange: { request in
                    called.continuation.yield()
                    for await _ in gate.stream { break }
                    return try await HTTPExchange(client: http).send(request)
                }, clock: { world.clock.now }, nonce: { Hex.encode(try Random.bytes(16)) })
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let group = ServiceGroup(services: [courierWorld.courier(book)], logger: logger)
            let running = Task { try await group.run() }
            for await _ in called.stream { break }
            await group.triggerGracefulShutdown()
            gate.continuation.yield()
            try await running.value
            try await http.shutdown()
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(await bank.counter.payouts().count == 1)
        }
    }

    @Test func settingsThatCannotBeUsedStopTheAccountAndSendNothing() async throws {
        try await CourierWorld.run { courierWorld in
            let world = courierWorld.world
            try await courierWorld.desk.changeChannelSettings(accountID: world.accountID, to: Array("{}".utf8))
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            let courier = courierWorld.courier()
            while await courier.workOnce() {}
            #expect(try await world.movementState(filed.number) == .ready)
            let accounts = try await courierWorld.desk.channelAccounts()
            #expect(accounts.first { $0.id == world.accountID }?.stoppedReason == "account settings")
            try await courierWorld.desk.changeChannelSettings(
                accountID: world.accountID, to: courierWorld.bank.settings)
            try await courierWorld.work(courier, on: filed.number, until: .succeeded)
            #expect(try await world.movementState(filed.number) == .succeeded)
            #expect(await courierWorld.bank.counter.payouts().count == 1)
        }
    }
}

/// The bodies that were sent.
private final class SentNumbers: Sendable {
    private let bodies = Mutex<[[UInt8]]>([])

    var all: [[UInt8]] { bodies.withLock { $0 } }

    func add(_ body: [UInt8]) { bodies.withLock { $0.append(body) } }
}
