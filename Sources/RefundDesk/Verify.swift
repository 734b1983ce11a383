import RefundDomain
import Storage
import Vault

/// Something that does not hold, found by ``Desk/verify()``.
public struct Fault: Sendable, Hashable {
    /// Which check found it, for example `audit-chain`.
    public let check: String
    /// The row it is about.
    public let object: String
    public let detail: String
}

extension Desk {
    /// Recomputes the audit chain, the books and the invariants of `docs/lifecycle.md`; only reads.
    ///
    /// - Returns: what does not hold, at most ``verifyFaultsMax``; empty when everything does.
    public func verify() async throws -> [Fault] {
        try await store.read { sql in
            var faults: [Fault] = []
            try verifyChain(sql, &faults)
            try verifyBalances(sql, &faults)
            try verifyInFlight(sql, &faults)
            try verifyHolds(sql, &faults)
            try verifyPayments(sql, &faults)
            try verifyImports(sql, &faults)
            try verifyTransitions(sql, &faults)
            return Array(faults.prefix(Desk.verifyFaultsMax))
        }
    }

    /// The most faults that are listed.
    public static let verifyFaultsMax = 1000

    /// Every event hashes over the one before it and over its own fields, and the head names the last one.
    private func verifyChain(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var heads: [String: (number: Int64, hash: [UInt8])] = [:]
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   stream, number, at_ms, actor, actor_id, role, what, transition, object, object_id, case_id,
                     version, facts, visibility, text_sealed, text_digest, previous_hash, hash
            FROM     event
            ORDER BY stream, number
            """
        ) { row in
            let stream = try row.text("stream")
            let number = try row.int("number")
            let head = heads[stream] ?? (0, EventTable.firstHash)
            let hash = EventTable.hash(of: try fields(row), after: head.hash)
            if number != head.number + 1 {
                found.append(Fault(check: "audit-chain", object: "\(stream)/\(number)", detail: "gap before it"))
            }
            if try row.bytes("previous_hash") != head.hash || row.bytes("hash") != hash {
                found.append(Fault(check: "audit-chain", object: "\(stream)/\(number)", detail: "hash differs"))
            }
            if try isTextChanged(row, stream: stream, number: number, sql) {
                found.append(Fault(check: "audit-text", object: "\(stream)/\(number)", detail: "text differs"))
            }
            heads[stream] = (number, try row.bytes("hash"))
        }
        try sql.each("SELECT stream, number, hash FROM stream_head ORDER BY stream") { row in
            let stream = try row.text("stream")
            let last = heads[stream] ?? (0, EventTable.firstHash)
            if try last.number != row.int("number") || last.hash != row.bytes("hash") {
                found.append(Fault(check: "audit-chain", object: stream, detail: "the end is missing"))
            }
        }
        faults += found
    }

    private func fields(_ row: SQLRow) throws -> [String] {
        [
            try row.text("stream"), String(try row.int("number")), String(try row.int("at_ms")),
            try row.text("actor"), try row.textOrNil("actor_id") ?? "", try row.textOrNil("role") ?? "",
            try row.text("what"), try row.textOrNil("transition") ?? "", try row.text("object"),
            try row.text("object_id"), try row.textOrNil("case_id") ?? "",
            try row.intOrNil("version").map { String($0) } ?? "", try row.text("facts"),
            try row.text("visibility"), try row.bytesOrNil("text_digest").map { Hex.encode($0) } ?? "",
        ]
    }

    private func isTextChanged(
        _ row: SQLRow, stream: String, number: Int64, _ sql: any SQLReading
    ) throws -> Bool {
        guard let sealed = try row.bytesOrNil("text_sealed"), let digest = try row.bytesOrNil("text_digest") else {
            return false
        }
        let place = SealPlace("event", "text", row: "\(stream)/\(number)", tenant: stream, .words)
        guard let text = try? seals.openText(sealed, place, sql) else { return true }
        return keys.textDigest(text, salt: "\(stream)/\(number)") != digest
    }

    /// Running balances are what the posting lines add up to.
    private func verifyBalances(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
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
        where sums[name, default: 0] != balances[name, default: 0] {
            let detail = "postings \(sums[name, default: 0]), balance \(balances[name, default: 0])"
            faults.append(Fault(check: "balance", object: name, detail: detail))
        }
    }

    /// What is in flight on the books is what movements have sent and not ended.
    private func verifyInFlight(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let rows = try sql.rows(
            """
            SELECT   merchant.id, merchant.code,
                     (SELECT COALESCE(SUM(movement.gross_minor), 0)
                      FROM   movement
                      WHERE  movement.merchant_id = merchant.id
                      AND    movement.state IN ('sending', 'unknown', 'accepted', 'at_bank', 'needs_payee_action'))
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
    }

