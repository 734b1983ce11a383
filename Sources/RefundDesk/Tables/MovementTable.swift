import RefundDomain
import Storage

/// A movement as verbs need it.
struct MovementRow {
    let id: String
    let caseID: String
    let paymentID: String
    let merchantID: String
    let accountID: String
    /// What it takes, gives and costs, frozen when it was planned.
    let quote: RefundQuote
    let refundNumber: String
    let state: Movement.State
    let source: Source
    let route: Route
    let replacesID: String?
    let correctsID: String?
    let channelRefundNumber: String?
    let attempts: Int64
    let replays: Int64
    let queries: Int64
    let sent: Moment?
    let changed: Moment
    let unknownSince: Moment?
    let returned: Moment?

    /// Where the money comes from.
    enum Source: String {
        /// The case's hold.
        case hold
        /// An earlier movement that the bank sent back.
        case returned
    }

    /// Where it goes.
    enum Route: String {
        /// The way that it was paid.
        case original
        /// Another card, which the cardholder named.
        case bankCard = "bank-card"
        /// The payment is to be called off, as long as its day lasts when it is first sent; else the way it was paid.
        case void
    }

    var origin: LedgerTable.Origin {
        LedgerTable.Origin(merchantID: merchantID, caseID: caseID, movementID: id)
    }

    var gross: Money { quote.gross }
    /// What it uses up of the payment: the gross amount and a handling fee that the cardholder bears.
    var taken: Money { quote.taken }
    var feeGivenBack: Money { quote.feeGivenBack }
    /// What it costs the merchant, and so what is held for it.
    var cost: Money { quote.cost }
}

/// SQL on movements. Amount, number and route are written once, by ``insert(_:at:_:)``, and never changed.
enum MovementTable {
    struct New {
        let id: String
        let caseID: String
        let payment: PaymentRow
        let accountID: String
        let quote: RefundQuote
        let refundNumber: String
        var source = MovementRow.Source.hold
        var destinationSealed: [UInt8]?
        var isVoid = false
        var replacesID: String?
        var correctsID: String?

        var route: MovementRow.Route {
            if destinationSealed != nil { return .bankCard }
            return isVoid ? .void : .original
        }

        /// What the record keeps of it, so that a later change shows.
        var facts: [String: String] {
            var facts = [
                "gross_minor": String(quote.gross.minor), "currency": quote.gross.currency.code,
                "fee_given_back_minor": String(quote.feeGivenBack.minor), "refund_number": refundNumber,
                "taken_minor": String(quote.taken.minor), "cost_minor": String(quote.cost.minor),
                "cost_currency": quote.cost.currency.code, "handling_fee_minor": String(quote.handlingFee.minor),
                "fee_bearer": quote.bearer.rawValue, "source": source.rawValue, "route": route.rawValue,
            ]
            facts["replaces_id"] = replacesID
            facts["corrects_id"] = correctsID
            facts["exchange_rate"] = quote.exchange?.rate
            facts["exchange_spent_minor"] = quote.exchange.map { String($0.spent.minor) }
            return facts
        }
    }

    static func insert(_ new: New, at now: Moment, _ sql: any SQLTransaction) throws {
        let sequence =
            try sql.row(
                "SELECT COUNT(*) AS made FROM movement WHERE case_id = $1", [.text(new.caseID)])?.int("made") ?? 0
        let quote = new.quote
        try sql.run(
            """
            INSERT INTO movement (id, case_id, payment_id, merchant_id, account_id, sequence, currency, gross_minor,
                                  fee_given_back_minor, refund_number, state, attempts, replays, queries, created_ms,
                                  changed_ms, taken_minor, cost_currency, cost_minor, handling_fee_minor, fee_bearer,
                                  exchange_rate, exchange_spent_minor, source, route, destination_sealed, replaces_id,
                                  corrects_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'planned', 0, 0, 0, $11, $11, $12, $13, $14, $15, $16,
                    $17, $18, $19, $20, $21, $22, $23)
            """,
            [
                .text(new.id), .text(new.caseID), .text(new.payment.id), .text(new.payment.merchantID),
                .text(new.accountID), .int(sequence + 1), .text(quote.gross.currency.code), .int(quote.gross.minor),
                .int(quote.feeGivenBack.minor), .text(new.refundNumber), .int(now.milliseconds),
                .int(quote.taken.minor), .text(quote.cost.currency.code), .int(quote.cost.minor),
                .int(quote.handlingFee.minor), .text(quote.bearer.rawValue), .text(quote.exchange?.rate),
                .int(quote.exchange?.spent.minor), .text(new.source.rawValue), .text(new.route.rawValue),
                .bytes(new.destinationSealed), .text(new.replacesID), .text(new.correctsID),
            ])
    }

