import RefundDomain
import Storage
import Vault

/// One thing that happened, as it is added to a stream of the audit chain.
struct NewEvent {
    /// A merchant's id, or ``SealPlace/operatorTenant``.
    let stream: String
    let actor: Actor
    /// What happened, for example `case.approved`.
    let what: String
    /// The row of the transition tables, where it is one: `R13`, `M6`.
    var transition: String?
    /// The kind of thing: `case`, `movement`, `payment`, `staff`, …
    let object: String
    let objectID: String
    var caseID: String?
    var version: Int64?
    /// Values that are no person's data: amounts, dates, codes.
    var facts: [String: String] = [:]
    /// Whether the cardholder may see it.
    var visibility: Visibility = .public
    /// What a person wrote; sealed beside the event, only its keyed digest is in the chain.
    var text: String?
}

/// Who may read an entry.
public enum Visibility: String, Sendable, Hashable {
    case `internal`
    case `public`
}

/// The audit chain: one table, a stream for each merchant and one for the operator, each event hashed over the one
/// before it (`docs/lifecycle.md`, "The record").
enum EventTable {
    static let firstHash = [UInt8](repeating: 0, count: 32)

    /// Appends an event; the head row of the stream orders writers.
    static func append(_ event: NewEvent, at now: Moment, _ seals: Seals, _ sql: any SQLTransaction) throws {
        let head = try lockedHead(event.stream, sql)
        let number = head.number + 1
        let vouched = try Vouched.facts(of: event, seals.keys, sql)
        let facts = factsText(event.facts.merging(vouched) { said, _ in said })
        let digest = event.text.map { seals.keys.textDigest($0, salt: "\(event.stream)/\(number)") }
        let hash = hash(
            of: [
                event.stream, String(number), String(now.milliseconds), event.actor.kind.rawValue,
                staffID(event.actor) ?? "", role(event.actor) ?? "", event.what, event.transition ?? "", event.object,
                event.objectID, event.caseID ?? "", event.version.map { String($0) } ?? "", facts,
                event.visibility.rawValue, digest.map { Hex.encode($0) } ?? "",
            ], after: head.hash)
        let place = SealPlace("event", "text", row: "\(event.stream)/\(number)", tenant: event.stream, .words)
        try sql.run(
            """
            INSERT INTO event (stream, number, at_ms, actor, actor_id, role, what, transition, object, object_id,
                               case_id, version, facts, visibility, text_sealed, text_digest, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            """,
            [
                .text(event.stream), .int(number), .int(now.milliseconds), .text(event.actor.kind.rawValue),
                .text(staffID(event.actor)), .text(role(event.actor)), .text(event.what), .text(event.transition),
                .text(event.object), .text(event.objectID), .text(event.caseID), .int(event.version), .text(facts),
                .text(event.visibility.rawValue), .bytes(try seals.seal(event.text, place, sql)), .bytes(digest),
                .bytes(head.hash), .bytes(hash),
            ])
        try sql.run(
            """
            UPDATE stream_head
            SET    number = $2, hash = $3, mac = $4
            WHERE  stream = $1
            """,
            [
                .text(event.stream), .int(number), .bytes(hash),
                .bytes(headMAC(event.stream, number, hash, seals.keys)),
            ])
    }

    /// SHA-256 over a mark, the hash before and every field with its length in front, so that no two records collide.
    static func hash(of fields: [String], after previous: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [1]
        bytes += previous
        for field in fields {
            let content = Array(field.utf8)
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: content.count >> shift))
            }
            bytes += content
        }
        return Digest.sha256(bytes)
    }

    /// `key=value` lines in the order of their keys; line ends in values become spaces, so that none makes a line.
    static func factsText(_ facts: [String: String]) -> String {
        facts.sorted { $0.key < $1.key }.map { key, value in
            "\(key)=\(String(value.map { $0.isNewline ? " " : $0 }))"
        }.joined(separator: "\n")
    }

    /// The keyed digest of a stream's end: whoever can write to the database but has no key cannot cut the end off.
    static func headMAC(_ stream: String, _ number: Int64, _ hash: [UInt8], _ keys: Keys) -> [UInt8] {
        keys.textDigest("\(number)\n\(Hex.encode(hash))", salt: "head\n\(stream)")
    }

    /// Takes the head of a stream until the transaction ends.
    ///
    /// Verbs that change a payment or a balance begin with it: all verbs of one merchant meet here, so it is met first,
    /// before there is work to lose, and no two of them wait for each other crosswise.
    @discardableResult
    static func hold(_ stream: String, _ sql: any SQLTransaction) throws -> Head? {
        try sql.row(
            """
            UPDATE stream_head
            SET    number = number
            WHERE  stream = $1
            RETURNING number, hash
            """, [.text(stream)]
        ).map { row in Head(number: try row.int("number"), hash: try row.bytes("hash")) }
    }

    /// The end of a stream.
    struct Head {
        let number: Int64
        let hash: [UInt8]
    }

    private static func lockedHead(_ stream: String, _ sql: any SQLTransaction) throws -> Head {
        if let head = try hold(stream, sql) { return head }
        try sql.run(
            """
            INSERT INTO stream_head (stream, number, hash, mac)
            VALUES ($1, 0, $2, $2)
            """, [.text(stream), .bytes(firstHash)])
        return Head(number: 0, hash: firstHash)
    }

    private static func staffID(_ actor: Actor) -> String? {
        switch actor {
        case .staff(let id, _): id
        case .cardholder, .system, .channel: nil
        }
    }

    private static func role(_ actor: Actor) -> String? {
        switch actor {
        case .staff(_, let role): role.rawValue
        case .cardholder, .system, .channel: nil
        }
    }
}

/// Reads the facts of an event back.
public func eventFacts(_ text: String) -> [String: String] {
    var facts: [String: String] = [:]
    for line in text.split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { facts[String(parts[0])] = String(parts[1]) }
    }
    return facts
}
