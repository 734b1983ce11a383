import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Web

@testable import Portal

/// Cases that are followed live, over real connections.
@Suite(.timeLimit(.minutes(10))) struct LiveCaseTests {
    /// No beat in the time of a test: whatever comes, comes by a hint.
    private static let still = PortalWiring.network(LiveLimits(beat: .seconds(3600)))
    /// A beat at once, and again.
    private static let quick = PortalWiring.network(LiveLimits(beat: .milliseconds(20), beatsMax: 1_000_000))

    private static let otherPayment = SamplePayment {
        $0.reference = "614233280099"
        $0.trace = "000813"
        $0.transaction = "4200002026112000000000000099"
    }

    private func take(_ number: CaseNumber, _ portal: PortalUnderTest) async throws {
        let staff = try await Journey.reviewer(portal)
        try await portal.desk.take(number, version: try await portal.desk.version(of: number), by: staff)
    }

    @Test func aChangeIsToldAtOnceAndOnlyByItsVersion() async throws {
        try await withPortal(LiveCaseTests.still) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let version = try await portal.desk.version(of: number)
            var reader = try await EventReader(
                portal, "/cases/\(number.text)/events?version=\(version)", as: journey.browser)
            #expect(reader.status == 200)
            #expect(try await reader.next() == .init("same", version))
            try await take(number, portal)
            #expect(try await reader.next() == .init("changed", version + 1))
            let allowed = Set("retry: 0123456789\nid: event: changed same data:")
            #expect(reader.text.allSatisfy(allowed.contains), "the stream says more than versions")
        }
    }

    @Test func whoeverIsBehindIsToldWithoutAHint() async throws {
        try await withPortal(LiveCaseTests.still) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let version = try await portal.desk.version(of: number)
            let path = "/cases/\(number.text)/events"
            var late = try await EventReader(portal, "\(path)?version=\(version - 1)", as: journey.browser)
            #expect(try await late.next() == .init("changed", version))
            // What the last event said counts more than what the page showed when it was opened.
            var again = try await EventReader(
                portal, "\(path)?version=\(version - 1)", as: journey.browser, lastEventID: String(version))
            #expect(try await again.next() == .init("same", version))
        }
    }

    @Test func aLostHintCostsOneBeat() async throws {
        try await withPortal(LiveCaseTests.quick) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let version = try await portal.desk.version(of: number)
            var reader = try await EventReader(
                portal, "/cases/\(number.text)/events?version=\(version)", as: journey.browser)
            #expect(try await reader.next() == .init("same", version))
            // As another server would do it whose notice never came.
            try await portal.desk.store.write { sql in
                try sql.run(
                    "UPDATE refund_case SET version = version + 1 WHERE number = $1", [.text(number.text)])
            }
            var event = try await reader.next()
            while event == .init("same", version) { event = try await reader.next() }
            #expect(event == .init("changed", version + 1))
        }
    }

    @Test func anotherCasesChangeIsNotTold() async throws {
        try await withPortal(LiveCaseTests.still) { portal in
            let (mine, other) = (Journey(portal), Journey(portal))
            let number = try await mine.file()
            let otherNumber = try await other.file(LiveCaseTests.otherPayment)
            let version = try await portal.desk.version(of: number)
            var reader = try await EventReader(
                portal, "/cases/\(number.text)/events?version=\(version)", as: mine.browser)
            #expect(try await reader.next() == .init("same", version))
            try await take(otherNumber, portal)
            let foreign = try await EventReader(portal, "/cases/\(otherNumber.text)/events", as: mine.browser)
            #expect(foreign.status == 404)
            // Had it been told of the other case, it would have looked and said "same" again first.
            try await portal.desk.store.write { sql in
                let row = try #require(
                    try sql.row("SELECT id FROM refund_case WHERE number = $1", [.text(number.text)]))
                try sql.run("UPDATE refund_case SET version = version + 1 WHERE id = $1", [.text(row.text("id"))])
                sql.announce("case/\(try row.text("id"))")
            }
            #expect(try await reader.next() == .init("changed", version + 1))
        }
    }

    @Test func theAnswerIsNeitherKeptNorHeldBack() async throws {
        try await withPortal(LiveCaseTests.still) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)/events"
            let reader = try await EventReader(portal, path, as: journey.browser)
            #expect(reader.headers["content-type"] == "text/event-stream")
            #expect(reader.headers["cache-control"] == "no-store")
            #expect(reader.headers["x-accel-buffering"] == "no")
            #expect(reader.headers["content-encoding"] == nil)
            let wrong = try await journey.browser.post(path)
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers[.allow] == "GET, HEAD")
        }
    }

    @Test func theStreamEndsWithTheRightToSee() async throws {
        try await withPortal(LiveCaseTests.quick) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            var reader = try await EventReader(portal, "/cases/\(number.text)/events", as: journey.browser)
            _ = try await reader.next()
            try await portal.desk.store.write { sql in try sql.run("DELETE FROM visitor_case") }
            try await reader.drain()
            let again = try await EventReader(portal, "/cases/\(number.text)/events", as: journey.browser)
            #expect(again.status == 404)
        }
    }

    @Test func aStreamHasItsTimeAndFreesItsPlace() async throws {
        let limits = LiveLimits(perSessionMax: 1, streamsMax: 1, beat: .milliseconds(5), beatsMax: 4)
        try await withPortal(.network(limits)) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            for _ in 1...3 {
                var reader = try await EventReader(portal, "/cases/\(number.text)/events", as: journey.browser)
                // The place of the stream before may still be on its way out.
                while reader.status == 429 {
                    reader = try await EventReader(portal, "/cases/\(number.text)/events", as: journey.browser)
                }
                #expect(reader.status == 200)
                try await reader.drain()
            }
        }
    }

    @Test func aBrowserThatLeavesFreesItsPlaceAtOnce() async throws {
        let limits = LiveLimits(perSessionMax: 1, beat: .seconds(3600))
        try await withPortal(.network(limits)) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)/events"
            do {
                var reader = try await EventReader(portal, path, as: journey.browser)
                _ = try await reader.next()
                #expect(portal.desk.store.announcements.listenerCount == 1)
            }
            var again = try await EventReader(portal, path, as: journey.browser)
            while again.status == 429 { again = try await EventReader(portal, path, as: journey.browser) }
            #expect(again.status == 200)
        }
    }

    @Test func aSessionHasTwoStreamsAndEverybodyTogetherTheServersShare() async throws {
        try await withPortal(.network(LiveLimits(streamsMax: 3, beat: .seconds(3600)))) { portal in
            let (one, two) = (Journey(portal), Journey(portal))
            let numbers = [try await one.file(), try await two.file(LiveCaseTests.otherPayment)]
            let paths = numbers.map { "/cases/\($0.text)/events" }
            var open: [EventReader] = []
            for _ in 1...2 { open.append(try await EventReader(portal, paths[0], as: one.browser)) }
            let third = try await EventReader(portal, paths[0], as: one.browser)
            #expect(third.status == 429)
            #expect(third.headers["retry-after"] == "15")
            open.append(try await EventReader(portal, paths[1], as: two.browser))
            #expect(open.allSatisfy { $0.status == 200 })
            let full = try await EventReader(portal, paths[1], as: two.browser)
            #expect(full.status == 503)
            #expect(full.headers["retry-after"] == "60")
            // Pages are served all the same.
            #expect(try await two.browser.get("/cases/\(numbers[1].text)").status == .ok)
        }
    }

    @Test func aServerThatStopsEndsItsStreams() async throws {
        let following = try await withPortal(LiveCaseTests.still) { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            var reader = try await EventReader(portal, "/cases/\(number.text)/events", as: journey.browser)
            _ = try await reader.next()
            return Task { [reader] in
                var reader = reader
                try await reader.drain()
            }
        }
        // The server has stopped although somebody followed, and that stream came to a proper end.
        try await following.value
    }

    @Test func askingForTheHeadTakesNoPlace() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            for _ in 1...4 {
                let head = try await journey.browser.head("/cases/\(number.text)/events")
                #expect(head.status == .ok)
                #expect(head.body.readableBytes == 0)
            }
        }
    }
}

