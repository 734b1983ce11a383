public import RefundDomain
import Storage
import Vault

/// Where the record of every stream ended at a moment, as a document that is kept apart from the database.
///
/// The chain shows a row that was changed, and the keyed heads an end that was cut off by somebody without the key.
/// A copy of the database put back whole shows neither: only what is kept elsewhere does
/// (`docs/lifecycle.md`, "The record").
public struct RecordHeads: Sendable, Hashable {
    /// One stream's last event.
    public struct Head: Sendable, Hashable {
        /// A merchant's id, or `operator`.
        public let stream: String
        /// The last event's number; 0 before the first.
        public let number: Int64
        /// The last event's hash.
        public let hash: [UInt8]
    }

    /// Why a document cannot be used.
    public enum Unusable: Error, Sendable, Hashable {
        /// It is no such document, or a line was lost.
        case unreadable
        /// It was changed, or made with another key file.
        case notOurs
    }

    /// When it was written.
    public let at: Moment
    /// By the streams' names.
    public let heads: [Head]

    /// Longest document, in bytes: one line of at most 150 for each of 100,000 streams.
    public static let bytesMax = 16 * 1024 * 1024

    init(at: Moment, heads: [Head]) {
        self.at = at
        self.heads = heads
    }
}

extension RecordHeads {
    private static let title = "#record-heads"
    private static let end = "#mac HMAC-SHA-256"

    /// The document: a line for each stream between a first line with the time and a last one with a keyed digest of
    /// all before it.
    func text(_ keys: Keys) -> String {
        let lines = heads.map { "\($0.stream) \($0.number) \(Hex.encode($0.hash))\n" }.joined()
        let body = "\(Self.title) \(LocalTime(at, secondsAheadOfUTC: 0).iso) UTC\n" + lines
        return body + "\(Self.end) \(Self.mac(body, keys))\n"
    }

    /// Reads a document that ``text(_:)`` made; lines of a mail around it and spaces at a line's end are passed over.
    ///
    /// - Throws: ``Unusable``.
    init(reading text: String, _ keys: Keys) throws(Unusable) {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        guard let first = lines.firstIndex(where: { $0.hasPrefix(Self.title + " ") }),
            let last = lines[first...].firstIndex(where: { $0.hasPrefix(Self.end + " ") })
        else { throw .unreadable }
        let body = lines[first..<last].joined(separator: "\n") + "\n"
        guard lines[last] == "\(Self.end) \(Self.mac(body, keys))" else { throw .notOurs }
        let words = lines[first].dropFirst(Self.title.count + 1)
        guard words.hasSuffix(" UTC"), let time = LocalTime(iso: String(words.dropLast(4))) else { throw .unreadable }
        at = time.moment(secondsAheadOfUTC: 0)
        var heads: [Head] = []
        for line in lines[lines.index(after: first)..<last] {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, let number = Int64(parts[1]), let hash = Hex.decode(String(parts[2])) else {
                throw .unreadable
            }
            heads.append(Head(stream: String(parts[0]), number: number, hash: hash))
        }
        self.heads = heads
    }

    private static func mac(_ body: String, _ keys: Keys) -> String {
        Hex.encode(keys.textDigest(body, salt: "record-heads"))
    }
}

extension Desk {
    /// Where the record of every stream ends now, as text to keep apart from the database.
    public func recordHeads() async throws -> String {
        let now = clock()
        let heads = try await store.read { sql in
            try sql.rows("SELECT stream, number, hash FROM stream_head ORDER BY stream LIMIT 100000").map { row in
                RecordHeads.Head(
                    stream: try row.text("stream"), number: try row.int("number"), hash: try row.bytes("hash"))
            }
        }
        return RecordHeads(at: now, heads: heads).text(keys)
    }

    /// Everything that `verify` finds, and every kept head that the record does not hold any more: its stream was cut,
    /// written anew, or put back to an earlier day.
    ///
    /// - Throws: ``RecordHeads/Unusable`` before anything is read; ``StoreFault``.
    public func verify(against kept: [String]) async throws -> [Fault] {
        let documents = try kept.map { text throws(RecordHeads.Unusable) in try RecordHeads(reading: text, keys) }
        return try await store.read { sql in
            var faults = try verify(sql)
            for document in documents { try verify(document, sql, &faults) }
            return faults
        }
    }

    private func verify(_ kept: RecordHeads, _ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let written = LocalTime(kept.at, secondsAheadOfUTC: 0).iso
        for head in kept.heads where head.number > 0 {
            let row = try sql.row(
                "SELECT hash FROM event WHERE stream = $1 AND number = $2", [.text(head.stream), .int(head.number)])
            let object = "\(head.stream)/\(head.number)"
            guard let row else {
                faults.append(Fault(check: "record-head", object: object, detail: "was there at \(written) UTC"))
                continue
            }
            guard try row.bytes("hash") != head.hash else { continue }
            faults.append(Fault(check: "record-head", object: object, detail: "was another at \(written) UTC"))
        }
    }
}
