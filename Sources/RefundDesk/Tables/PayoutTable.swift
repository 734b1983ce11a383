public import RefundDomain
public import Storage

/// A batch of refunds that people pay.
public struct PayoutBatch: Sendable, Hashable {
    public let id: String
    /// As people and files name it: `B20261123-1A2B3C4D`.
    public let number: String
    public let merchantID: String
    public let accountID: String
    public let count: Int64
    public let total: Money
    public let madeBy: String
    public let made: Moment
    public let state: PayoutBatchState
    /// Who released or discarded it.
    public let decidedBy: String?
    public let decided: Moment?
}

/// One order of a batch, with the movement that it is.
public struct PayoutItem: Sendable, Hashable {
    public let id: String
    public let movementID: String
    public let caseID: String
    public let line: Int64
    public let gross: Money
    public let refundNumber: String
    public let state: Movement.State
    /// What the bank's file said, and which file and line of it did; nil before one was confirmed.
    public let result: PayoutResult?
    public let answerID: String?
    public let bankReference: String?
    public let paidOn: Day?

    /// Whether the bank's word about it is awaited.
    public var isWaiting: Bool { result == nil && (state == .accepted || state == .atBank) }
}

/// What could go into a batch: everything of one account and currency that is ready and in none.
public struct PayoutWaiting: Sendable, Hashable {
    public let accountID: String
    public let accountName: String
    public let merchantID: String
    public let count: Int64
    public let total: Money
}

