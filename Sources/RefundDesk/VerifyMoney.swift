import RefundDomain
import Storage

/// Money that came back, is disputed, or went another way: the books against the rows that say so.
extension Desk {
    func verifyReturned(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "returned",
            """
            SELECT   merchant.code AS object,
                     (SELECT COALESCE(SUM(movement.gross_minor), 0)
                      FROM   movement
                      WHERE  movement.merchant_id = merchant.id
                      AND    (movement.state = 'returned'
                              OR (movement.state = 'failed' AND movement.source = 'returned'
                                  AND NOT EXISTS (SELECT newer.id
                                                  FROM   movement AS newer
                                                  WHERE  newer.replaces_id = movement.id))))
                     AS counted,
                     (SELECT COALESCE(SUM(balance.balance_minor), 0)
                      FROM   balance
                      WHERE  balance.merchant_id = merchant.id
                      AND    balance.account = 'payee.returned')
                     AS kept
            FROM     merchant
            ORDER BY merchant.id
            """)
        try verifyRows(
            sql, &faults, check: "unclaimed",
            """
            SELECT   merchant.code AS object,
                     (SELECT COALESCE(SUM(movement.gross_minor), 0)
                      FROM   movement
                      WHERE  movement.merchant_id = merchant.id
                      AND    movement.state = 'unclaimed')
                     AS counted,
                     (SELECT COALESCE(SUM(balance.balance_minor), 0)
                      FROM   balance
                      WHERE  balance.merchant_id = merchant.id
                      AND    balance.account = 'unclaimed')
                     AS kept
            FROM     merchant
            ORDER BY merchant.id
            """)
        let closed = try sql.rows(
            """
            SELECT   refund_case.number
            FROM     refund_case
            JOIN     movement
            ON       movement.case_id = refund_case.id
            WHERE    refund_case.state = 'closed'
            AND      movement.state = 'returned'
            ORDER BY refund_case.id, movement.id
            LIMIT    1000
            """)
        for row in closed {
            let detail = "closed, and money of it lies here"
            faults.append(Fault(check: "returned", object: try row.text("number"), detail: detail))
        }
    }

    func verifyDisputes(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "dispute-hold",
            """
            SELECT   merchant.code AS object,
                     (SELECT COALESCE(SUM(block.held_minor), 0)
                      FROM   block
                      WHERE  block.merchant_id = merchant.id
                      AND    block.closed_ms IS NULL)
                     AS counted,
                     (SELECT COALESCE(SUM(balance.balance_minor), 0)
                      FROM   balance
                      WHERE  balance.merchant_id = merchant.id
                      AND    balance.account = 'merchant.dispute_hold')
                     AS kept
            FROM     merchant
            ORDER BY merchant.id
            """)
        try verifyRows(
            sql, &faults, check: "payment-disputed",
            """
            SELECT   payment.id AS object, payment.disputed_minor AS kept,
                     (SELECT COALESCE(SUM(block.counted_minor), 0)
                      FROM   block
                      WHERE  block.payment_id = payment.id
                      AND    block.closed_ms IS NULL)
                     AS counted
            FROM     payment
            WHERE    payment.disputed_minor <> 0
            OR       payment.id IN (SELECT block.payment_id FROM block)
            ORDER BY payment.id
            """)
    }

    /// What was refunded without the channel: paid outside, lost to a dispute, and what statements tell of. A
    /// statement's refund that was more than was left is not counted, so that only a range is known.
    func verifyElsewhere(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   payment.id, payment.refunded_elsewhere_minor,
                     (SELECT COALESCE(SUM(movement.taken_minor), 0)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id
                      AND    movement.state = 'given_outside')
                     +
                     (SELECT COALESCE(SUM(block.counted_minor), 0)
                      FROM   block
                      WHERE  block.payment_id = payment.id
                      AND    block.outcome = 'lost')
                     AS known_minor,
                     (SELECT COALESCE(SUM(statement_refund.amount_minor), 0)
                      FROM   statement_refund
                      WHERE  statement_refund.payment_id = payment.id
                      AND    statement_refund.movement_id IS NULL
                      AND    statement_refund.status <> 'failed')
                     AS told_minor
            FROM     payment
            WHERE    payment.refunded_elsewhere_minor <> 0
            OR       payment.id IN (SELECT movement.payment_id FROM movement)
            OR       payment.id IN (SELECT block.payment_id FROM block)
            ORDER BY payment.id
            """
        ) { row in
            let kept = try row.int("refunded_elsewhere_minor")
            let known = try row.int("known_minor")
            let most = try known + row.int("told_minor")
            guard kept < known || kept > most, found.count < Desk.verifyFaultsMax else { return }
            let detail = "kept \(kept), between \(known) and \(most) are known"
            found.append(Fault(check: "payment-elsewhere", object: try row.text("id"), detail: detail))
        }
        faults += found
    }

    /// What replaces or corrects a movement is of its case, and no movement is replaced twice.
    func verifyLinks(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let wrong = try sql.rows(
            """
            SELECT   movement.id
            FROM     movement
            LEFT JOIN movement AS replaced
            ON       replaced.id = movement.replaces_id
            LEFT JOIN movement AS corrected
            ON       corrected.id = movement.corrects_id
            WHERE    (movement.replaces_id IS NOT NULL
                      AND (replaced.id IS NULL OR replaced.case_id <> movement.case_id
                           OR replaced.state NOT IN ('failed', 'rerouted')))
            OR       (movement.corrects_id IS NOT NULL
                      AND (corrected.id IS NULL OR corrected.case_id <> movement.case_id))
            OR       EXISTS (SELECT twin.id
                             FROM   movement AS twin
                             WHERE  twin.replaces_id = movement.replaces_id
                             AND    twin.id <> movement.id)
            ORDER BY movement.id
            LIMIT    1000
            """)
        for row in wrong {
            let detail = "replaces or corrects what it cannot"
            faults.append(Fault(check: "movement-link", object: try row.text("id"), detail: detail))
        }
    }
}
