import RefundDomain
import Storage
import TestSupport
import Testing

@testable import RefundDesk

/// What is kept apart from the database finds what the database alone cannot show.
struct RecordHeadsTests {
    @Test(arguments: EngineUnderTest.allCases)
    func whatGoesOnAfterwardsStillHoldsTheKeptHeads(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await world.paidBack(5_000)
            let first = try await desk.recordHeads()
            _ = try await world.paidBack(1_000)
            let second = try await desk.recordHeads()
            #expect(first != second)
            #expect(try await desk.verify(against: [first, second]) == [])
            #expect(try await desk.verify(against: []) == [])
        }
    }

    /// A database put back whole is in order by itself.
    @Test(arguments: EngineUnderTest.allCases)
    func aRecordThatWasPutBackToAnEarlierDayIsNamed(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await world.paidBack(5_000)
            let before = try await head(desk)
            try await note("one", desk)
            try await note("two", desk)
            let kept = try await desk.recordHeads()
            try await putBack(to: before, desk)
            #expect(try await desk.verify() == [])
            let faults = try await desk.verify(against: [kept])
            #expect(faults.map(\.check) == ["record-head"])
            #expect(faults.first?.object == "operator/\(before.number + 2)")
            // Going on as if nothing was: as many events again, but others.
            try await note("three", desk)
            try await note("four", desk)
            #expect(try await desk.verify() == [])
            let other = try await desk.verify(against: [kept])
            #expect(other.map(\.detail).allSatisfy { $0.hasPrefix("was another at 2026-") })
            #expect(other.count == 1)
        }
    }

    @Test func aDocumentOfOthersOrWithAnotherByteIsRefused() async throws {
        try await withDesk { desk, _ in
            let text = try await desk.recordHeads()
            for index in text.indices where !text[index].isWhitespace {
                var changed = text
                changed.replaceSubrange(index...index, with: text[index] == "0" ? "1" : "0")
                await #expect(throws: RecordHeads.Unusable.self, "\(text[index])") {
                    try await desk.verify(against: [changed])
                }
            }
            let lines = text.split(separator: "\n")
            for missing in lines.indices {
                var cut = lines
                cut.remove(at: missing)
                await #expect(throws: RecordHeads.Unusable.self) {
                    try await desk.verify(against: [cut.joined(separator: "\n")])
                }
            }
            try await withDesk { stranger, _ in
                await #expect(throws: RecordHeads.Unusable.notOurs) { try await stranger.verify(against: [text]) }
            }
        }
    }

    @Test func aDocumentThatWentByMailIsRead() async throws {
        try await withDesk { desk, _ in
            let text = try await desk.recordHeads()
            let mailed =
                "Dear operator,\r\n\r\n" + text.split(separator: "\n").joined(separator: "  \r\n") + "\r\n-- \r\n"
            #expect(try await desk.verify(against: [mailed]) == [])
        }
    }

    private struct Head {
        let number: Int64
        let hash: [UInt8]
        let mac: [UInt8]
    }

    private func head(_ desk: Desk) async throws -> Head {
        try await desk.store.read { sql in
            let row = try #require(
                try sql.row("SELECT number, hash, mac FROM stream_head WHERE stream = 'operator'"))
            return Head(number: try row.int("number"), hash: try row.bytes("hash"), mac: try row.bytes("mac"))
        }
    }

    private func note(_ what: String, _ desk: Desk) async throws {
        try await desk.store.write { sql in
            let event = NewEvent(
                stream: SealPlace.operatorTenant, actor: .system, what: "test.\(what)", object: "test", objectID: what,
                visibility: .internal)
            try EventTable.append(event, at: desk.clock(), desk.seals, sql)
        }
    }

    private func putBack(to head: Head, _ desk: Desk) async throws {
        try await desk.store.write { sql in
            try sql.run("DELETE FROM event WHERE stream = 'operator' AND number > $1", [.int(head.number)])
            try sql.run(
                "UPDATE stream_head SET number = $1, hash = $2, mac = $3 WHERE stream = 'operator'",
                [.int(head.number), .bytes(head.hash), .bytes(head.mac)])
        }
    }
}
