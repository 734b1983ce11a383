import Foundation
import RefundDomain
import SandboxBank
import Synchronization
import TestSupport
import Testing
import Vault

@testable import Channels

/// `channel check` says in words what is wrong with an account, and moves nothing.
@Suite struct ChannelCheckTests {
    @Test(arguments: ChannelContract.all)
    func anAccountInOrderIsSaidSoByEveryChannel(_ contract: ChannelContract) async throws {
        let clock = TestClock(Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
        try await SandboxFixture.run(contract.channel, clock: clock) { bank in
            let check = await bank.book.check(settings: bank.settings)
            #expect(check.passed, "\(check.findings)")
            #expect(check.findings.last?.text.hasPrefix("The channel answers") ?? false, "\(check.findings)")
            #expect(await bank.counter.payouts().isEmpty)
        }
    }

    @Test(arguments: ChannelContract.all)
    func anotherMerchantsKeysAreSaidSo(_ contract: ChannelContract) async throws {
        let clock = TestClock(Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
        try await SandboxFixture.run(contract.channel, clock: clock, sharesKeys: false) { stranger in
            try await SandboxFixture.run(contract.channel, clock: clock) { bank in
                // The stranger's keys at this bank's address.
                let text = String(decoding: stranger.settings, as: UTF8.self)
                let escaped = { (url: String) in url.replacing("/", with: "\\/") }
                let moved = text.replacing(stranger.baseURL, with: bank.baseURL)
                    .replacing(escaped(stranger.baseURL), with: escaped(bank.baseURL))
                let check = await bank.book.check(settings: Array(moved.utf8))
                #expect(!check.passed, "\(check.findings)")
                #expect(await bank.counter.payouts().isEmpty)
            }
        }
    }

    @Test func endedCertificatesAreSaidAndNothingIsSent() async throws {
        let platform = UnionPayPlatform.shared
        let now = TestClock.start.seconds
        let ended = try platform.middle.issue(
            platform.merchantKey.publicKey(), commonName: "041@merchant", role: .signer,
            notBefore: now - 900 * 86_400, notAfter: now - 86_400)
        let calls = Mutex(0)
        let check = await book { _ in
            calls.withLock { $0 += 1 }
            throw ExchangeFault.lost("none")
        }.check(settings: try platform.settings(["certificate_pem": ended.pem]))
        #expect(!check.passed && calls.withLock { $0 } == 0)
        #expect(check.findings.last?.text.contains("certificate_pem: ended on") ?? false)
        let early = Moment(milliseconds: (UnionPayPlatform.from - 600) * 1000)
        let fault = ChannelBook.outdated(settings: try platform.settings(), at: early)
        #expect(fault?.problem.contains("clock") ?? false)
    }

    @Test func aLineThatIsDeadIsToldFromOneThatIsSlow() async throws {
        let settings = try TestPlatform.shared.settings()
        let dead = await book { _ in throw ExchangeFault.notSent("refused") }.check(settings: settings)
        #expect(!dead.passed && (dead.findings.last?.text.contains("cannot be reached") ?? false))
        let slow = await book { _ in throw ExchangeFault.lost("time") }.check(settings: settings)
        #expect(!slow.passed && (slow.findings.last?.text.contains("no answer in time") ?? false))
    }

    @Test(
        arguments: [
            (0, true), (59, true), (-61, true), (299, true), (300, false), (-600, false), (86_400, false),
        ] as [(Int64, Bool)])
    func aClockThatIsOffIsSaid(_ seconds: Int64, _ passes: Bool) async throws {
        let platform = TestPlatform.shared
        let date = Moment(milliseconds: (platform.clock.now.seconds - seconds) * 1000)
        let body = Array(#"{"code":"RESOURCE_NOT_EXISTS","message":"none"}"#.utf8)
        let headers = try platform.headers(body) + [(name: "Date", value: Self.httpDate(date))]
        let response = ChannelResponse(status: 404, headers: ChannelHeaders(headers), body: body)
        let check = await book { _ in response }.check(settings: try platform.settings())
        #expect(check.passed == passes, "\(check.findings)")
        let isSaid = check.findings.contains { $0.text.contains("Our clock") }
        #expect(isSaid == (abs(seconds) >= 60))
    }

    @Test(arguments: [
        (401, #"{"code":"SIGN_ERROR"}"#, "does not take our signature"), (500, "", "unsigned"),
        (200, "<html>", "carries no signature"),
    ])
    func whatIsWrongIsSaidInWords(_ status: Int, _ body: String, _ words: String) async throws {
        let response = ChannelResponse(status: status, headers: ChannelHeaders([]), body: Array(body.utf8))
        let check = await book { _ in response }.check(settings: try TestPlatform.shared.settings())
        #expect(!check.passed && (check.findings.last?.text.contains(words) ?? false), "\(check.findings)")
    }

    @Test func theChannelsOtherKeyIsSaid() async throws {
        let platform = TestPlatform.shared
        let body = Array(#"{"code":"RESOURCE_NOT_EXISTS"}"#.utf8)
        for (headers, words) in [
            (try platform.headers(body, key: platform.oldKey), "does not hold"),
            (try platform.headers(body, serial: "PUB_KEY_ID_9"), "do not hold"),
            (try platform.headers(body, secondsFromNow: -600), "five minutes"),
        ] {
            let response = ChannelResponse(status: 404, headers: ChannelHeaders(headers), body: body)
            let check = await book { _ in response }.check(settings: try platform.settings())
            #expect(!check.passed && (check.findings.last?.text.contains(words) ?? false), "\(check.findings)")
        }
    }

    @Test func datesAreWarnedOfThreeTimes() throws {
        let end = TestClock.start.seconds + 86_400
        let dates = try #require(
            ChannelBook.keyDates(settings: try UnionPayPlatform.shared.settings()).first {
                $0.setting == "certificate_pem"
            })
        let warnings = [61, 60, 59, 30, 29, 7, 6, 0].map { days in
            dates.warning(at: Moment(milliseconds: (end - Int64(days) * 86_400) * 1000))
        }
        #expect(warnings == [nil, nil, 60, 60, 30, 30, 7, 7])
        #expect(dates.warning(at: Moment(milliseconds: (end + 1) * 1000)) == 7)
        #expect(dates.daysLeft(at: Moment(milliseconds: (end + 1) * 1000)) == -1)
    }

    /// Two keys stand side by side while a channel changes them; the old one's end stops nothing.
    @Test func oneValidCertificateOfAListIsEnough() throws {
        let now = TestClock.start.seconds
        let platform = TestPlatform.shared
        let old = try Certificate.selfSigned(
            platform.oldKey, commonName: "old", notBefore: now - 86_400 * 9, notAfter: now - 86_400)
        let alone: [String: Any?] = ["public_key_id": nil, "public_key_pem": nil]
        let both = try platform.settings(
            alone.merging(["platform_certificates_pem": old.pem + platform.oldCertificate.pem]) { $1 })
        #expect(ChannelBook.outdated(settings: both, at: TestClock.start) == nil)
        #expect(ChannelBook.keyDates(settings: both).map(\.name) == ["old", "Tenpay.com sign"])
        let ended = try platform.settings(alone.merging(["platform_certificates_pem": old.pem]) { $1 })
        #expect(ChannelBook.outdated(settings: ended, at: TestClock.start)?.key == "platform_certificates_pem")
        let spare = try platform.settings(["platform_certificates_pem": old.pem])
        #expect(ChannelBook.outdated(settings: spare, at: TestClock.start) == nil)
    }

    @Test(arguments: [
        "", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Xyz 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
    ])
    func anotherDateIsNone(_ text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }

    private func book(_ exchange: @escaping ChannelExchange) -> ChannelBook {
        let clock = TestPlatform.shared.clock
        return ChannelBook(exchange: exchange, clock: { clock.now }, nonce: { "593BEC0C930BF1AFEB40B4A08C8FB242" })
    }

    private static func httpDate(_ moment: Moment) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.string(from: Date(timeIntervalSince1970: TimeInterval(moment.seconds)))
    }
}