    static func find(_ id: String, _ sql: any SQLReading) throws -> MovementRow? {
        try sql.row(
            """
            SELECT id, case_id, payment_id, merchant_id, account_id, currency, gross_minor, fee_given_back_minor,
                   refund_number, state, attempts, replays, queries, sent_ms, taken_minor, cost_currency, cost_minor,
                   handling_fee_minor, fee_bearer, exchange_rate, exchange_spent_minor, source, route, replaces_id,
                   corrects_id, channel_refund_number, changed_ms, unknown_since_ms, returned_ms
            FROM   movement
            WHERE  id = $1
            """, [.text(id)]
        ).map(read)
    }

    static func list(ofCase caseID: String, _ sql: any SQLReading) throws -> [MovementRow] {
        try sql.rows(
            """
            SELECT   id, case_id, payment_id, merchant_id, account_id, currency, gross_minor, fee_given_back_minor,
                     refund_number, state, attempts, replays, queries, sent_ms, taken_minor, cost_currency, cost_minor,
                     handling_fee_minor, fee_bearer, exchange_rate, exchange_spent_minor, source, route, replaces_id,
                     corrects_id, channel_refund_number, changed_ms, unknown_since_ms, returned_ms
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
            SET    state = $1, last_code = COALESCE($2, last_code), changed_ms = $3,
                   unknown_since_ms = CASE WHEN $1 = 'unknown' THEN CAST($3 AS BIGINT) ELSE NULL END
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

    /// Notes what the channel told about a refund; what it does not tell stays as it was. Nothing was settled later
    /// than we heard of it: where clocks differ, ours counts; and what was told once stands.
    static func note(_ answer: ChannelAnswer, of id: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE movement
            SET    channel_refund_number = COALESCE($1, channel_refund_number),
                   destination_text = COALESCE($2, destination_text),
                   settled_ms = COALESCE(settled_ms, $3),
                   last_checked_ms = $4
            WHERE  id = $5
            """,
            [
                .text(answer.channelRefundNumber), .text(answer.destinationText),
                .int(answer.settledAt.map { min($0, now).milliseconds }), .int(now.milliseconds), .text(id),
            ])
    }

    static func setNextCheck(_ moment: Moment?, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            "UPDATE movement SET next_check_ms = $1 WHERE id = $2", [.int(moment?.milliseconds), .text(id)])
    }

    private static func read(_ row: SQLRow) throws -> MovementRow {
        MovementRow(
            id: try row.text("id"), caseID: try row.text("case_id"), paymentID: try row.text("payment_id"),
            merchantID: try row.text("merchant_id"), accountID: try row.text("account_id"), quote: try row.quote(),
            refundNumber: try row.text("refund_number"), state: try row.word("state"),
            source: try row.word("source"), route: try row.word("route"), replacesID: try row.textOrNil("replaces_id"),
            correctsID: try row.textOrNil("corrects_id"),
            channelRefundNumber: try row.textOrNil("channel_refund_number"),
            attempts: try row.int("attempts"),
            replays: try row.int("replays"), queries: try row.int("queries"), sent: try row.momentOrNil("sent_ms"),
            changed: try row.moment("changed_ms"), unknownSince: try row.momentOrNil("unknown_since_ms"),
            returned: try row.momentOrNil("returned_ms"))
    }
}
