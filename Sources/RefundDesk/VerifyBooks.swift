import RefundDomain
import Storage

extension Desk {
    /// Running balances are what the posting lines add up to.
    func verifyBalances(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var sums: [String: Int64] = [:]
        try sql.each(
            """
            SELECT   posting.merchant_id, posting_line.debit_account, posting_line.credit_account,
                     posting_line.currency, SUM(posting_line.amount_minor) AS total_minor
            FROM     posting_line
            JOIN     posting
            ON       posting.id = posting_line.posting_id
            GROUP BY posting.merchant_id, posting_line.debit_account, posting_line.credit_account,
                     posting_line.currency
            ORDER BY posting.merchant_id
            """
        ) { row in
            let merchant = try row.text("merchant_id")
            let currency = try row.text("currency")
            let total = try row.int("total_minor")
            for (column, isDebit) in [("debit_account", true), ("credit_account", false)] {
                guard let account = Account(rawValue: try row.text(column)) else { continue }
                let grows = account.growsByDebit == isDebit
                sums["\(merchant) \(account.rawValue) \(currency)", default: 0] += grows ? total : -total
            }
        }
        var balances: [String: Int64] = [:]
        try sql.each(
            "SELECT merchant_id, account, currency, balance_minor FROM balance ORDER BY merchant_id, account, currency"
        ) { row in
            let name = "\(try row.text("merchant_id")) \(try row.text("account")) \(try row.text("currency"))"
            balances[name] = try row.int("balance_minor")
        }
        for name in Set(sums.keys).union(balances.keys).sorted()
        where sums[name] != balances[name] {
            let detail = "postings \(sums[name] ?? 0), balance \(balances[name].map { String($0) } ?? "missing")"
            faults.append(Fault(check: "balance", object: name, detail: detail))
        }
    }

    /// What is in flight on the books is what movements have sent and not ended.
    func verifyInFlight(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let rows = try sql.rows(
            """
            SELECT   merchant.id, merchant.code,
                     (SELECT COALESCE(SUM(movement.gross_minor), 0)
                      FROM   movement
                      WHERE  movement.merchant_id = merchant.id
                      AND    (movement.state IN ('sending', 'unknown', 'accepted', 'at_bank', 'needs_payee_action')
                              OR (movement.source = 'returned'
                                  AND movement.state IN ('planned', 'waiting_funds', 'ready'))))
                     AS moving_minor,
                     (SELECT COALESCE(SUM(balance.balance_minor), 0)
                      FROM   balance
                      WHERE  balance.merchant_id = merchant.id
                      AND    balance.account = 'refund.in_flight')
                     AS in_flight_minor
            FROM     merchant
            ORDER BY merchant.id
            LIMIT    100000
            """)
        for row in rows where try row.int("moving_minor") != row.int("in_flight_minor") {
            let detail = "movements \(try row.int("moving_minor")), books \(try row.int("in_flight_minor"))"
            faults.append(Fault(check: "in-flight", object: try row.text("code"), detail: detail))
        }
        try verifyRows(
            sql, &faults, check: "in-flight",
            """
            SELECT   movement.id AS object,
                     CASE WHEN movement.state IN ('sending', 'unknown', 'accepted', 'at_bank', 'needs_payee_action')
                            OR (movement.source = 'returned'
                                AND movement.state IN ('planned', 'waiting_funds', 'ready'))
                          THEN movement.gross_minor ELSE 0 END
                     AS kept,
                     (SELECT COALESCE(SUM(CASE WHEN posting_line.credit_account = 'refund.in_flight'
                                               THEN posting_line.amount_minor ELSE -posting_line.amount_minor END), 0)
                      FROM   posting
                      JOIN   posting_line
                      ON     posting_line.posting_id = posting.id
                      WHERE  posting.movement_id = movement.id
                      AND    (posting_line.credit_account = 'refund.in_flight'
                              OR posting_line.debit_account = 'refund.in_flight'))
                     AS counted
            FROM     movement
            ORDER BY movement.id
            """)
    }

    /// What is held on the books is what the holds add up to, and no case that has ended holds anything.
    func verifyHolds(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let rows = try sql.rows(
            """
            SELECT   merchant.id, merchant.code,
                     (SELECT COALESCE(SUM(hold.held_minor), 0)
                      FROM   hold
                      WHERE  hold.merchant_id = merchant.id)
                     AS holds_minor,
                     (SELECT COALESCE(SUM(balance.balance_minor), 0)
                      FROM   balance
                      WHERE  balance.merchant_id = merchant.id
                      AND    balance.account = 'merchant.held')
                     AS held_minor
            FROM     merchant
            ORDER BY merchant.id
            LIMIT    100000
            """)
        for row in rows where try row.int("holds_minor") != row.int("held_minor") {
            let detail = "holds \(try row.int("holds_minor")), books \(try row.int("held_minor"))"
            faults.append(Fault(check: "held", object: try row.text("code"), detail: detail))
        }
        let left = try sql.rows(
            """
            SELECT   refund_case.number
            FROM     hold
            JOIN     refund_case
            ON       refund_case.id = hold.case_id
            WHERE    hold.held_minor > 0
            AND      (refund_case.state IN ('withdrawn', 'expired', 'closed')
                      OR (refund_case.state = 'declined' AND refund_case.approved_minor IS NULL))
            ORDER BY refund_case.id
            LIMIT    1000
            """)
        for row in left {
            faults.append(Fault(check: "held", object: try row.text("number"), detail: "an ended case holds money"))
        }
        try verifyRows(
            sql, &faults, check: "held",
            """
            SELECT   hold.case_id AS object, hold.held_minor AS kept,
                     (SELECT COALESCE(SUM(CASE WHEN posting_line.credit_account = 'merchant.held'
                                               THEN posting_line.amount_minor ELSE -posting_line.amount_minor END), 0)
                      FROM   posting
                      JOIN   posting_line
                      ON     posting_line.posting_id = posting.id
                      WHERE  posting.case_id = hold.case_id
                      AND    (posting_line.credit_account = 'merchant.held'
                              OR posting_line.debit_account = 'merchant.held'))
                     AS counted
            FROM     hold
            ORDER BY hold.case_id
            """)
    }

