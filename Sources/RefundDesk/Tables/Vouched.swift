import Storage
import Vault

/// Rows of one table that the record vouches for: the event that writes such a row carries a keyed digest of it, so
/// that ``Desk/verify()`` finds a row that was changed, taken away or added by somebody else.
///
/// Contents that lie sealed are left out: they guard themselves, and may be erased.
struct Vouched: Sendable {
    let table: String
    /// What its events are about; ``NewEvent/objectID`` is the row's `id`.
    let object: String
    /// Every kind of event that comes with a change of the row.
    let events: Set<String>
    /// Columns that are written once, `id` first. Every event vouches for them.
    let fixed: [String]
    /// Columns that change with an event. The newest one vouches for them.
    var changing: [String] = []
    /// Whether rows begin without an event of these kinds, as drafts do.
    var beginsUnseen = false

    /// The facts that hold the digests.
    static let fixedFact = "row"
    static let changingFact = "row_now"

    static let all = [
        Vouched(
            table: "merchant", object: "merchant", events: ["merchant.added"],
            fixed: ["id", "code", "name", "name_en", "zone", "currency", "created_ms"]),
        Vouched(
            table: "terminal", object: "terminal", events: ["terminal.added"],
            fixed: ["id", "merchant_id", "terminal_no", "family", "refunds", "store", "created_ms"]),
        Vouched(
            table: "channel_account", object: "account", events: ["account.added", "account.changed"],
            fixed: ["id", "merchant_id", "channel", "name", "merchant_number", "callback_name", "created_ms"],
            changing: ["settings_sealed"]),
        Vouched(
            table: "staff", object: "staff", events: ["staff.added"],
            fixed: ["id", "email_index", "role", "merchant_id", "password_hash", "code_sealed", "left_ms", "created_ms"]
        ),
        Vouched(
            table: "statement_import", object: "import", events: ["payments.imported"],
            fixed: [
                "id", "merchant_id", "format", "read_count", "new_count", "known_count", "bad_count", "created_ms",
            ]),
        Vouched(
            table: "refund_case", object: "case", events: ["case.submitted"],
            fixed: [
                "id", "number", "merchant_id", "payment_id", "intake", "look_up", "currency", "asked_minor",
                "submission", "policy_version", "terms_version", "consent_version", "submitted_ms", "created_ms",
            ], beginsUnseen: true),
        Vouched(
            table: "proof", object: "proof", events: ["proof.added"],
            fixed: proofColumns, beginsUnseen: true),
        Vouched(
            table: "note", object: "note", events: ["note.added"],
            fixed: ["id", "case_id", "visibility", "staff_id", "created_ms"]),
        Vouched(
            table: "policy", object: "policy", events: ["policy.proposed", "policy.confirmed", "policy.refused"],
            fixed: ["id", "merchant_id", "number", "rules", "from_on", "proposed_by", "proposed_ms"],
            changing: ["state", "decided_by", "decided_ms"]),
        Vouched(
            table: "joint_proposal", object: "proposal",
            events: ["joint.proposed", "joint.confirmed", "joint.refused"],
            fixed: [
                "id", "merchant_id", "case_id", "movement_id", "action", "facts", "proposed_by", "proposer_role",
                "proposed_ms",
            ], changing: ["state", "decided_by", "decided_ms"]),
        Vouched(
            table: "block", object: "block", events: ["payment.blocked", "payment.unblocked"],
            fixed: [
                "id", "merchant_id", "payment_id", "kind", "reference", "currency", "amount_minor", "opened_by",
                "opened_ms",
            ], changing: ["outcome", "closed_by", "closed_ms"]),
        Vouched(
            table: "enquiry", object: "enquiry",
            events: ["enquiry.not-arrived", "enquiry.wrong-amount", "enquiry.answered"],
            fixed: ["id", "case_id", "movement_id", "kind", "expected_minor", "opened_ms"],
            changing: ["answered_by"]),
    ]

