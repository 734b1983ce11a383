import Storage
import Synchronization
import Testing

@testable import StoragePostgres

@Suite struct WaitingLineTests {
    private static var soon: ContinuousClock.Instant { .now + .milliseconds(20) }
    private static var later: ContinuousClock.Instant { .now + .seconds(60) }

    @Test func noMoreThanSoManyAreInsideAndEverybodyGetsIn() async throws {
        let line = WaitingLine(places: 3)
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    try await line.enter(before: Self.later)
                    tally.comes()
                    await Task.yield()
                    tally.goes()
                    line.leave()
                }
            }
            try await group.waitForAll()
        }
        #expect(tally.most == 3)
        #expect(tally.served == 500)
    }

    private final class Tally: Sendable {
        private let inside = Mutex((now: 0, most: 0, served: 0))

        var most: Int { inside.withLock { $0.most } }
        var served: Int { inside.withLock { $0.served } }

        func comes() {
            inside.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func goes() {
            inside.withLock {
                $0.now -= 1
                $0.served += 1
            }
        }
    }

    @Test func whoeverWaitsTooLongIsToldSoAndLosesNobodysPlace() async throws {
        let line = WaitingLine(places: 1)
        try await line.enter(before: Self.later)
        await #expect(throws: StoreFault.busy) { try await line.enter(before: Self.soon) }
        line.leave()
        try await line.enter(before: Self.soon)
        await #expect(throws: StoreFault.busy) { try await line.enter(before: Self.soon) }
    }

    @Test func aCancelledTaskLeavesTheLine() async throws {
        let line = WaitingLine(places: 1)
        try await line.enter(before: Self.later)
        let waiting = Task { try await line.enter(before: Self.later) }
        waiting.cancel()
        await #expect(throws: StoreFault.busy) { try await waiting.value }
        line.leave()
        try await line.enter(before: Self.soon)
    }
}
