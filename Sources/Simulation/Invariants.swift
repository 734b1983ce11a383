import RefundDesk
import RefundDomain
import SandboxBank
import Storage

/// What must hold after every step, of the cases that the step changed.
extension World {
    /// A case, its payment and its money, as they lie in the database.
    private struct Look: Sendable {
        let number: String
        let state: String
        let paymentID: String
        let transaction: String
        let captured: Int64
        /// Refunded elsewhere, refunded and open.
        let used: Int64
        let held: Int64
        /// What the postings say is held.
        let heldByPostings: Int64
        /// What is ready to be sent from it.
        let ready: Int64
        /// All movements of the payment.
        let movements: [Money]

        struct Money: Sendable {
            let id: String
            let number: String
            let gross: Int64
            let state: String
            let merchantNumber: String
        }
    }

    /// Movements that took, or may still take, their amount from the payment.
    private static let counting: Set<String> = [
        "planned", "waiting_funds", "ready", "sending", "unknown", "accepted", "at_bank", "needs_payee_action",
        "succeeded", "arrived", "returned", "unclaimed",
    ]

    /// Looks at every case that changed; returns what the trace says of them.
    func lookAtTouched() async -> String {
        let touched = ledger.touched.sorted()
        ledger.touched = []
        var told = ""
        for id in touched {
            do {
                guard let look = try await look(id) else { continue }
                judge(look)
                let states = look.movements.map(\.state).joined(separator: " ")
                told += " | \(look.number) \(look.state), \(look.used) of \(look.captured) \(states)"
            } catch {
                violation("look", "\(error)")
            }
        }
        await judgeNewPayouts()
        return told
    }

    private func judge(_ look: Look) {
        if look.used > look.captured {
            violation("captured", "\(look.number): \(look.used) of \(look.captured) is refunded or open")
        }
        let moving = look.movements.filter { World.counting.contains($0.state) }.reduce(0) { $0 + $1.gross }
        if moving > look.captured {
            violation("captured", "\(look.number): movements of \(moving) for a payment of \(look.captured)")
        }
        if look.held < 0 || look.held != look.heldByPostings {
            violation("held", "\(look.number): \(look.held) is held, \(look.heldByPostings) by the postings")
        }
        if look.held < look.ready {
            violation("held", "\(look.number): \(look.held) is held, \(look.ready) is ready to be sent from it")
        }
        for movement in look.movements { judge(movement, look) }
    }

    private func judge(_ movement: Look.Money, _ look: Look) {
        let fixed = "\(movement.number) for \(movement.gross)"
        let first = ledger.movements[movement.id] ?? fixed
        ledger.movements[movement.id] = first
        if first != fixed { violation("fixed", "a movement was \(first) and is \(fixed)") }
        let payout = line.till.payout(movement.number, of: movement.merchantNumber, now: clock.bank)
        if let payout, payout.amount != movement.gross || payout.payment != "transaction:\(look.transaction)" {
            violation("payout", "\(look.number): the bank pays \(payout), the movement is \(fixed)")
        }
        switch movement.state {
        case "succeeded" where payout?.status != "SUCCESS", "arrived" where payout?.status != "SUCCESS":
            violation("succeeded", "\(look.number): the bank says \(payout?.status ?? "nothing") of \(fixed)")
        case "failed" where payout != nil && payout?.status != "CLOSED":
            violation("failed", "\(look.number): the bank says \(payout?.status ?? "nothing") of \(fixed)")
        case "cancelled" where payout != nil:
            violation("cancelled", "\(look.number): the bank pays \(fixed)")
        default: break
        }
    }

    /// Every refund that the bank took on belongs to one movement of ours, and those of a payment are within it.
    private func judgeNewPayouts() async {
        let payouts = line.till.payouts(now: clock.bank, after: line.payoutsSeen)
        line.payoutsSeen += payouts.count
        for payout in payouts {
            do {
                let count = try await honest.read { sql in
                    try sql.row(
                        "SELECT COUNT(*) AS found FROM movement WHERE refund_number = $1", [.text(payout.number)]
                    )?.int("found")
                }
                if count != 1 { violation("payout", "the bank pays \(payout), which no movement of ours is") }
            } catch {
                violation("look", "\(error)")
            }
        }
    }

