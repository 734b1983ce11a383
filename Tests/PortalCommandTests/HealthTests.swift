import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import RefundDomain
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Channels
@testable import Portal
@testable import PortalCommand
@testable import RefundDesk

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

    @Test func theEndOfTheWorkingDaysIsSaidSixtyDaysBeforeItWithWhoCountsByThem() async throws {
        let part = HealthWatch.Part(name: HealthRoutes.database) {}
        let watch = HealthWatch([part], logger: Logger(label: "test"))
        await watch.look(at: part)
        try await expect(watch, .ok, #"{"database""#)
        let far = Self.calendar(daysLeft: 61)
        await far.look()
        try await expect(
            watch, far, .ok, #"{"calendar":{"region":"CN","until":"2026-12-31"},"database":"ok","ready":tr"#)
        let near = Self.calendar(daysLeft: 60)
        await near.look()
        try await expect(
            watch, near, .ok,
            #"{"calendar":{"merchants":[{"channels":["wechatpay"],"code":"harbour"},{"channels":[],"code":"lanting"}],"#
                + #""more_merchants":7,"region":"CN","until":"2026-12-31","warning":"working days are known until "#
                + #"2026-12-31, 60 more days; later dates count Monday to Friday and say about: calendar load"},"#
                + #""database":"ok","ready":true"#)
        let over = Self.calendar(until: nil, daysLeft: 0)
        await over.look()
        try await expect(watch, over, .ok, #""warning":"working days are not known; later dates"#)
    }

    @Test func aDatabaseThatCannotBeAskedLeavesWhatWasKnown() async throws {
        let fails = Mutex(false)
        let outlook = CalendarOutlook(
            region: "CN", until: Day(iso: "2026-12-31"), daysLeft: 61, merchants: [], moreMerchants: 0)
        let calendar = CalendarWatch(logger: Logger(label: "test")) {
            if fails.withLock({ $0 }) { throw StoreFault.busy }
            return outlook
        }
        fails.withLock { $0 = true }
        await calendar.look()
        #expect(await calendar.detail == nil)
        fails.withLock { $0 = false }
        await calendar.look()
        fails.withLock { $0 = true }
        await calendar.look()
        #expect(await calendar.detail?.until == "2026-12-31")
    }

    @Test func certificatesThatEndAreInTheDetailAndInTheMetrics() async throws {
        let day: Int64 = 86_400_000
        let account = AccountItem(
            id: "1", merchantID: "2", merchantCode: "lanting", channel: .unionPay, name: "Cards \"1\"",
            merchantNumber: "777290058110097", callbackName: "secret", stoppedReason: "31")
        let dates = [(59, "certificate_pem"), (400, "root_certificates_pem")].map { days, setting in
            KeyDates(
                setting: setting, name: "a \"b\"", begins: Moment(milliseconds: 0),
                ends: Moment(milliseconds: Int64(days) * day), isNeeded: true)
        }
        let keys = KeyWatch(logger: Logger(label: "test"), clock: { Moment(milliseconds: 0) }) {
            [ChannelKeys(account: account, dates: dates)]
        }
        await keys.look()
        #expect(await keys.endings.map(\.daysLeft) == [59])
        let watch = HealthWatch([], logger: Logger(label: "test"))
        let routes = HealthRoutes(
            watch: watch, calendar: Self.calendar(daysLeft: 400), keys: keys, library: nil, draws: true)
        try await Application(router: routes.router()).test(.router) { client in
            try await client.execute(uri: "/readyz", method: .get) { response in
                let text = String(buffer: response.body)
                #expect(text.contains("certificate_pem") && text.contains("1970-03-01") && !text.contains("secret"))
            }
            try await client.execute(uri: "/metrics", method: .get) { response in
                let text = String(buffer: response.body)
                let labels = #"merchant="lanting",channel="unionpay",number="777290058110097""#
                let name = #"name="a \"b\"""#
                #expect(
                    text.contains(
                        "certificate_days_left{\(labels),setting=\"certificate_pem\",\(name)} 59\n"), "\(text)")
                #expect(text.contains("root_certificates_pem\",\(name)} 400\n"))
                #expect(text.contains("account_takes_orders{\(labels)} 0\n") && !text.contains("secret"))
                #expect(response.headers[.contentType] == Gauge.contentType)
            }
        }
    }

    private static func calendar(until: String? = "2026-12-31", daysLeft: Int64) -> CalendarWatch {
        let outlook = CalendarOutlook(
            region: "CN", until: until.flatMap { Day(iso: $0) }, daysLeft: daysLeft,
            merchants: [.init(code: "harbour", channels: [.wechatPay]), .init(code: "lanting", channels: [])],
            moreMerchants: 7)
        return CalendarWatch(logger: Logger(label: "test")) { outlook }
    }

    private func expect(_ watch: HealthWatch, _ status: HTTPResponse.Status, _ part: String) async throws {
        try await expect(watch, Self.calendar(daysLeft: 400), status, part)
    }

    private func expect(
        _ watch: HealthWatch, _ calendar: CalendarWatch, _ status: HTTPResponse.Status, _ part: String
    ) async throws {
        let keys = KeyWatch(logger: Logger(label: "test"), clock: { Moment(milliseconds: 0) }) { [] }
        let routes = HealthRoutes(watch: watch, calendar: calendar, keys: keys, library: nil, draws: false)
        try await Application(router: routes.router()).test(.router) { client in
            try await client.execute(uri: "/readyz", method: .get) { response in
                #expect(response.status == status)
                #expect(String(buffer: response.body).contains(part))
                #expect(!String(buffer: response.body).contains("10.1.2.3"))
            }
        }
    }
}
