import RefundDomain
import Storage

extension Desk {
    /// R5: approves a request that was just sent when the merchant's rule fits, in the same transaction; without it the
    /// request waits for a person as usual.
    ///
    /// - Parameter row: the case as it was sent.
    func approveByRule(
        _ row: CaseRow, under policy: Policy, _ plan: Plan, _ message: NewMessage, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        guard policy[.autoMax] != nil, let asked = row.asked, let reason = row.reason,
            let step = RefundCase.transition(.approveByRule, from: row.state, by: .system),
            let payment = try PaymentTable.find(row.paymentID, sql), payment.accountIsReady
        else { return }
        let isFirst = try !wasAskedBefore(row, payment, sql)
        let isStopped = try isStopped(row, sql)
        if let left = try leftOfDay(asked.currency, of: row, at: now, sql), asked > left { return }
        guard policy.approvesAlone(asked, for: reason, isFirst: isFirst, isStopped: isStopped) else { return }
        let rule = "auto:\(policy.version)"
        try sql.run("UPDATE refund_case SET rule = $1 WHERE id = $2", [.text(rule), .text(row.id)])
        let event = NewEvent(
            stream: row.merchantID, actor: .system, what: "case.approved", transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1,
            facts: [
                "approved_minor": String(asked.minor), "asked_minor": String(asked.minor),
                "currency": asked.currency.code, "rule": rule, "reason": reason.rawValue,
                "auto_max_minor": policy[.autoMax].map { String($0) } ?? "", "first": "yes", "stopped": "no",
            ].merging(binding(plan, to: row)) { $1 })
        try EventTable.append(event, at: now, seals, sql)
        try agree(row, on: asked, to: step.to, plan, at: now, sql)
        var told = message
        told.values = ["approved_minor": String(asked.minor)]
        try tell(told, about: row, at: now, sql)
    }

    /// Whether anything of the payment was asked for before, here or elsewhere.
    private func wasAskedBefore(_ row: CaseRow, _ payment: PaymentRow, _ sql: any SQLReading) throws -> Bool {
        if payment.refundCount > 0 || payment.refundedElsewhere.minor > 0 { return true }
        return try sql.row(
            """
            SELECT   id
            FROM     refund_case
            WHERE    payment_id = $1
            AND      id <> $2
            AND      submitted_ms IS NOT NULL
            ORDER BY id
            LIMIT    1
            """, [.text(payment.id), .text(row.id)]) != nil
    }

    /// Whether the case has a flag or anything blocks its payment.
    private func isStopped(_ row: CaseRow, _ sql: any SQLReading) throws -> Bool {
        let flag = try sql.row("SELECT flag FROM refund_case WHERE id = $1", [.text(row.id)])?.textOrNil("flag")
        if flag != nil { return true }
        return try block(of: row.paymentID, sql) != nil
    }
}
