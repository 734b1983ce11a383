import Storage
import Vault

/// Rows of a case that come several at once: an event carries the digests of all that the case had by then.
///
/// One for each row and in no order: servers' clocks differ, so that no row's time says what was there before it.
struct VouchedGroup: Sendable {
    let table: String
    /// The fact that holds the digests of what never changes; the other one's name ends in `_now`.
    let fact: String
    /// Every kind of event that comes with such a row or a change of one.
    let events: Set<String>
    /// Columns that are written once; the last one says when, as the index of the case's rows has it.
    let fixed: [String]
    /// Columns that change with an event. The newest one vouches for them.
    var changing: [String] = []

    static let all = [
        VouchedGroup(
            table: "proof", fact: "proofs",
            events: [
                "case.submitted", "proof.added", "proof.judged", "case.answered", "case.appealed", "destination.named",
            ],
            fixed: [
                "id", "kind", "media_type", "bytes", "sha256", "stored_name", "key_sealed", "uploaded_by",
                "question_id", "created_ms",
            ], changing: ["verdict", "verdict_by", "verdict_ms", "removed_ms"]),
        VouchedGroup(
            table: "proof_page", fact: "pages_drawn", events: ["proof.examined"],
            fixed: [
                "id", "proof_id", "page", "stored_name", "key_sealed", "bytes", "width", "height", "look",
                "created_ms",
            ]),
        VouchedGroup(
            table: "question", fact: "questions", events: ["case.asked", "case.answered", "case.reminded"],
            fixed: ["id", "items", "question_sealed", "due_on", "asked_by", "asked_ms"],
            changing: ["answer_sealed", "answered_ms", "reminders"]),
        VouchedGroup(
            table: "payee_destination", fact: "destinations", events: ["destination.named"],
            fixed: ["id", "movement_id", "details_sealed", "account_last4", "created_ms"]),
    ]

    /// The most rows of a case that an event vouches for; far above what a case may have.
    static let rowsMax = 10_000

    static func facts(of event: NewEvent, _ keys: Keys, _ sql: any SQLReading) throws -> [String: String] {
        var facts: [String: String] = [:]
        guard let caseID = event.caseID else { return facts }
        for group in all where group.events.contains(event.what) {
            let rows = try group.rows(of: caseID, sql)
            guard !rows.isEmpty else { continue }
            facts[group.fact] = group.digestsOfFixed(rows, keys).sorted().joined(separator: ".")
            if !group.changing.isEmpty { facts[group.factNow] = group.digestOfChanging(rows, keys) }
        }
        return facts
    }

    func rows(of caseID: String, _ sql: any SQLReading) throws -> [[SQLValue]] {
        try sql.rows(statementOfCase, [.text(caseID)]).map(\.values)
    }

    var factNow: String { "\(fact)_now" }

    /// The digests that a fact holds.
    static func digests(_ fact: String) -> Set<String> { Set(fact.split(separator: ".").map { String($0) }) }

    func digestsOfFixed(_ rows: [[SQLValue]], _ keys: Keys) -> Set<String> {
        Set(rows.map { VouchedPart.digest(Array($0.prefix(fixed.count)), fact, keys) })
    }

    func digestOfChanging(_ rows: [[SQLValue]], _ keys: Keys) -> String {
        VouchedPart.digest(rows.flatMap { $0.prefix(1) + $0.dropFirst(fixed.count) }, factNow, keys)
    }

    private var written: String { fixed.last ?? "id" }

    // Put together from the constants above and nothing else.
    private var statementOfCase: String {
        """
        SELECT   \((fixed + changing).joined(separator: ", "))
        FROM     \(table)
        WHERE    case_id = $1
        ORDER BY \(written), id
        LIMIT    \(Self.rowsMax)
        """
    }
}
