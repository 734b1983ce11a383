import RefundDomain
import Storage
import Vault

/// What the events of a case say of its rows: every entry about the case, and every change of state of its money,
/// vouches for the case with its hold; one about money also for the movement and its newest attempt.
///
/// All of it is read by one statement. A draft is nobody's word yet: its events carry nothing.
enum VouchedCase {
    /// What is written when a case is submitted and stays.
    private static let fixed = [
        "id", "number", "merchant_id", "payment_id", "intake", "look_up", "reason", "currency", "asked_minor",
        "consent_version", "terms_version", "policy_version", "submission", "submitted_ms", "created_ms",
        "handling_fee_minor", "fee_bearer", "quote_rate", "quote_currency", "quote_minor",
    ]

    private static let changing = [
        "state", "language", "details_sealed", "offered_minor", "approved_minor", "name_sealed", "email_sealed",
        "phone_sealed", "name_index", "email_index", "phone_index", "contact_proved_ms", "link_hash", "link_sealed",
        "assignee_id", "flag", "due_on", "due_exact", "offer_until_ms", "offer_reason", "decline_reason", "remedy",
        "explanation_sealed", "decided_by", "decided_ms", "first_by", "first_ms", "proposed_minor", "rule",
        "undo_until_ms", "appeal_until_ms", "appealed_ms", "escalated_ms",
    ]

    /// What the hold is to cover; how much of it is covered is on the books.
    private static let hold = ["merchant_id", "currency", "cost_minor"]

    /// What is written when a movement is planned and stays.
    private static let planned = [
        "id", "case_id", "payment_id", "merchant_id", "account_id", "sequence", "currency", "gross_minor",
        "fee_given_back_minor", "refund_number", "created_ms", "taken_minor", "cost_currency", "cost_minor",
        "handling_fee_minor", "fee_bearer", "exchange_rate", "exchange_spent_minor", "source", "route",
        "destination_sealed", "replaces_id", "corrects_id",
    ]

    private static let moving = [
        "state", "attempts", "replays", "last_code", "sent_ms", "changed_ms", "expected_from", "expected_on",
        "expected_exact", "overdue_ms", "unknown_since_ms", "arrived_ms", "returned_ms", "return_code",
        "bank_reference",
    ]

    private static let attempt = [
        "movement_id", "number", "request_hash", "started_ms", "ended_ms", "verdict", "code",
    ]

    static let caseParts = parts([("case", fixed.count), ("case_now", changing.count + hold.count)], from: 0)

    static let movementParts = parts([("movement", planned.count), ("movement_now", moving.count)], from: 0)

    /// The fact about one attempt of the event's movement.
    static func attemptPart(_ number: Int64, from start: Int = 0) -> VouchedPart {
        VouchedPart(fact: "attempt_\(number)", place: "attempt", columns: start..<(start + attempt.count))
    }

    private static func parts(_ counts: [(fact: String, count: Int)], from start: Int) -> [VouchedPart] {
        var end = start
        return counts.map { fact, count in
            defer { end += count }
            return VouchedPart(fact: fact, place: fact, columns: end..<(end + count))
        }
    }

    /// Events of a movement that change its row or its attempt without a change of state.
    private static let besides: Set = ["movement.overdue", "movement.contradicted"]

    // MARK: Vouching

    /// The digests that an event of a case carries; nil for other events.
    static func facts(of event: NewEvent, _ keys: Keys, _ sql: any SQLReading) throws -> [String: String]? {
        switch event.object {
        case "case":
            // R1 begins a draft: a look-up need not read it again.
            guard event.transition != "R1", let row = try sql.row(statementOfCase, [.text(event.objectID)]) else {
                return [:]
            }
            return facts(row.values, caseParts, keys)
        case "movement":
            guard event.transition != nil || besides.contains(event.what),
                let row = try sql.row(statementOfMovement, [.text(event.objectID), .text(event.caseID)])
            else { return [:] }
            let start = fixed.count + changing.count + hold.count
            let ofMovement = Array(row.values.dropFirst(start))
            var facts = facts(row.values, caseParts, keys).merging(facts(ofMovement, movementParts, keys)) { $1 }
            let ofAttempt = Array(ofMovement.dropFirst(planned.count + moving.count))
            if case .int(let number) = ofAttempt.dropFirst().first {
                let part = attemptPart(number)
                facts[part.fact] = part.digest(ofAttempt, keys)
            }
            return facts
        default: return nil
        }
    }

    /// What an entry about a movement would say of it and its case now.
    static func today(
        movementID: String, caseID: String, _ keys: Keys, _ sql: any SQLReading
    ) throws -> [String: String] {
        let event = NewEvent(
            stream: "", actor: .system, what: "movement.sending", transition: "M6", object: "movement",
            objectID: movementID, caseID: caseID)
        return try facts(of: event, keys, sql) ?? [:]
    }

    private static func facts(_ values: [SQLValue], _ parts: [VouchedPart], _ keys: Keys) -> [String: String] {
        guard !isDraft(values) else { return [:] }
        return Dictionary(uniqueKeysWithValues: parts.map { ($0.fact, $0.digest(values, keys)) })
    }

    /// Whether the values of a case are those of a draft.
    static func isDraft(_ values: [SQLValue]) -> Bool {
        values.dropFirst(fixed.count).first == .text("draft")
    }

    // MARK: Statements, put together from the constants above and nothing else

    // Every table is found by a value, not by another table's: so the plan is the same while they are empty.

    private static let ofCase = list("refund_case", fixed + changing) + ", " + list("hold", hold)
    private static let ofMovement = list("movement", planned + moving)
    private static let ofAttempt = list("attempt", attempt)

    private static let statementOfCase = """
        SELECT    \(ofCase)
        FROM      refund_case
        LEFT JOIN hold
        ON        hold.case_id = $1
        WHERE     refund_case.id = $1
        """

    private static let statementOfMovement = """
        SELECT    \(ofCase), \(ofMovement), \(ofAttempt)
        FROM      movement
        JOIN      refund_case
        ON        refund_case.id = $2
        LEFT JOIN hold
        ON        hold.case_id = $2
        LEFT JOIN attempt
        ON        attempt.movement_id = $1
        AND       attempt.number = movement.attempts
        WHERE     movement.id = $1
        """

    /// Every case, once for each of its events.
    static let statementOfToldCases = """
        SELECT    \(ofCase), event.what AS told_what, event.facts AS told_facts
        FROM      refund_case
        LEFT JOIN hold
        ON        hold.case_id = refund_case.id
        LEFT JOIN event
        ON        event.case_id = refund_case.id
        ORDER BY  refund_case.id, event.number
        """

    /// Every movement, once for each of its events.
    static let statementOfToldMovements = """
        SELECT    \(ofMovement), event.what AS told_what, event.facts AS told_facts
        FROM      movement
        LEFT JOIN event
        ON        event.object_id = movement.id
        AND       event.object = 'movement'
        ORDER BY  movement.id, event.number
        """

    /// Every attempt, once for each event of its movement.
    static let statementOfToldAttempts = """
        SELECT    \(ofAttempt), event.what AS told_what, event.facts AS told_facts
        FROM      attempt
        LEFT JOIN event
        ON        event.object_id = attempt.movement_id
        AND       event.object = 'movement'
        ORDER BY  attempt.movement_id, attempt.number, event.number
        """

    private static func list(_ table: String, _ columns: [String]) -> String {
        columns.map { "\(table).\($0)" }.joined(separator: ", ")
    }
}
