import Foundation
import Logging
import ServiceLifecycle
import Testing
import Vault

@testable import SandboxBank

/// The bank's rules, without a socket.
struct BankTests {
    @Test func oneNumberPaysOnceHoweverOftenItIsAsked() async throws {
        let bank = try await BankUnderTest()
        for _ in 0..<5 { #expect(try await bank.refund("RF-1", 5_000).status == 200) }
        #expect(await bank.counter.payouts().count == 1)
    }

    @Test func theSameNumberWithAnotherAmountIsRefused() async throws {
        let bank = try await BankUnderTest()
        _ = try await bank.refund("RF-1", 5_000)
        #expect(try await bank.refund("RF-1", 5_001).code == "INVALID_REQUEST")
        #expect(try await bank.refund("RF-1", 5_000, payment: "42000002").code == "INVALID_REQUEST")
    }

    @Test func moreThanWasPaidNeverGoesBack() async throws {
        let bank = try await BankUnderTest()
        #expect(try await bank.refund("RF-1", 60_000).status == 200)
        #expect(try await bank.refund("RF-2", 40_001).code == "INVALID_REQUEST")
        #expect(try await bank.refund("RF-3", 40_000).status == 200)
        #expect(try await bank.refund("RF-4", 1).code == "INVALID_REQUEST")
    }

    @Test func whatWasClosedIsLeftAgain() async throws {
        let bank = try await BankUnderTest()
        _ = try await bank.refund("RF-1", 603, total: 603)
        #expect(try await bank.refund("RF-2", 603, total: 603).code == "INVALID_REQUEST")
        bank.clock.move(2_000)
        #expect(try await bank.refund("RF-2", 603, total: 603).status == 200)
    }

    @Test func theTotalMustStayTheSame() async throws {
        let bank = try await BankUnderTest()
        _ = try await bank.refund("RF-1", 100, total: 10_000)
        #expect(try await bank.refund("RF-2", 100, total: 10_001).code == "INVALID_REQUEST")
    }

    @Test func theFiftyFirstRefundOfAPaymentIsRefused() async throws {
        let bank = try await BankUnderTest()
        for number in 1...50 { #expect(try await bank.refund("RF-\(number)", 1).status == 200) }
        #expect(try await bank.refund("RF-51", 1).code == "INVALID_REQUEST")
    }

    @Test func afterAYearAPaymentIsNotRefunded() async throws {
        let bank = try await BankUnderTest()
        _ = try await bank.refund("RF-1", 1)
        bank.clock.move(365 * 86_400_000)
        #expect(try await bank.refund("RF-2", 1).status == 200)
        bank.clock.move(1)
        #expect(try await bank.refund("RF-3", 1).code == "INVALID_REQUEST")
    }

    @Test(arguments: [
        #"{"out_refund_no":"RF 1","transaction_id":"4","amount":{"refund":1,"total":1,"currency":"CNY"}}"#,
        #"{"out_refund_no":"RF1","amount":{"refund":1,"total":1,"currency":"CNY"}}"#,
        #"{"out_refund_no":"RF1","transaction_id":"4","out_trade_no":"5","#
            + #""amount":{"refund":1,"total":1,"currency":"CNY"}}"#,
        #"{"out_refund_no":"RF1","transaction_id":"4","amount":{"refund":0,"total":1,"currency":"CNY"}}"#,
        #"{"out_refund_no":"RF1","transaction_id":"4","amount":{"refund":2,"total":1,"currency":"CNY"}}"#,
        #"{"out_refund_no":"RF1","transaction_id":"4","amount":{"refund":1,"total":1,"currency":"USD"}}"#,
        "not json", "",
    ])
    func aRequestThatDoesNotFitIsRefused(body: String) async throws {
        let bank = try await BankUnderTest()
        #expect(try await bank.post(Array(body.utf8)).code == "PARAM_ERROR")
        #expect(await bank.counter.payouts().isEmpty)
    }

    @Test func aSignatureThatDoesNotHoldExecutesNothing() async throws {
        let bank = try await BankUnderTest()
        let body = bank.body("RF-1", 5_000, total: 10_000, payment: "42000001")
        let good = try bank.request("POST", "/v3/refund/domestic/refunds", body)
        let wrong = [
            BankRequest(method: "POST", path: good.path, authorization: "", body: body),
            BankRequest(method: "POST", path: good.path, authorization: "Bearer x", body: body),
            BankRequest(method: "POST", path: good.path, authorization: good.authorization, body: body + [0x20]),
            BankRequest(method: "POST", path: good.path + "?a=1", authorization: good.authorization, body: body),
            BankRequest(
                method: "POST", path: good.path,
                authorization: good.authorization.replacingOccurrences(of: "1900000109", with: "1900000110"), body: body
            ),
        ]
        for request in wrong { #expect(try await bank.counter.answer(request).code == "SIGN_ERROR") }
        bank.clock.move(300_000)
        #expect(try await bank.counter.answer(good).code == "SIGN_ERROR")
        #expect(await bank.counter.payouts().isEmpty)
    }

    @Test func noticesThatAreNeverSentAreNeverDue() async throws {
        let bank = try await BankUnderTest()
        _ = try await bank.refund("RF-1", 617, notice: "http://127.0.0.1:9/notices")
        _ = try await bank.refund("RF-2", 5_000)
        bank.clock.move(86_400_000)
        #expect(try await bank.counter.dueNotices().isEmpty)
    }

    @Test func aRefusedNoticeIsTriedByThePlanAndThenGivenUp() async throws {
        let bank = try await BankUnderTest()
        _ = try await bank.refund("RF-1", 601, notice: "http://127.0.0.1:9/notices")
        for wait in [0] + BankTempo.ordinary.noticeRetries {
            if wait > 0 {
                bank.clock.move(wait - 1)
                #expect(try await bank.counter.dueNotices().isEmpty)
                bank.clock.move(1)
            }
            let due = try await bank.counter.dueNotices()
            #expect(due.count == 1)
            #expect(try await bank.counter.dueNotices().isEmpty)
            for notice in due { try await bank.counter.record(notice.key, taken: false) }
        }
        bank.clock.move(86_400_000)
        #expect(try await bank.counter.dueNotices().isEmpty)
    }

    @Test func aRestartForgetsNothing() async throws {
        let first = try await BankUnderTest()
        _ = try await first.refund("RF-1", 606)
        _ = try await first.refund("RF-2", 601, notice: "http://127.0.0.1:9/notices")
        for notice in try await first.counter.dueNotices() { try await first.counter.record(notice.key, taken: true) }
        let books = await first.counter.payouts()
        let second = try await BankUnderTest(folder: first.folder, clock: first.clock)
        #expect(await second.counter.payouts() == books)
        #expect(try await second.counter.dueNotices().isEmpty)
        #expect(try await second.refund("RF-1", 606).code == "NOT_ENOUGH")
        #expect(try await second.refund("RF-1", 606).status == 200)
    }

    @Test func aHalfWrittenLastLineIsCutOffAndOtherDamageIsNot() async throws {
        let first = try await BankUnderTest()
        _ = try await first.refund("RF-1", 5_000)
        let path = first.folder + "/books.jsonl"
        let whole = try #require(FileManager.default.contents(atPath: path))
        try (whole + whole.dropLast(9)).write(to: URL(filePath: path))
        let second = try await BankUnderTest(folder: first.folder, clock: first.clock)
        #expect(await second.counter.payouts().count == 1)
        #expect(FileManager.default.contents(atPath: path) == whole)
        try (Data("{}\n".utf8) + whole).write(to: URL(filePath: path))
        await #expect(throws: BankFault.damaged(path)) {
            try await BankUnderTest(folder: first.folder, clock: first.clock)
        }
    }

    @Test func theKeysAreForTheirOwnerOnlyAndStay() async throws {
        let bank = try await BankUnderTest()
        let path = bank.folder + "/keys.json"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let again = try await BankUnderTest(folder: bank.folder, clock: bank.clock)
        #expect(again.account == bank.account)
    }

    @Test func aMerchantThatACommandAddedIsKnownAtOnce() async throws {
        let bank = try await BankUnderTest()
        let json = try BankKeys.accountJSON(
            folder: bank.folder, merchant: "1900000200", name: "Late", baseURL: "http://127.0.0.1:1",
            random: { try Random.bytes($0) })
        let late = try bank.with(BankJSON.decode(BankUnderTest.Account.self, from: json))
        #expect(try await late.refund("RF-1", 5_000).status == 200)
    }

    @Test func theServerEndsInOrderWhenItIsToldTo() async throws {
        let bank = try await BankUnderTest()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let started = AsyncStream<Int>.makeStream()
        let server = SandboxServer(counter: bank.counter, port: 0, logger: logger) { started.continuation.yield($0) }
        let group = ServiceGroup(services: [server], logger: logger)
        let running = Task { try await group.run() }
        for await port in started.stream {
            #expect(port > 0)
            break
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }
}