    private static let proofColumns = [
        "id", "case_id", "kind", "media_type", "bytes", "sha256", "stored_name", "uploaded_by", "created_ms",
    ]

    private static let byEvent = Dictionary(
        all.flatMap { vouched in vouched.events.map { ("\(vouched.object) \($0)", vouched) } }
    ) { first, _ in first }

    /// The digests that an event carries of the row it has just written; none for other events.
    static func facts(of event: NewEvent, _ keys: Keys, _ sql: any SQLReading) throws -> [String: String] {
        var facts = try VouchedGroup.facts(of: event, keys, sql)
        guard let vouched = byEvent["\(event.object) \(event.what)"],
            let row = try sql.row(vouched.statementOfOne, [.text(event.objectID)])
        else { return facts }
        let digests = vouched.digests(row, keys)
        facts[fixedFact] = digests.fixed
        facts[changingFact] = digests.changing
        return facts
    }

    func digests(_ row: SQLRow, _ keys: Keys) -> (fixed: String, changing: String?) {
        let values = row.values
        return (
            Self.digest(Array(values.prefix(fixed.count)), "\(table) fixed", keys),
            changing.isEmpty ? nil : Self.digest(Array(values.dropFirst(fixed.count)), "\(table) changing", keys)
        )
    }

    /// 16 bytes of a keyed digest, as hexadecimal digits: without the key nobody can try what the values were.
    static func digest(_ values: [SQLValue], _ place: String, _ keys: Keys) -> String {
        Hex.encode(Array(keys.textDigest(Hex.encode(RowDigest.encoded(values)), salt: "row\n\(place)").prefix(16)))
    }

    // The statements are put together from the constants above and nothing else.
    private var columns: String { (fixed + changing).joined(separator: ", ") }
    private var statementOfOne: String { "SELECT \(columns) FROM \(table) WHERE id = $1" }
    var statementOfAll: String { "SELECT \(columns) FROM \(table) ORDER BY id" }
}

/// Rows of a case that come several at once: an event carries a digest over all that the case had by then.
struct VouchedGroup: Sendable {
    let table: String
    let fact: String
    let events: Set<String>
    /// The case, when the row was written, the row's id, and columns that are written once.
    let columns: [String]

    static let all = [
        VouchedGroup(
            table: "proof", fact: "proofs",
            events: ["case.submitted", "proof.added", "case.answered", "case.appealed", "destination.named"],
            columns: [
                "case_id", "created_ms", "id", "kind", "media_type", "bytes", "sha256", "stored_name", "uploaded_by",
            ]),
        VouchedGroup(
            table: "question", fact: "questions", events: ["case.asked", "case.answered"],
            columns: ["case_id", "asked_ms", "id", "items", "due_on", "asked_by"]),
        VouchedGroup(
            table: "payee_destination", fact: "destinations", events: ["destination.named"],
            columns: ["case_id", "created_ms", "id", "movement_id", "account_last4"]),
    ]

    static func facts(of event: NewEvent, _ keys: Keys, _ sql: any SQLReading) throws -> [String: String] {
        var facts: [String: String] = [:]
        guard let caseID = event.caseID else { return facts }
        for group in all where group.events.contains(event.what) {
            let rows = try sql.rows(group.statementOfCase, [.text(caseID)])
            if !rows.isEmpty { facts[group.fact] = group.digest(rows.map(\.values), keys) }
        }
        return facts
    }

    func digest(_ rows: [[SQLValue]], _ keys: Keys) -> String {
        Vouched.digest(rows.flatMap { $0 }, table, keys)
    }

    /// The most rows of a case that an event vouches for; far above what a case may have.
    static let rowsMax = 10_000

    private var fields: String { columns.joined(separator: ", ") }
    private var order: String { columns.prefix(3).joined(separator: ", ") }
    private var statementOfCase: String {
        "SELECT \(fields) FROM \(table) WHERE case_id = $1 ORDER BY \(order) LIMIT \(Self.rowsMax)"
    }
    var statementOfAll: String { "SELECT \(fields) FROM \(table) ORDER BY \(order)" }
}