/// Who may have a place, without a network.
@Suite struct LiveSeatsTests {
    @Test func aPlaceIsFreeAgainWhenItsStreamIsGone() throws {
        let seats = LiveSeats(LiveLimits(perSessionMax: 2, streamsMax: 3))
        var mine: [LiveSeat] = [try seats.take(session: [1]), try seats.take(session: [1])]
        #expect(throws: RequestFault.tooMany(retryAfterSeconds: 15)) { try seats.take(session: [1]) }
        let other = try seats.take(session: [2])
        #expect(throws: RequestFault.unavailable(retryAfterSeconds: 60)) { try seats.take(session: [3]) }
        mine.removeLast()
        #expect(seats.count == 2)
        mine.append(try seats.take(session: [1]))
        withExtendedLifetime((mine, other)) { #expect(seats.count == 3) }
    }

    @Test func theListenerHasRoomForEverybodyElse() {
        #expect(LiveLimits().streamsMax * 2 <= ServerLimits().connectionsMax)
    }

    @Test func streamsAreSpreadOverTime() {
        let limits = LiveLimits()
        let least = LivePace(limits) { 0 }
        let most = LivePace(limits) { 255 }
        #expect(least.firstBeat == .zero)
        #expect(most.firstBeat == limits.beat)
        #expect(least.beats == limits.beatsMax)
        #expect(most.beats == limits.beatsMax * 3 / 4)
        #expect(least.retryMilliseconds == 2500)
        #expect(most.retryMilliseconds == 7500)
    }
}
