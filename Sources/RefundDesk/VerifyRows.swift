import Storage

extension Desk {
    /// The payments and refunds of every import are those that its event tells of.
    func verifyImportedRows(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let payments = try digests(
            of: """
                SELECT id, merchant_id, channel, paid_at_ms, paid_on, currency, amount_minor, created_ms,
                       import_id
                FROM   payment
                WHERE  import_id IS NOT NULL
                """, sql)
        let refunds = try digests(
            of: """
                SELECT id, merchant_id, channel, refund_key, movement_id, amount_minor, currency, status, created_ms,
                       import_id
                FROM   statement_refund
                """, sql)
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   object_id, facts
            FROM     event
            WHERE    object = 'import'
            AND      what = 'payments.imported'
            ORDER BY stream, number
            """
        ) { row in
            let id = try row.text("object_id")
            let facts = eventFacts(try row.text("facts"))
            for (name, digests) in [("payments", payments), ("refunds", refunds)] {
                guard let told = facts[name], told != VouchedImport.text(digests[id] ?? RowDigest()) else { continue }
                found.append(Fault(check: "import-rows", object: id, detail: "\(name) differ from the record"))
            }
        }
        faults += found.prefix(Desk.verifyFaultsMax)
    }

    /// The digests of rows by their import, which is the last column.
    private func digests(of statement: String, _ sql: any SQLReading) throws -> [String: RowDigest] {
        var digests: [String: RowDigest] = [:]
        try sql.each(statement) { row in
            digests[try row.text("import_id"), default: RowDigest()].add(Array(row.values.dropLast()))
        }
        return digests
    }

    /// A movement has as many attempts as it was sent, numbered from 1.
    func verifyAttempts(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "attempts",
            """
            SELECT   movement.id AS object, movement.attempts AS kept,
                     (SELECT COUNT(*)
                      FROM   attempt
                      WHERE  attempt.movement_id = movement.id
                      AND    attempt.number <= movement.attempts)
                     AS counted
            FROM     movement
            ORDER BY movement.id
            """)
        try verifyRows(
            sql, &faults, check: "attempts",
            """
            SELECT   attempt.movement_id AS object, attempt.number AS kept, movement.attempts AS counted
            FROM     attempt
            JOIN     movement
            ON       movement.id = attempt.movement_id
            WHERE    attempt.number > movement.attempts
            ORDER BY attempt.movement_id, attempt.number
            """)
    }

    /// No case lacks the hold that its postings name, and no job waits for a message that is gone.
    func verifyJobs(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "held",
            """
            SELECT   refund_case.number AS object, 0 AS kept, 1 AS counted
            FROM     refund_case
            WHERE    NOT EXISTS (SELECT hold.case_id
                                 FROM   hold
                                 WHERE  hold.case_id = refund_case.id)
            AND      EXISTS (SELECT posting.id
                             FROM   posting
                             WHERE  posting.case_id = refund_case.id
                             AND    posting.kind = 'P1')
            ORDER BY refund_case.id
            """)
        try verifyRows(
            sql, &faults, check: "message",
            """
            SELECT   outbox.id AS object, 0 AS kept, 1 AS counted
            FROM     outbox
            WHERE    outbox.message_id IS NOT NULL
            AND      NOT EXISTS (SELECT message.id
                                 FROM   message
                                 WHERE  message.id = outbox.message_id)
            ORDER BY outbox.id
            """)
        try verifyRows(
            sql, &faults, check: "message",
            """
            SELECT   message.id AS object, 0 AS kept, 1 AS counted
            FROM     message
            WHERE    message.sent_ms IS NULL
            AND      message.id NOT IN (SELECT outbox.message_id
                                        FROM   outbox
                                        WHERE  outbox.message_id IS NOT NULL)
            ORDER BY message.id
            """)
    }
}

extension Desk {
    /// Every key of data opens, and every merchant has one of each class.
    func verifyKeys(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var found: [Fault] = []
        var there: Set<String> = []
        try sql.each(
            """
            SELECT   id, kek_id, wrapped, tenant, class, retired_ms
            FROM     data_key
            ORDER BY id
            """
        ) { row in
            if (try? seals.dataKey(row)) == nil {
                found.append(Fault(check: "data-key", object: String(try row.int("id")), detail: "does not open"))
            }
            guard try row.intOrNil("retired_ms") == nil else { return }
            there.insert("\(try row.text("tenant"))/\(try row.text("class"))")
        }
        let merchants = try sql.rows("SELECT id FROM merchant ORDER BY id LIMIT 100000").map { try $0.text("id") }
        let isStaffed = try sql.row("SELECT id FROM staff LIMIT 1") != nil
        for tenant in merchants + (isStaffed ? [SealPlace.operatorTenant] : []) {
            for kind in SealClass.allCases where !there.contains("\(tenant)/\(kind.rawValue)") {
                found.append(Fault(check: "data-key", object: "\(tenant)/\(kind.rawValue)", detail: "is missing"))
            }
        }
        faults += found.prefix(Desk.verifyFaultsMax)
    }

    /// An approved case stands at the amount that its newest approval names.
    func verifyDecisions(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var told: [String: String] = [:]
        try sql.each(
            """
            SELECT   object_id, facts
            FROM     event
            WHERE    object = 'case'
            AND      transition IS NOT NULL
            ORDER BY stream, number
            """
        ) { row in
            guard let amount = eventFacts(try row.text("facts"))["approved_minor"] else { return }
            told[try row.text("object_id")] = amount
        }
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   id, number, approved_minor
            FROM     refund_case
            WHERE    state = 'approved'
            ORDER BY id
            """
        ) { row in
            let amount = String(try row.int("approved_minor"))
            guard let said = told[try row.text("id")], said != amount else { return }
            found.append(
                Fault(
                    check: "decision", object: try row.text("number"), detail: "approved \(amount), recorded \(said)"))
        }
        faults += found.prefix(Desk.verifyFaultsMax)
    }
}
