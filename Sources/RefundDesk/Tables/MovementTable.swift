import RefundDomain
import Storage

/// A movement as verbs need it.
struct MovementRow {
    let id: String
    let caseID: String
    let paymentID: String
    let merchantID: String
    let accountID: String
    let gross: Money
    let feeGivenBack: Money
    /// What it uses up of the payment: the gross amount and a handling fee that the cardholder bears.
    let taken: Money
    let refundNumber: String
    let state: Movement.State
    let attempts: Int64
    let replays: Int64
    let queries: Int64
    let sent: Moment?

    /// What it costs the merchant.
    var cost: Money { gross.subtracting(feeGivenBack) ?? gross }
}

/// SQL on movements. Amount, number and route are written once, by ``insert(_:at:_:)``, and never changed.
enum MovementTable {
    struct New {
        let id: String
        let caseID: String
        let payment: PaymentRow
        let accountID: String
        let gross: Money
        let fee: Money
        let refundNumber: String
    }

    static func insert(_ new: New, at now: Moment, _ sql: any SQLTransaction) throws {
        let sequence =
            try sql.row(
                "SELECT COUNT(*) AS made FROM movement WHERE case_id = $1", [.text(new.caseID)])?.int("made") ?? 0
        try sql.run(
            """
            INSERT INTO movement (id, case_id, payment_id, merchant_id, account_id, sequence, currency, gross_minor,
                                  fee_given_back_minor, refund_number, state, attempts, replays, queries, created_ms,
                                  changed_ms, taken_minor, cost_currency, cost_minor)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'planned', 0, 0, 0, $11, $11, $8, $7, $12)
            """,
            [
                .text(new.id), .text(new.caseID), .text(new.payment.id), .text(new.payment.merchantID),
                .text(new.accountID), .int(sequence + 1), .text(new.gross.currency.code), .int(new.gross.minor),
                .int(new.fee.minor), .text(new.refundNumber), .int(now.milliseconds),
                .int(new.gross.minor - new.fee.minor),
            ])
    }

    static func find(_ id: String, _ sql: any SQLReading) throws -> MovementRow? {
        try sql.row(
            """
            SELECT id, case_id, payment_id, merchant_id, account_id, currency, gross_minor, fee_given_back_minor,
                   refund_number, state, attempts, replays, queries, sent_ms, taken_minor
            FROM   movement
            WHERE  id = $1
            """, [.text(id)]
        ).map(read)
    }

    static func list(ofCase caseID: String, _ sql: any SQLReading) throws -> [MovementRow] {
        try sql.rows(
            """
            SELECT   id, case_id, payment_id, merchant_id, account_id, currency, gross_minor, fee_given_back_minor,
                     refund_number, state, attempts, replays, queries, sent_ms, taken_minor
            FROM     movement
            WHERE    case_id = $1
            ORDER BY sequence, id
            LIMIT    100
            """, [.text(caseID)]
        ).map(read)
    }

    /// Moves a movement on from the state it was read in.
    ///
    /// - Throws: ``Refusal/stale(version:)`` when it is not in that state any more.
    static func move(
        _ row: MovementRow, to state: Movement.State, code: String?, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let moved = try sql.run(
            """
            UPDATE movement
            SET    state = $1, last_code = COALESCE($2, last_code), changed_ms = $3
            WHERE  id = $4
            AND    state = $5
            """,
            [
                .text(state.rawValue), .text(code), .int(now.milliseconds), .text(row.id),
                .text(row.state.rawValue),
            ])
        if moved != 1 { throw Refusal.stale(version: 0) }
    }

    /// Writes the attempt down before the call is made.
    static func beginAttempt(
        _ row: MovementRow, requestHash: [UInt8], at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE movement
            SET    attempts = attempts + 1, sent_ms = $1
            WHERE  id = $2
            """, [.int(now.milliseconds), .text(row.id)])
        try sql.run(
            """
            INSERT INTO attempt (movement_id, number, request_hash, started_ms)
            VALUES ($1, $2, $3, $4)
            """,
            [.text(row.id), .int(row.attempts + 1), .bytes(requestHash), .int(now.milliseconds)])
    }

    static func endAttempt(
        _ row: MovementRow, number: Int64, _ answer: ChannelAnswer, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE attempt
            SET    ended_ms = $1, verdict = $2, code = $3
            WHERE  movement_id = $4
            AND    number = $5
            AND    ended_ms IS NULL
            """,
            [
                .int(now.milliseconds), .text(answer.verdict.rawValue), .text(answer.code), .text(row.id),
                .int(number),
            ])
    }

    /// Notes what the channel told about a refund; what it does not tell stays as it was.
    static func note(_ answer: ChannelAnswer, of id: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE movement
            SET    channel_refund_number = COALESCE($1, channel_refund_number),
                   destination_text = COALESCE($2, destination_text),
                   settled_ms = COALESCE($3, settled_ms),
                   last_checked_ms = $4
            WHERE  id = $5
            """,
            [
                .text(answer.channelRefundNumber), .text(answer.destinationText),
                .int(answer.settledAt?.milliseconds), .int(now.milliseconds), .text(id),
            ])
    }

    static func setNextCheck(_ moment: Moment?, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            "UPDATE movement SET next_check_ms = $1 WHERE id = $2", [.int(moment?.milliseconds), .text(id)])
    }

    private static func read(_ row: SQLRow) throws -> MovementRow {
        let currency = try row.currency()
        guard let state = Movement.State(rawValue: try row.text("state")) else {
            throw StoreFault.wrongKind("state")
        }
        return MovementRow(
            id: try row.text("id"), caseID: try row.text("case_id"), paymentID: try row.text("payment_id"),
            merchantID: try row.text("merchant_id"), accountID: try row.text("account_id"),
            gross: try row.money("gross_minor", in: currency),
            feeGivenBack: try row.money("fee_given_back_minor", in: currency),
            taken: try row.money("taken_minor", in: currency), refundNumber: try row.text("refund_number"),
            state: state, attempts: try row.int("attempts"),
            replays: try row.int("replays"), queries: try row.int("queries"), sent: try row.momentOrNil("sent_ms"))
    }
}
