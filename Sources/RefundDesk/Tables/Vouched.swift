import Storage
import Vault

/// Rows of one table that the record vouches for: the event that writes such a row carries keyed digests of it, so
/// that ``Desk/verify()`` finds a row that was changed, taken away or added by somebody else.
struct Vouched: Sendable {
    let table: String
    /// What its events are about; ``NewEvent/objectID`` is the row's `id`.
    let object: String
    /// Every kind of event that comes with a change of the row.
    let events: Set<String>
    /// Columns that are written once, `id` first. Every event vouches for them, so that no later one hides a change.
    let fixed: [String]
    /// Columns that change with an event. The newest one vouches for them.
    var changing: [String] = []

    /// The digests that an event carries of the rows it has just written; none for other events.
    static func facts(of event: NewEvent, _ keys: Keys, _ sql: any SQLReading) throws -> [String: String] {
        if let facts = try VouchedCase.facts(of: event, keys, sql) {
            return facts.merging(try VouchedGroup.facts(of: event, keys, sql)) { $1 }
        }
        var facts = try VouchedGroup.facts(of: event, keys, sql)
        guard let vouched = byEvent["\(event.object) \(event.what)"],
            let row = try sql.row(vouched.statementOfOne, [.text(event.objectID)])
        else { return facts }
        for part in vouched.parts { facts[part.fact] = part.digest(row.values, keys) }
        return facts
    }

    private static let byEvent = Dictionary(
        all.flatMap { vouched in vouched.events.map { ("\(vouched.object) \($0)", vouched) } }
    ) { first, _ in first }

    var parts: [VouchedPart] {
        let all = [
            VouchedPart(fact: "row", place: "\(table) fixed", columns: 0..<fixed.count),
            VouchedPart(
                fact: "row_now", place: "\(table) changing", columns: fixed.count..<(fixed.count + changing.count)),
        ]
        return all.filter { !$0.columns.isEmpty }
    }

    // The statements are put together from the constants of this type and nothing else.

    private var fields: String { (fixed + changing).map { "\(table).\($0)" }.joined(separator: ", ") }

    private var statementOfOne: String { "SELECT \(fields) FROM \(table) WHERE id = $1" }

    /// Every row, once for each event about it, with what the event is and what it says at the end.
    var statementOfTold: String {
        """
        SELECT    \(fields), event.what AS told_what, event.facts AS told_facts
        FROM      \(table)
        LEFT JOIN event
        ON        event.object_id = \(table).id
        AND       event.object = '\(object)'
        ORDER BY  \(table).id, event.number
        """
    }

    /// Events about rows that are not there.
    var statementOfMissing: String {
        """
        SELECT   event.object_id, event.what
        FROM     event
        WHERE    event.object = '\(object)'
        AND      NOT EXISTS (SELECT \(table).id
                             FROM   \(table)
                             WHERE  \(table).id = event.object_id)
        ORDER BY event.object_id, event.number
        """
    }
}

/// Columns of a row that one digest is over.
struct VouchedPart: Sendable {
    /// The fact of the event that holds the digest.
    let fact: String
    /// Which rows and columns these are, so that no digest fits another place.
    let place: String
    /// Where the columns are in the row as it is read.
    let columns: Range<Int>

    /// Whether the columns never change once they are vouched for.
    var isFixed: Bool { !fact.hasSuffix("_now") }

    func digest(_ values: [SQLValue], _ keys: Keys) -> String {
        Self.digest(Array(values.prefix(columns.upperBound).dropFirst(columns.lowerBound)), place, keys)
    }

    /// 16 bytes of a keyed digest, as hexadecimal digits: without the key nobody can try what the values were.
    static func digest(_ values: [SQLValue], _ place: String, _ keys: Keys) -> String {
        Hex.encode(Array(keys.textDigest(Hex.encode(RowDigest.encoded(values)), salt: "row\n\(place)").prefix(16)))
    }
}