    /// Each payment's open and refunded amounts are those of its cases and movements (invariant 1).
    func verifyPayments(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "payment-open",
            """
            SELECT   payment.id AS object, payment.open_minor AS kept,
                     (SELECT COALESCE(SUM(refund_case.asked_minor - COALESCE(refund_case.approved_minor, 0)), 0)
                      FROM   refund_case
                      WHERE  refund_case.payment_id = payment.id
                      AND    refund_case.state IN ('submitted', 'in_review', 'info_needed', 'counter_offered',
                                                   'awaiting_second', 'appealed'))
                     +
                     (SELECT COALESCE(SUM(movement.taken_minor), 0)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id
                      AND    (movement.state IN ('planned', 'waiting_funds', 'ready', 'sending', 'unknown',
                                                 'accepted', 'at_bank', 'needs_payee_action', 'returned')
                              OR (movement.state = 'failed'
                                  AND NOT EXISTS (SELECT newer.id
                                                  FROM   movement AS newer
                                                  WHERE  newer.replaces_id = movement.id))))
                     AS counted
            FROM     payment
            WHERE    payment.open_minor <> 0
            OR       payment.id IN (SELECT refund_case.payment_id FROM refund_case)
            ORDER BY payment.id
            """)
        try verifyRows(
            sql, &faults, check: "payment-refunded",
            """
            SELECT   payment.id AS object, payment.refunded_minor AS kept,
                     (SELECT COALESCE(SUM(movement.taken_minor), 0)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id
                      AND    movement.state IN ('succeeded', 'arrived', 'unclaimed'))
                     AS counted
            FROM     payment
            WHERE    payment.refunded_minor <> 0
            OR       payment.id IN (SELECT movement.payment_id FROM movement)
            ORDER BY payment.id
            """)
        try verifyRows(
            sql, &faults, check: "payment-committed",
            """
            SELECT   payment.id AS object, payment.committed_minor AS kept,
                     (SELECT COALESCE(SUM(movement.taken_minor), 0)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id
                      AND    (movement.state NOT IN ('failed', 'cancelled', 'rerouted', 'given_back', 'given_outside')
                              OR (movement.state = 'failed' AND movement.source = 'returned'
                                  AND NOT EXISTS (SELECT newer.id
                                                  FROM   movement AS newer
                                                  WHERE  newer.replaces_id = movement.id))))
                     AS counted
            FROM     payment
            WHERE    payment.committed_minor <> 0
            OR       payment.id IN (SELECT movement.payment_id FROM movement)
            ORDER BY payment.id
            """)
        try verifyRows(
            sql, &faults, check: "payment-fee",
            """
            SELECT   payment.id AS object, payment.fee_given_back_minor AS kept,
                     (SELECT COALESCE(SUM(movement.fee_given_back_minor), 0)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id
                      AND    (movement.state NOT IN ('failed', 'cancelled', 'rerouted', 'given_back', 'given_outside')
                              OR (movement.state = 'failed' AND movement.source = 'returned'
                                  AND NOT EXISTS (SELECT newer.id
                                                  FROM   movement AS newer
                                                  WHERE  newer.replaces_id = movement.id))))
                     AS counted
            FROM     payment
            WHERE    payment.fee_given_back_minor <> 0
            OR       payment.id IN (SELECT movement.payment_id FROM movement)
            ORDER BY payment.id
            """)
    }

    /// P0: what an import posted is what its payments add up to.
    func verifyImports(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "import-sum",
            """
            SELECT   statement_import.id AS object,
                     (SELECT COALESCE(SUM(payment.amount_minor + COALESCE(payment.settlement_minor, 0)), 0)
                      FROM   payment
                      WHERE  payment.import_id = statement_import.id)
                     AS kept,
                     (SELECT COALESCE(SUM(posting_line.amount_minor), 0)
                      FROM   posting_line
                      JOIN   posting
                      ON     posting.id = posting_line.posting_id
                      WHERE  posting.import_id = statement_import.id)
                     AS counted
            FROM     statement_import
            ORDER BY statement_import.id
            """)
    }
}
