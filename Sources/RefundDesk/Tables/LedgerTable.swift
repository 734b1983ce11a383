import RefundDomain
import Storage

/// The books: postings in pairs of accounts, and running balances that the database keeps from falling below nothing.
enum LedgerTable {
    /// What a posting belongs to.
    struct Origin {
        let merchantID: String
        var caseID: String?
        var movementID: String?
        var importID: String?
    }

    /// Writes a posting and moves the balances; one that moves nothing leaves no row.
    ///
    /// - Throws: ``StoreFault`` of kind constraint when a balance would fall below nothing.
    static func post(
        _ posting: Posting, id: String, for origin: Origin, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard !posting.lines.isEmpty else { return }
        try sql.run(
            """
            INSERT INTO posting (id, kind, merchant_id, case_id, movement_id, import_id, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .text(id), .text(posting.kind.rawValue), .text(origin.merchantID), .text(origin.caseID),
                .text(origin.movementID), .text(origin.importID), .int(now.milliseconds),
            ])
        for (index, line) in posting.lines.enumerated() {
            try sql.run(
                """
                INSERT INTO posting_line (posting_id, line, debit_account, credit_account, currency, amount_minor)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                [
                    .text(id), .int(index + 1), .text(line.debit.rawValue), .text(line.credit.rawValue),
                    .text(line.amount.currency.code), .int(line.amount.minor),
                ])
            let debited = line.debit.growsByDebit ? line.amount.minor : -line.amount.minor
            let credited = line.credit.growsByDebit ? -line.amount.minor : line.amount.minor
            // What grows comes first: a line between two accounts must not trip over the order of its halves.
            try move(line.credit, by: credited, line.amount.currency, of: origin.merchantID, sql)
            try move(line.debit, by: debited, line.amount.currency, of: origin.merchantID, sql)
        }
    }

    /// Writes postings that belong together, each under an id of its own.
    static func post(
        _ postings: [Posting], ids: [String], for origin: Origin, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard postings.count <= ids.count else { throw StoreFault.missingColumn("posting") }
        for (posting, id) in zip(postings, ids) { try post(posting, id: id, for: origin, at: now, sql) }
    }

    /// The balance of an account; nothing when it was never used.
    static func balance(
        _ account: Account, _ currency: Currency, of merchantID: String, _ sql: any SQLReading
    ) throws -> Int64 {
        try sql.row(
            """
            SELECT balance_minor
            FROM   balance
            WHERE  merchant_id = $1
            AND    account = $2
            AND    currency = $3
            """, [.text(merchantID), .text(account.rawValue), .text(currency.code)])?.int("balance_minor") ?? 0
    }

    private static func move(
        _ account: Account, by minor: Int64, _ currency: Currency, of merchantID: String, _ sql: any SQLTransaction
    ) throws {
        let values = [SQLValue.text(merchantID), .text(account.rawValue), .text(currency.code), .int(minor)]
        let moved = try sql.run(
            """
            UPDATE balance
            SET    balance_minor = balance_minor + $4
            WHERE  merchant_id = $1
            AND    account = $2
            AND    currency = $3
            """, values)
        guard moved == 0 else { return }
        try sql.run(
            """
            INSERT INTO balance (merchant_id, account, currency, balance_minor)
            VALUES ($1, $2, $3, $4)
            """, values)
    }
}
