import Foundation
import HTTPTypes
import HummingbirdTesting
import Messages
import RefundDesk
import RefundDomain
import Storage
import Synchronization
import TestSupport
import Testing
import Words

@testable import Portal

/// Dates counted in working days, as every page and message shows them.
@Suite struct CountedDateTests {
    /// From the clock's start to Wednesday, 30 December 2026, behind which no holidays are known.
    private static let beforeTheEnd: Int64 = 86_400 * 40

    @Test(arguments: [("zh-CN", "约 "), ("en", "about ")])
    func aDateBeyondTheDataSaysAboutOnEveryPage(_ language: String, _ about: String) async throws {
        try await withPortal { portal in
            portal.clock.advance(seconds: Self.beforeTheEnd)
            let journey = Journey(portal, language)
            let number = try await journey.file()
            let date = language == "en" ? "Monday 4 January" : "1 月 4 日（周一）"
            let year = language == "en" ? "about Monday 4 January 2027" : "约 2027 年 1 月 4 日（周一）"
            let short = language == "en" ? "about 4 January 2027" : "约 2027 年 1 月 4 日"
            #expect(try await journey.browser.get("/request/done").page.contains("\(about)\(date)"))
            let own = try await journey.browser.get("/cases/\(number.text)").page
            #expect(own.components(separatedBy: year).count > 2, "the slip and the track")
            let said = try await messages(portal).first { $0.kind == "submitted" }?.text ?? ""
            #expect(said.contains("\(about)\(date)") || said.contains(year))
            let staff = try await portal.signedIn(
                try await portal.hire("lin@example.com", .reviewer), language: language)
            #expect(try await staff.get("/merchant/queue").page.contains(short))
            let page = try await staff.get("/merchant/cases/\(number.text)").page
            #expect(page.contains(short) && page.contains(year))
        }
    }

    @Test func aDateThatTheDataCoversIsSaidAsItIsAndAPromiseStaysAsItWas() async throws {
        try await withPortal { portal in
            portal.clock.advance(seconds: Self.beforeTheEnd)
            let promised = Journey(portal)
            let path = "/cases/\(try await promised.file().text)"
            let newYear = try #require(Day(iso: "2027-01-01"))
            try await portal.desk.loadCalendar([
                try WorkingYear(region: "CN", year: 2027, source: "notice", holidays: [newYear], makeUpDays: [])
            ])
            let exact = Journey(portal)
            let number = try await exact.file(
                SamplePayment {
                    $0.reference = "614233280099"
                    $0.transaction = "4200002026112000000000000099"
                })
            let page = try await exact.browser.get("/cases/\(number.text)").page
            #expect(page.contains("2027 年 1 月 5 日（周二）") && !page.contains("约 "))
            #expect(try await promised.browser.get(path).page.contains("约 2027 年 1 月 4 日（周一）"))
        }
    }

    @Test(arguments: [
        (Int64(0), "预计 11 月 20 日（周五）至 11 月 25 日（周三）到账", "Friday 20 November to Wednesday 25 November"),
        (
            Self.beforeTheEnd, "预计 12 月 30 日（周三）至 约 2027 年 1 月 4 日（周一）到账",
            "Wednesday 30 December to about Monday 4 January 2027"
        ),
    ])
    func theCaseShowsBetweenWhichDatesTheMoneyIsExpected(
        _ later: Int64, _ chinese: String, _ english: String
    ) async throws {
        try await withPortal { portal in
            portal.clock.advance(seconds: later)
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)"
            let reviewer = try await Journey.reviewer(portal)
            try await portal.desk.approve(
                number, amount: .fen(6000), checks: Set(Check.allCases), note: "",
                version: try await portal.desk.version(of: number), by: reviewer)
            #expect(try await !journey.browser.get(path).page.contains("预计"), "nothing is expected before it is sent")
            try await accept(portal)
            let page = try await journey.browser.get(path).page
            #expect(page.contains(chinese))
            let translated = try await journey.browser.get("\(path)?lang=en").page
            #expect(translated.contains("Expected \(english)"))
            let staff = try await portal.signedIn(try await portal.hire("lin@example.com", .reviewer), language: "en")
            #expect(try await staff.get("/merchant/cases/\(number.text)").page.contains(english))
        }
    }

    /// The channel takes the refund on that is to be sent.
    private func accept(_ portal: PortalUnderTest) async throws {
        while let job = try await portal.desk.claimJob() {
            guard job.kind == .sendMovement else { continue }
            let sending = try #require(try await portal.desk.beginSend(job, noticeAddress: { _, _ in nil }))
            let answer = ChannelAnswer(
                verdict: .accepted, code: "PROCESSING", verified: true, amount: sending.order.amount)
            try await portal.desk.recordOutcome(
                answer, of: sending.movementID, from: .call(attempt: sending.attempt))
            return
        }
        Issue.record("nothing was to be sent")
    }

    private func messages(_ portal: PortalUnderTest) async throws -> [Message] {
        let vocabulary = try Vocabulary.load(folder: "\(RepositoryFolder.path)/templates/words")
        let kept = Kept()
        let post = MessagePost(
            desk: portal.desk, writer: MessageWriter(vocabulary: vocabulary), sender: kept,
            publicURL: PortalUnderTest.origin)
        while let job = try await portal.desk.claimJob() {
            if job.kind == .sendMessage { try await post.deliver(job) }
        }
        return kept.messages.withLock { $0 }
    }
}

/// Keeps messages instead of sending them.
private final class Kept: MessageSender {
    let messages = Mutex<[Message]>([])

    func send(_ message: Message) async throws {
        messages.withLock { $0.append(message) }
    }
}
