import RefundDomain
import Storage

extension Desk {
    /// Every row that an event vouches for is as the event says, and none is there that no event tells of.
    ///
    /// Events of earlier versions carry no digest: their rows are only looked for.
    func verifyVouched(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        for vouched in Vouched.all {
            var told = try told(of: vouched, sql)
            var found: [Fault] = []
            let report = { (id: String, detail: String) in
                Fault(check: "row-record", object: "\(vouched.table)/\(id)", detail: detail)
            }
            try sql.each(vouched.statementOfAll) { row in
                let id = try row.text("id")
                guard let said = told.removeValue(forKey: id) else {
                    if !vouched.beginsUnseen { found.append(report(id, "no event tells of it")) }
                    return
                }
                let digests = vouched.digests(row, keys)
                if said.fixed.contains(where: { $0 != digests.fixed }) {
                    found.append(report(id, "differs from the record"))
                } else if let changing = said.changing, changing != digests.changing {
                    found.append(report(id, "was changed since the record's last word"))
                }
            }
            for id in told.keys.sorted() { found.append(report(id, "is in the record and missing")) }
            faults += found.prefix(Desk.verifyFaultsMax)
        }
    }

    private struct Told {
        var fixed: Set<String> = []
        var changing: String?
    }

    private func told(of vouched: Vouched, _ sql: any SQLReading) throws -> [String: Told] {
        var told: [String: Told] = [:]
        try sql.each(
            """
            SELECT   object_id, what, facts
            FROM     event
            WHERE    object = $1
            ORDER BY stream, number
            """, [.text(vouched.object)]
        ) { row in
            guard vouched.events.contains(try row.text("what")) else { return }
            let facts = eventFacts(try row.text("facts"))
            let id = try row.text("object_id")
            if let digest = facts[Vouched.fixedFact] { told[id, default: Told()].fixed.insert(digest) }
            told[id, default: Told()].changing = facts[Vouched.changingFact]
        }
        return told
    }

    /// What a case had when an event vouched for it is all there, unchanged, and nothing was slipped in between.
    func verifyGroups(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        for group in VouchedGroup.all {
            var rows: [String: [(at: Int64, values: [SQLValue])]] = [:]
            try sql.each(group.statementOfAll) { row in
                let at = group.columns.count > 1 ? try row.int(group.columns[1]) : 0
                rows[try row.text("case_id"), default: []].append((at, row.values))
            }
            var found: [Fault] = []
            try sql.each(
                """
                SELECT   case_id, at_ms, what, facts
                FROM     event
                WHERE    case_id IS NOT NULL
                ORDER BY stream, number
                """
            ) { row in
                guard group.events.contains(try row.text("what")),
                    let said = eventFacts(try row.text("facts"))[group.fact]
                else { return }
                let id = try row.text("case_id")
                let at = try row.int("at_ms")
                let then = rows[id, default: []].filter { $0.at <= at }.map(\.values)
                guard group.digest(then, keys) != said else { return }
                found.append(
                    Fault(check: "row-record", object: "\(group.table) of \(id)", detail: "differ from the record"))
            }
            faults += found.prefix(Desk.verifyFaultsMax)
        }
    }

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
        Signature(
            table: "proof", link: ("case_id", "case_id"), moment: "created_ms",
            condition: """
                (SELECT refund_case.submitted_ms FROM refund_case WHERE refund_case.id = proof.case_id)
                < proof.created_ms
                """),
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
        Signature(table: "payee_destination", link: ("movement_id", "object_id"), moment: "created_ms"),
        Signature(table: "attempt", link: ("movement_id", "object_id"), moment: "started_ms", name: "movement_id"),
        Signature(
            table: "posting", link: ("import_id", "object_id"), moment: "created_ms",
            condition: "posting.import_id IS NOT NULL"),
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