    private func look(_ id: String) async throws -> Look? {
        try await honest.read { sql in
            guard
                let row = try sql.row(
                    """
                    SELECT refund_case.number, refund_case.state, payment.id AS payment_id,
                           payment.channel_transaction_no, payment.amount_minor,
                           payment.refunded_elsewhere_minor + payment.refunded_minor + payment.open_minor AS used_minor,
                           (SELECT COALESCE(SUM(hold.held_minor), 0)
                            FROM   hold
                            WHERE  hold.case_id = refund_case.id)
                           AS held_minor,
                           (SELECT COALESCE(SUM(CASE WHEN posting_line.credit_account = 'merchant.held'
                                                     THEN posting_line.amount_minor
                                                     ELSE -posting_line.amount_minor END), 0)
                            FROM   posting
                            JOIN   posting_line
                            ON     posting_line.posting_id = posting.id
                            WHERE  posting.case_id = refund_case.id
                            AND    (posting_line.credit_account = 'merchant.held'
                                    OR posting_line.debit_account = 'merchant.held'))
                           AS posted_minor,
                           (SELECT COALESCE(SUM(movement.cost_minor), 0)
                            FROM   movement
                            WHERE  movement.case_id = refund_case.id
                            AND    movement.state = 'ready'
                            AND    movement.source = 'hold')
                           AS ready_minor
                    FROM   refund_case
                    JOIN   payment
                    ON     payment.id = refund_case.payment_id
                    WHERE  refund_case.id = $1
                    """, [.text(id)])
            else { return nil }
            return Look(
                number: try row.text("number"), state: try row.text("state"), paymentID: try row.text("payment_id"),
                transaction: try row.text("channel_transaction_no"), captured: try row.int("amount_minor"),
                used: try row.int("used_minor"), held: try row.int("held_minor"),
                heldByPostings: try row.int("posted_minor"), ready: try row.int("ready_minor"),
                movements: try World.movements(ofPayment: try row.text("payment_id"), sql))
        }
    }

    private static func movements(ofPayment id: String, _ sql: any SQLReading) throws -> [Look.Money] {
        try sql.rows(
            """
            SELECT   movement.id, movement.refund_number, movement.gross_minor, movement.state,
                     channel_account.merchant_number
            FROM     movement
            JOIN     channel_account
            ON       channel_account.id = movement.account_id
            WHERE    movement.payment_id = $1
            ORDER BY movement.created_ms, movement.id
            LIMIT    1000
            """, [.text(id)]
        ).map { row in
            Look.Money(
                id: try row.text("id"), number: try row.text("refund_number"), gross: try row.int("gross_minor"),
                state: try row.text("state"), merchantNumber: try row.text("merchant_number"))
        }
    }

    /// Everything that `verify` recomputes, and the bank's refunds of each payment against what was paid.
    func lookAtAll() async {
        do {
            for fault in try await server().verify() {
                violation("verify", "\(fault.check) \(fault.object): \(fault.detail)")
            }
            try await lookAtPeople()
        } catch {
            violation("look", "\(error)")
        }
        var paid: [String: Int64] = [:]
        for payout in line.till.payouts(now: clock.bank) where payout.status != "CLOSED" {
            let name = "\(payout.merchant) \(payout.payment)"
            paid[name, default: 0] += payout.amount
            if paid[name, default: 0] > payout.total { violation("payout", "\(name): above \(payout.total)") }
        }
    }
}

/// A worker that lost its claim to another changes nothing.
extension World {
    /// Everything that a job's verb could change, as one text; nil when there is no doubt about the claim or it is
    /// still the process's own.
    func claimPrint(_ claim: Life.Claim?) async throws -> String? {
        guard let claim else { return nil }
        return try await honest.read { sql in
            guard
                let row = try sql.row(
                    """
                    SELECT outbox.lease, outbox.lease_until_ms, outbox.not_before_ms, outbox.done_ms, movement.state,
                           movement.attempts, movement.replays, movement.queries, refund_case.version,
                           message.sent_ms,
                           (SELECT COUNT(*) FROM posting WHERE posting.case_id = outbox.case_id) AS postings
                    FROM   outbox
                    LEFT JOIN movement
                    ON     movement.id = outbox.movement_id
                    LEFT JOIN refund_case
                    ON     refund_case.id = outbox.case_id
                    LEFT JOIN message
                    ON     message.id = outbox.message_id
                    WHERE  outbox.id = $1
                    """, [.text(claim.job)]), try row.int("lease") != claim.lease
            else { return nil }
            return row.values.map { "\($0)" }.joined(separator: " ")
        }
    }

    /// Compares what a write under a lost claim left behind with what was there.
    func compare(_ claim: Life.Claim?, _ before: String?, _ life: Life) async throws {
        guard let before, let claim else { return }
        ledger.count("went on without its claim")
        let after = try await claimPrint(claim)
        guard after != before else { return }
        violation("claim", "\(life.name) changed what another now has to do: \(before) → \(after ?? "done")")
    }
}
