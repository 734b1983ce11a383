import Foundation
import Hummingbird
import TestSupport
import Testing
import Web

@testable import Portal

/// What docs/edge.md says is what the code does.
@Suite struct LimitsPageTests {
    @Test func theTableOfLimitsIsTheConstants() throws {
        let page = try String(contentsOfFile: "\(RepositoryFolder.path)/docs/edge.md", encoding: .utf8)
        let limits = ServerLimits()
        let live = LiveLimits()
        let kibibyte = 1024
        func ceiling(_ urgency: Urgency) -> String { urgency.ceiling.map(String.init) ?? "none" }
        let expected = [
            ("connections at a time", "\(limits.connectionsMax)"),
            ("connections of one address (an IPv6 /64)", "\(limits.connectionsPerAddressMax)"),
            ("silence, also within a header", "\(limits.idleSeconds) s"),
            ("header, in all", "\(limits.headerBytesMax / kibibyte) KiB"),
            ("header fields", "\(limits.headerFieldsMax)"),
            ("form without files", "\(FormFields.bytesMax / kibibyte) KiB"),
            ("form fields", "\(FormFields.fieldsMax)"),
            ("body, whole", "\(limits.pace.secondsMax) s"),
            (
                "body, pace after the first \(limits.pace.graceSeconds) s",
                "\(limits.pace.bytesPerSecondMin / Int64(kibibyte)) KiB/s"
            ),
            ("time until an answer begins, from the end of the request", "\(limits.answerPace.secondsMax) s"),
            ("time for a client to take a piece of an answer", "\(limits.answerPace.stuckSecondsMax) s"),
            ("requests of one address in a minute", "\(Portal.requestBudget.triesMax)"),
            ("requests of one address under way", "\(LoadShedding<PortalContext>.perAddressMax)"),
            ("requests under way: files", ceiling(.export)),
            ("requests under way: lists and searches", ceiling(.search)),
            ("requests under way: uploads", ceiling(.upload)),
            ("requests under way: look-ups and new requests", ceiling(.newRequest)),
            ("requests under way: every other page", ceiling(.page)),
            ("live streams of a session", "\(live.perSessionMax)"), ("live streams", "\(live.streamsMax)"),
            ("addresses counted in memory", "\(Budgets.countersMax)"),
        ]
        for (what, limit) in expected { #expect(page.contains("| \(what) | \(limit) |"), "\(what): \(limit)") }
        #expect(Portal.requestBudget.seconds == 60)
        let section = page.split(separator: "\n## ").first { $0.hasPrefix("Limits") } ?? ""
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("|") }.count
        #expect(rows == expected.count + 2, "a limit that is not held to its constant")
    }
}
