import Storage
import Vault

/// Rows of a case that come several at once: an event carries digests over all that the case had by then.
struct VouchedGroup: Sendable {
    let table: String
    /// The fact that holds the digest of what never changes; the other one's name ends in `_now`.
    let fact: String
    let events: Set<String>
    /// When a row was written.
    let moment: String
    /// Columns that are written once.
    let fixed: [String]
    /// Columns that change with an event. The newest one vouches for them.
    var changing: [String] = []

    static let all = [
        VouchedGroup(
            table: "proof", fact: "proofs",
            events: [
                "case.submitted", "proof.added", "proof.judged", "case.answered", "case.appealed", "destination.named",
            ],
            moment: "created_ms",
            fixed: [
                "id", "kind", "media_type", "bytes", "sha256", "stored_name", "key_sealed", "uploaded_by",
                "question_id",
            ], changing: ["verdict", "verdict_by", "verdict_ms", "removed_ms"]),
        VouchedGroup(
            table: "question", fact: "questions", events: ["case.asked", "case.answered", "case.reminded"],
            moment: "asked_ms", fixed: ["id", "items", "question_sealed", "due_on", "asked_by"],
            changing: ["answer_sealed", "answered_ms", "reminders"]),
        VouchedGroup(
            table: "payee_destination", fact: "destinations", events: ["destination.named"], moment: "created_ms",
            fixed: ["id", "movement_id", "details_sealed", "account_last4"]),
    ]

    /// The most rows of a case that an event vouches for; far above what a case may have.
    static let rowsMax = 10_000

    static func facts(of event: NewEvent, _ keys: Keys, _ sql: any SQLReading) throws -> [String: String] {
        var facts: [String: String] = [:]
        guard let caseID = event.caseID else { return facts }
        for group in all where group.events.contains(event.what) {
            let rows = try group.rows(of: caseID, sql)
            if !rows.isEmpty { facts.merge(group.digests(rows.map(\.values), keys)) { $1 } }
        }
        return facts
    }

    /// The rows of a case with their moments, oldest first.
    func rows(of caseID: String, _ sql: any SQLReading) throws -> [(at: Int64, values: [SQLValue])] {
        try sql.rows(statementOfCase, [.text(caseID)]).map { (try $0.int(moment), $0.values) }
    }

    func digests(_ rows: [[SQLValue]], _ keys: Keys) -> [String: String] {
        var digests = [fact: digestOfFixed(rows, keys)]
        if !changing.isEmpty { digests[factNow] = digestOfChanging(rows, keys) }
        return digests
    }

    var factNow: String { "\(fact)_now" }

    func digestOfFixed(_ rows: [[SQLValue]], _ keys: Keys) -> String {
        VouchedPart.digest(rows.flatMap { $0.prefix(fixed.count + 1) }, fact, keys)
    }

    func digestOfChanging(_ rows: [[SQLValue]], _ keys: Keys) -> String {
        VouchedPart.digest(rows.flatMap { $0.dropFirst(fixed.count + 1) }, factNow, keys)
    }

    // Put together from the constants above and nothing else.
    private var statementOfCase: String {
        """
        SELECT   \(([moment] + fixed + changing).joined(separator: ", "))
        FROM     \(table)
        WHERE    case_id = $1
        ORDER BY \(moment), id
        LIMIT    \(Self.rowsMax)
        """
    }
}