/// SQL of batches and their orders.
public enum PayoutTable {
    static func insert(_ batch: PayoutBatch, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO payout_batch (id, number, merchant_id, account_id, currency, item_count, total_minor, made_by,
                                      made_ms, state)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'made')
            """,
            [
                .text(batch.id), .text(batch.number), .text(batch.merchantID), .text(batch.accountID),
                .text(batch.total.currency.code), .int(batch.count), .int(batch.total.minor), .text(batch.madeBy),
                .int(batch.made.milliseconds),
            ])
    }

    /// The batch with an id; nil when there is none.
    public static func find(_ id: String, _ sql: any SQLReading) throws -> PayoutBatch? {
        try sql.row(
            """
            SELECT id, number, merchant_id, account_id, currency, item_count, total_minor, made_by, made_ms, state,
                   decided_by, decided_ms
            FROM   payout_batch
            WHERE  id = $1
            """, [.text(id)]
        ).map(batch)
    }

    /// Batches, newest first, behind the one that was made at a moment; at most `count`.
    public static func newest(before: Moment, id: String, count: Int, _ sql: any SQLReading) throws -> [PayoutBatch] {
        try sql.rows(
            """
            SELECT   id, number, merchant_id, account_id, currency, item_count, total_minor, made_by, made_ms, state,
                     decided_by, decided_ms
            FROM     payout_batch
            WHERE    (made_ms, id) < ($1, $2)
            ORDER BY made_ms DESC, id DESC
            LIMIT    $3
            """, [.int(before.milliseconds), .text(id), .int(count)]
        ).map(batch)
    }

    private static func batch(_ row: SQLRow) throws -> PayoutBatch {
        PayoutBatch(
            id: try row.text("id"), number: try row.text("number"), merchantID: try row.text("merchant_id"),
            accountID: try row.text("account_id"), count: try row.int("item_count"),
            total: try row.money("total_minor"), madeBy: try row.text("made_by"), made: try row.moment("made_ms"),
            state: try row.word("state"), decidedBy: try row.textOrNil("decided_by"),
            decided: try row.momentOrNil("decided_ms"))
    }

    /// Releases or discards what was made; false when somebody was faster.
    static func decide(
        _ id: String, _ state: PayoutBatchState, by staffID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE payout_batch
            SET    state = $2, decided_by = $3, decided_ms = $4
            WHERE  id = $1
            AND    state = 'made'
            """, [.text(id), .text(state.rawValue), .text(staffID), .int(now.milliseconds)]) == 1
    }

    // MARK: Orders

    /// The orders of a batch in their order.
    public static func items(of batchID: String, _ sql: any SQLReading) throws -> [PayoutItem] {
        try sql.rows(
            """
            SELECT   payout_item.id, payout_item.movement_id, payout_item.case_id, payout_item.line,
                     payout_item.gross_minor, payout_item.result, payout_item.answer_id, payout_item.bank_reference,
                     payout_item.paid_on, movement.refund_number, movement.state, movement.currency
            FROM     payout_item
            JOIN     movement
            ON       movement.id = payout_item.movement_id
            WHERE    payout_item.batch_id = $1
            ORDER BY payout_item.line, payout_item.id
            LIMIT    $2
            """, [.text(batchID), .int(PayoutLimits.itemsMax)]
        ).map { row in
            PayoutItem(
                id: try row.text("id"), movementID: try row.text("movement_id"), caseID: try row.text("case_id"),
                line: try row.int("line"), gross: try row.money("gross_minor"),
                refundNumber: try row.text("refund_number"), state: try row.word("state"),
                result: try row.wordOrNil("result"), answerID: try row.textOrNil("answer_id"),
                bankReference: try row.textOrNil("bank_reference"), paidOn: try row.dayOrNil("paid_on"))
        }
    }

    static func insert(
        _ movement: MovementRow, id: String, line: Int, in batch: PayoutBatch, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO payout_item (id, batch_id, merchant_id, case_id, movement_id, line, gross_minor, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .text(id), .text(batch.id), .text(batch.merchantID), .text(movement.caseID), .text(movement.id),
                .int(line), .int(movement.gross.minor), .int(batch.made.milliseconds),
            ])
    }

    static func drop(_ item: PayoutItem, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            "UPDATE payout_item SET dropped_ms = $2 WHERE id = $1", [.text(item.id), .int(now.milliseconds)])
    }

    /// Writes down how the bank says that an order ended; false when it was said before.
    static func answer(
        _ item: PayoutItem, with line: BankAnswerLine, of answerID: String, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE payout_item
            SET    answer_id = $2, answer_line = $3, result = $4, bank_reference = $5, paid_on = $6
            WHERE  id = $1
            AND    result IS NULL
            """,
            [
                .text(item.id), .text(answerID), .int(line.line), .text(line.result.rawValue), .text(line.reference),
                .text(line.paidOn?.iso),
            ]) == 1
    }

    // MARK: What waits

    /// Everything that waits for a batch, by account and currency. What something stops is left out.
    public static func waiting(_ sql: any SQLReading) throws -> [PayoutWaiting] {
        let accounts = try sql.rows(
            """
            SELECT   id, name, merchant_id
            FROM     channel_account
            WHERE    channel = 'manual'
            ORDER BY name, id
            LIMIT    200
            """)
        return try accounts.flatMap { account in
            let id = try account.text("id")
            let found = Dictionary(grouping: try waiting(of: id, sql), by: { $0.gross.currency })
            return try found.sorted { $0.key.code < $1.key.code }.map { currency, orders in
                PayoutWaiting(
                    accountID: id, accountName: try account.text("name"), merchantID: try account.text("merchant_id"),
                    count: Int64(orders.count), total: try total(orders.map { $0.gross }, currency))
            }
        }
    }

    /// What of an account waits for a batch, the longest waiting first: what is ready, in no batch and not stopped.
    static func waiting(of accountID: String, _ sql: any SQLReading) throws -> [(id: String, gross: Money)] {
        try sql.rows(
            """
            SELECT   id, payment_id, currency, gross_minor
            FROM     movement
            WHERE    state = 'ready'
            AND      account_id = $1
            ORDER BY changed_ms, id
            LIMIT    $2
            """, [.text(accountID), .int(PayoutLimits.waitingMax)]
        ).compactMap { row in
            let id = try row.text("id")
            guard try !isBatched(id, sql), try !isStopped(try row.text("payment_id"), sql) else { return nil }
            return (id, try row.money("gross_minor"))
        }
    }

    /// The sum of amounts of one currency.
    static func total(_ amounts: [Money], _ currency: Currency) throws -> Money {
        guard let total = amounts.reduce(Money.zero(currency), { $0?.adding($1) }) else {
            throw StoreFault.wrongKind("gross_minor")
        }
        return total
    }

    // One by one: in one statement with the movements, these tables would be read whole while they are small.

    private static func isBatched(_ movementID: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            "SELECT id FROM payout_item WHERE movement_id = $1 AND dropped_ms IS NULL", [.text(movementID)]) != nil
    }

    private static func isStopped(_ paymentID: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            "SELECT id FROM block WHERE payment_id = $1 AND closed_ms IS NULL ORDER BY closed_ms, id LIMIT 1",
            [.text(paymentID)]) != nil
    }
}
