import RefundDomain
import Storage

extension Desk {
    /// Whatever waits for a worker has an open job: money that is to be sent, asked about or covered, and a case whose
    /// clock runs. A job that is gone would leave it lying for ever.
    func verifyJobs(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "job",
            """
            SELECT   movement.id AS object, 1 AS kept,
                     (SELECT COUNT(*)
                      FROM   outbox
                      WHERE  outbox.movement_id = movement.id
                      AND    outbox.done_ms IS NULL
                      AND    outbox.kind = CASE movement.state WHEN 'ready' THEN 'send-movement'
                                                               WHEN 'waiting_funds' THEN 'retry-funds'
                                                               ELSE 'query-movement' END)
                     AS counted
            FROM     movement
            WHERE    movement.state IN ('ready', 'waiting_funds', 'sending', 'unknown', 'accepted', 'at_bank',
                                        'needs_payee_action')
            ORDER BY movement.id
            """)
        try verifyRows(
            sql, &faults, check: "job",
            """
            SELECT   outbox.id AS object, 1 AS kept, 0 AS counted
            FROM     outbox
            WHERE    outbox.movement_id IS NOT NULL
            AND      NOT EXISTS (SELECT movement.id
                                 FROM   movement
                                 WHERE  movement.id = outbox.movement_id
                                 AND    movement.case_id = outbox.case_id)
            ORDER BY outbox.id
            """)
        // Cases of the first version have no clock before something happens to them.
        try verifyRows(
            sql, &faults, check: "job",
            """
            SELECT   refund_case.number AS object, 1 AS kept,
                     (SELECT COUNT(*)
                      FROM   outbox
                      WHERE  outbox.case_id = refund_case.id
                      AND    outbox.done_ms IS NULL
                      AND    outbox.kind = CASE refund_case.state WHEN 'info_needed' THEN 'follow-question'
                                                                  WHEN 'counter_offered' THEN 'lapse-offer'
                                                                  WHEN 'declined' THEN 'close-ended'
                                                                  WHEN 'withdrawn' THEN 'close-ended'
                                                                  WHEN 'expired' THEN 'close-ended'
                                                                  ELSE 'escalate' END)
                     AS counted
            FROM     refund_case
            WHERE    refund_case.submitted_ms IS NOT NULL
            AND      refund_case.state NOT IN ('approved', 'closed')
            AND      (refund_case.escalated_ms IS NULL
                      OR refund_case.state NOT IN ('submitted', 'in_review', 'appealed', 'awaiting_second'))
            AND      EXISTS (SELECT event.number
                             FROM   event
                             WHERE  event.case_id = refund_case.id
                             AND    event.object_id = refund_case.id
                             AND    event.version = refund_case.version
                             AND    event.facts LIKE '%case_now=%')
            ORDER BY refund_case.id
            """)
    }

    /// Every file that nobody has looked into to the end is to be looked into.
    func verifyProofJobs(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "job",
            """
            SELECT   proof.id AS object, 1 AS kept,
                     (SELECT COUNT(*)
                      FROM   outbox
                      WHERE  outbox.id = proof.id
                      AND    outbox.case_id = proof.case_id
                      AND    outbox.kind = 'examine-proof'
                      AND    outbox.done_ms IS NULL)
                     AS counted
            FROM     proof
            WHERE    proof.removed_ms IS NULL
            AND      NOT EXISTS (SELECT proof_check.id
                                 FROM   proof_check
                                 WHERE  proof_check.id = proof.id
                                 AND    (proof_check.drawing IS NOT NULL OR proof_check.scan = 'infected'))
            ORDER BY proof.id
            """)
    }

    /// No case lacks the hold that its postings name, and no draft has one.
    func verifyHoldRows(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
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
            sql, &faults, check: "held",
            """
            SELECT   hold.case_id AS object, 1 AS kept, 0 AS counted
            FROM     hold
            WHERE    NOT EXISTS (SELECT refund_case.id
                                 FROM   refund_case
                                 WHERE  refund_case.id = hold.case_id
                                 AND    refund_case.submitted_ms IS NOT NULL)
            ORDER BY hold.case_id
            """)
    }

    /// Every message's address opens where it lies, and the message was sent when its job was done.
    func verifyMessages(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var found: [Fault] = []
        try sql.each(
            """
            SELECT    message.id, message.case_id, message.to_sealed, message.created_ms, message.sent_ms,
                      message.values_sealed, refund_case.merchant_id, outbox.id AS job_id,
                      outbox.case_id AS job_case_id, outbox.created_ms AS job_created_ms, outbox.done_ms
            FROM      message
            LEFT JOIN refund_case
            ON        refund_case.id = message.case_id
            LEFT JOIN outbox
            ON        outbox.message_id = message.id
            ORDER BY  message.id, outbox.id
            """
        ) { row in
            let id = try row.text("id")
            let place = SealPlace(
                "message", "to_sealed", row: id, tenant: try row.textOrNil("merchant_id") ?? "", .contact)
            if (try? seals.open(try row.bytes("to_sealed"), place, sql)) == nil {
                found.append(Fault(check: "message", object: id, detail: "its address does not open"))
            }
            if let detail = try jobFault(row) { found.append(Fault(check: "message", object: id, detail: detail)) }
        }
        try sql.each(
            """
            SELECT   outbox.id
            FROM     outbox
            WHERE    outbox.message_id IS NOT NULL
            AND      NOT EXISTS (SELECT message.id
                                 FROM   message
                                 WHERE  message.id = outbox.message_id)
            ORDER BY outbox.id
            """
        ) { row in
            found.append(Fault(check: "message", object: try row.text("id"), detail: "the job's message is missing"))
        }
        faults += found.prefix(Desk.verifyFaultsMax)
    }

    /// What is off between a message and its job.
    private func jobFault(_ row: SQLRow) throws -> String? {
        guard try row.textOrNil("job_id") != nil else { return "its job is missing" }
        guard try row.text("case_id") == row.textOrNil("job_case_id"),
            try row.int("created_ms") == row.int("job_created_ms")
        else { return "was not written with its job" }
        let (sent, done) = (try row.intOrNil("sent_ms"), try row.intOrNil("done_ms"))
        let isCancelled = try sent == nil && row.bytesOrNil("values_sealed") == nil
        return sent == done || isCancelled ? nil : "was not sent when its job was done"
    }
}
