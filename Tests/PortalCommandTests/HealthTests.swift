import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import RefundDesk
import Storage
import Synchronization
import TestSupport
import Testing

@testable import PortalCommand

@Suite struct HealthTests {
    @Test func aPartThatIsThereIsOkAndOneThatIsNotSaysWhy() async throws {
        let fault = Mutex<StoreFault?>(nil)
        let part = HealthWatch.Part(name: HealthRoutes.database) {
            if let fault = fault.withLock({ $0 }) { throw fault }
        }
        let watch = HealthWatch([part], logger: Logger(label: "test"))
        try await expect(watch, .serviceUnavailable, #""database":"not looked at yet","ready":false"#)
        await watch.look(at: part)
        try await expect(watch, .ok, #""database":"ok","ready":true"#)
        fault.withLock { $0 = .unreachable("connection to 10.1.2.3 failed") }
        await watch.look(at: part)
        try await expect(watch, .serviceUnavailable, #""database":"cannot be reached","ready":false"#)
        fault.withLock { $0 = nil }
        await watch.look(at: part)
        try await expect(watch, .ok, #""database":"ok","ready":true"#)
    }

    @Test func oneThatDoesNotAnswerIsNotWaitedFor() async throws {
        let clock = Mutex(ContinuousClock.now)
        let (answers, answer) = AsyncStream.makeStream(of: Void.self)
        let (begins, begin) = AsyncStream.makeStream(of: Void.self)
        let part = HealthWatch.Part(name: HealthRoutes.database) {
            begin.yield()
            for await _ in answers { return }
        }
        let watch = HealthWatch([part], logger: Logger(label: "test"), now: { clock.withLock { $0 } })
        answer.yield()
        await watch.look(at: part)
        async let second: Void = watch.look(at: part)
        var begun = begins.makeAsyncIterator()
        for _ in 0..<2 { _ = await begun.next() }
        #expect(await watch.state(of: HealthRoutes.database) == "ok")
        clock.withLock { $0 += .seconds(3) }
        #expect(await watch.state(of: HealthRoutes.database) == "does not answer")
        answer.yield()
        await second
        #expect(await watch.state(of: HealthRoutes.database) == "ok")
    }

    @Test(arguments: [
        (StoreFault.schemaOlder(found: 1, known: 2), "has version 1, older than this program's 2: run migrate"),
        (.schemaNewer(found: 3, known: 2), "has version 3, newer than this program's 2"),
        (.clockApart(seconds: -90), "its clock is 90 seconds behind ours"), (.readOnly, "can only be read"),
        (.full, "the disk is full"), (.other("ERROR: relation"), "refuses; the log says more"),
    ])
    func reasonsAreInWords(_ fault: StoreFault, _ words: String) {
        #expect(HealthReason.words(fault) == words)
    }

    @Test func aFullDiskIsRememberedUntilSomethingCouldBeWrittenAgain() async throws {
        try await withStore { engine in
            let clock = Mutex(ContinuousClock.now)
            let troubled = TroubledStore(engine)
            let store = WatchedStore(troubled, now: { clock.withLock { $0 } })
            try store.requireWriting()
            troubled.begin(.fault(.full))
            await #expect(throws: StoreFault.full) { try await store.write { _ in } }
            #expect(throws: StoreFault.full) { try store.requireWriting() }
            troubled.begin(.fault(.busy))
            await #expect(throws: StoreFault.busy) { try await store.write { _ in } }
            #expect(throws: StoreFault.full) { try store.requireWriting() }
            clock.withLock { $0 += WatchedStore.memory }
            try store.requireWriting()
            troubled.begin(.fault(.full))
            await #expect(throws: StoreFault.full) { try await store.write { _ in } }
            troubled.begin(.none)
            try await store.write { _ in }
            try store.requireWriting()
        }
    }

    private func expect(_ watch: HealthWatch, _ status: HTTPResponse.Status, _ part: String) async throws {
        try await Application(router: HealthRoutes(watch: watch, library: nil).router()).test(.router) { client in
            try await client.execute(uri: "/readyz", method: .get) { response in
                #expect(response.status == status)
                #expect(String(buffer: response.body).contains(part))
                #expect(!String(buffer: response.body).contains("10.1.2.3"))
            }
        }
    }
}