    /// What is held on the books is what the holds add up to, and no case that has ended holds anything.
    private func verifyHolds(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
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
            AND      refund_case.state IN ('declined', 'withdrawn', 'closed')
            ORDER BY refund_case.id
            LIMIT    1000
            """)
        for row in left {
            faults.append(Fault(check: "held", object: try row.text("number"), detail: "an ended case holds money"))
        }
    }

    /// Each payment's open and refunded amounts are those of its cases and movements (invariant 1).
    private func verifyPayments(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "payment-open",
            """
            SELECT   payment.id AS object, payment.open_minor AS kept,
                     (SELECT COALESCE(SUM(CASE WHEN refund_case.state = 'approved' THEN refund_case.approved_minor
                                               ELSE refund_case.asked_minor END), 0)
                      FROM   refund_case
                      WHERE  refund_case.payment_id = payment.id
                      AND    refund_case.state IN ('submitted', 'in_review', 'info_needed', 'counter_offered',
                                                   'approved'))
                     -
                     (SELECT COALESCE(SUM(movement.gross_minor), 0)
                      FROM   movement
                      JOIN   refund_case
                      ON     refund_case.id = movement.case_id
                      WHERE  movement.payment_id = payment.id
                      AND    movement.state = 'succeeded'
                      AND    refund_case.state = 'approved')
                     AS counted
            FROM     payment
            WHERE    payment.id IN (SELECT refund_case.payment_id FROM refund_case)
            ORDER BY payment.id
            """)
        try verifyRows(
            sql, &faults, check: "payment-refunded",
            """
            SELECT   payment.id AS object, payment.refunded_minor AS kept,
                     (SELECT COALESCE(SUM(movement.gross_minor), 0)
                      FROM   movement
                      WHERE  movement.payment_id = payment.id
                      AND    movement.state = 'succeeded')
                     AS counted
            FROM     payment
            WHERE    payment.id IN (SELECT refund_case.payment_id FROM refund_case)
            ORDER BY payment.id
            """)
    }

    /// P0: what an import posted is what its payments add up to.
    private func verifyImports(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "import-sum",
            """
            SELECT   statement_import.id AS object,
                     (SELECT COALESCE(SUM(payment.amount_minor), 0)
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

    /// Every change of state is in the record exactly once: as many events of a state as rows that reached it (8).
    private func verifyTransitions(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        try verifyRows(
            sql, &faults, check: "transition-record",
            """
            SELECT   movement.id AS object, movement.attempts AS kept,
                     (SELECT COUNT(*)
                      FROM   event
                      WHERE  event.object_id = movement.id
                      AND    event.transition = 'M6')
                     AS counted
            FROM     movement
            ORDER BY movement.id
            """)
        try verifyRows(
            sql, &faults, check: "transition-record",
            """
            SELECT   refund_case.id AS object, 1 AS kept,
                     (SELECT COUNT(*)
                      FROM   event
                      WHERE  event.case_id = refund_case.id
                      AND    event.transition = 'R2')
                     AS counted
            FROM     refund_case
            WHERE    refund_case.state <> 'draft'
            ORDER BY refund_case.id
            """)
    }

    private func verifyRows(
        _ sql: any SQLReading, _ faults: inout [Fault], check: String, _ statement: String
    ) throws {
        var found: [Fault] = []
        try sql.each(statement) { row in
            let kept = try row.int("kept")
            let counted = try row.int("counted")
            guard kept != counted, found.count < Desk.verifyFaultsMax else { return }
            found.append(
                Fault(check: check, object: try row.text("object"), detail: "kept \(kept), counted \(counted)"))
        }
        faults += found
    }
}
