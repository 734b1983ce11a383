import RefundDomain
import Storage

/// The payments that share the numbers somebody typed.
enum PaymentLookUp {
    struct Candidate {
        let id: String
        let cardLast4: String?
    }

    static func candidates(_ query: PaymentQuery, _ sql: any SQLReading) throws -> [Candidate] {
        switch query {
        case .reference(let reference, _): try byReference(reference, sql)
        case .trace(let terminal, let trace, _): try byTrace(terminal, trace, sql)
        case .order(let order): try byOrder(order, sql)
        case .card(let day, let last4, let terminal): try byCard(day, last4, terminal, sql)
        }
    }

    private static func byReference(_ reference: String, _ sql: any SQLReading) throws -> [Candidate] {
        try sql.rows(
            """
            SELECT   id, card_last4
            FROM     payment
            WHERE    reference_no = $1
            ORDER BY paid_at_ms DESC, id
            LIMIT    $2
            """, [.text(reference), .int(LookUpLimits.candidatesMax)]
        ).map(read)
    }

    private static func byTrace(
        _ terminal: String, _ trace: String, _ sql: any SQLReading
    ) throws -> [Candidate] {
        try sql.rows(
            """
            SELECT   id, card_last4
            FROM     payment
            WHERE    terminal_no = $1
            AND      trace_no = $2
            ORDER BY paid_at_ms DESC, id
            LIMIT    $3
            """, [.text(terminal), .text(trace), .int(LookUpLimits.candidatesMax)]
        ).map(read)
    }

    private static func byOrder(_ order: String, _ sql: any SQLReading) throws -> [Candidate] {
        let byTransaction = try sql.rows(
            """
            SELECT   id, card_last4
            FROM     payment
            WHERE    channel_transaction_no = $1
            ORDER BY paid_at_ms DESC, id
            LIMIT    $2
            """, [.text(order), .int(LookUpLimits.candidatesMax)])
        let byMerchant = try sql.rows(
            """
            SELECT   id, card_last4
            FROM     payment
            WHERE    merchant_order_no = $1
            ORDER BY paid_at_ms DESC, id
            LIMIT    $2
            """, [.text(order), .int(LookUpLimits.candidatesMax)])
        return try (byTransaction + byMerchant).map(read)
    }

    private static func byCard(
        _ day: Day, _ last4: String, _ terminal: String, _ sql: any SQLReading
    ) throws -> [Candidate] {
        try sql.rows(
            """
            SELECT   id, card_last4
            FROM     payment
            WHERE    card_last4 = $1
            AND      paid_on >= $2
            AND      paid_on <= $3
            AND      terminal_no = $4
            ORDER BY paid_at_ms DESC, id
            LIMIT    $5
            """,
            [
                .text(last4), .text(day.adding(days: -1).iso), .text(day.adding(days: 1).iso), .text(terminal),
                .int(LookUpLimits.candidatesMax),
            ]
        ).map(read)
    }

    private static func read(_ row: SQLRow) throws -> Candidate {
        Candidate(id: try row.text("id"), cardLast4: try row.textOrNil("card_last4"))
    }
}
