import Storage

extension Desk {
    /// Whoever a row says did something is told of by an event of that very moment.
    func verifySignatures(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        for signature in Signature.all {
            var found: [Fault] = []
            try sql.each(signature.statementOfUntold) { row in
                found.append(
                    Fault(
                        check: "signature", object: "\(signature.table)/\(try row.text("object"))",
                        detail: "\(signature.moment): no event tells of it"))
            }
            faults += found.prefix(Desk.verifyFaultsMax)
        }
    }
}

/// Columns of a row that say when something happened, and who did it.
private struct Signature {
    let table: String
    /// The column of the row and the event's column that lead from one to the other.
    let link: (column: String, event: String)
    let moment: String
    /// The column that names the member of staff; nil where it may be anybody.
    var who: String?
    /// Rows that it does not hold for.
    var condition = "1 = 1"
    /// The column that names the row.
    var name = "id"

    static let all = [
        Signature(table: "refund_case", link: ("id", "case_id"), moment: "decided_ms", who: "decided_by"),
        Signature(table: "refund_case", link: ("id", "case_id"), moment: "first_ms", who: "first_by"),
        Signature(table: "refund_case", link: ("id", "case_id"), moment: "submitted_ms"),
        Signature(table: "question", link: ("case_id", "case_id"), moment: "asked_ms", who: "asked_by"),
        Signature(table: "question", link: ("case_id", "case_id"), moment: "answered_ms"),
        Signature(table: "proof", link: ("case_id", "case_id"), moment: "verdict_ms", who: "verdict_by"),
        Signature(table: "note", link: ("id", "object_id"), moment: "created_ms", who: "staff_id"),
        Signature(table: "policy", link: ("id", "object_id"), moment: "proposed_ms", who: "proposed_by"),
        Signature(table: "policy", link: ("id", "object_id"), moment: "decided_ms", who: "decided_by"),
        Signature(table: "joint_proposal", link: ("id", "object_id"), moment: "proposed_ms", who: "proposed_by"),
        Signature(table: "joint_proposal", link: ("id", "object_id"), moment: "decided_ms", who: "decided_by"),
        Signature(table: "block", link: ("id", "object_id"), moment: "opened_ms"),
        Signature(table: "block", link: ("id", "object_id"), moment: "closed_ms"),
        Signature(table: "enquiry", link: ("id", "object_id"), moment: "opened_ms"),
        Signature(
            table: "enquiry", link: ("id", "object_id"), moment: "answered_ms", who: "answered_by",
            condition: "enquiry.answered_by IS NOT NULL"),
        Signature(table: "enquiry", link: ("case_id", "case_id"), moment: "answered_ms"),
        Signature(
            table: "message", link: ("case_id", "case_id"), moment: "created_ms",
            condition: "message.kind NOT IN ('contact-code', 'track-code')"),
        Signature(table: "payee_destination", link: ("movement_id", "object_id"), moment: "created_ms"),
        Signature(table: "attempt", link: ("movement_id", "object_id"), moment: "started_ms", name: "movement_id"),
        Signature(
            table: "posting", link: ("import_id", "object_id"), moment: "created_ms",
            condition: "posting.import_id IS NOT NULL"),
        // A hold may grow bit by bit as funds come in, before its movement goes on.
        Signature(
            table: "posting", link: ("case_id", "case_id"), moment: "created_ms",
            condition: "posting.case_id IS NOT NULL AND posting.kind <> 'P2'"),
    ]

    /// Put together from the constants above and nothing else.
    var statementOfUntold: String {
        """
        SELECT   \(table).\(name) AS object
        FROM     \(table)
        WHERE    \(table).\(moment) IS NOT NULL
        AND      (\(condition))
        AND      NOT EXISTS (SELECT event.number
                             FROM   event
                             WHERE  event.\(link.event) = \(table).\(link.column)
                             AND    event.at_ms = \(table).\(moment)
                             \(who.map { "AND    event.actor_id = \(table).\($0)" } ?? ""))
        ORDER BY \(table).\(name)
        LIMIT    \(Desk.verifyFaultsMax)
        """
    }
}
