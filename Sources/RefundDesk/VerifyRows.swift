import Storage

extension Desk {
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
}

extension Desk {
    /// A payment counts its movements that take something off it, and knows when the last one was sent.
    func verifySendings(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "payment-movements",
            """
            SELECT   payment.id AS object, payment.movement_count AS kept,
                     (SELECT COUNT(*)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id
                      AND    (movement.state NOT IN ('failed', 'cancelled', 'rerouted', 'given_back', 'given_outside')
                              OR (movement.state = 'failed' AND movement.source = 'returned'
                                  AND NOT EXISTS (SELECT newer.id
                                                  FROM   movement AS newer
                                                  WHERE  newer.replaces_id = movement.id))))
                     AS counted
            FROM     payment
            WHERE    payment.movement_count <> 0
            OR       payment.id IN (SELECT movement.payment_id FROM movement)
            ORDER BY payment.id
            """)
        try verifyRows(
            sql, &faults, check: "payment-sent",
            """
            SELECT   payment.id AS object, COALESCE(payment.last_sent_ms, 0) AS kept,
                     (SELECT COALESCE(MAX(movement.sent_ms), 0)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id)
                     AS counted
            FROM     payment
            WHERE    payment.last_sent_ms IS NOT NULL
            OR       payment.id IN (SELECT movement.payment_id FROM movement)
            ORDER BY payment.id
            """)
    }

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
