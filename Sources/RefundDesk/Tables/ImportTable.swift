import RefundDomain
import Storage

/// SQL of statement imports: the import itself and its merchant.
enum ImportTable {
    struct Merchant {
        let id: String
        let zone: Zone
    }

    static func merchant(code: String, _ sql: any SQLReading) throws -> Merchant? {
        guard let row = try sql.row("SELECT id, zone FROM merchant WHERE code = $1", [.text(code)]) else { return nil }
        return Merchant(id: try row.text("id"), zone: Zone(try row.text("zone")) ?? .utc)
    }

    /// Waits until no other import of the merchant is under way; nothing else waits for this row.
    static func takeTurn(_ merchantID: String, _ sql: any SQLTransaction) throws {
        try sql.run("UPDATE merchant SET zone = zone WHERE id = $1", [.text(merchantID)])
    }

    static func accounts(of merchantID: String, _ sql: any SQLReading) throws -> [ImportAccounts.Account] {
        try sql.rows(
            """
            SELECT   id, channel, merchant_number
            FROM     channel_account
            WHERE    merchant_id = $1
            ORDER BY created_ms, id
            LIMIT    1000
            """, [.text(merchantID)]
        ).compactMap { row in
            guard let channel = Channel(rawValue: try row.text("channel")) else { return nil }
            return ImportAccounts.Account(
                id: try row.text("id"), channel: channel, merchantNumber: try row.text("merchant_number"))
        }
    }

    static func begin(
        _ id: String, _ merchantID: String, format: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO statement_import (id, merchant_id, format, read_count, new_count, known_count, bad_count,
                                          created_ms)
            VALUES ($1, $2, $3, 0, 0, 0, 0, $4)
            """, [.text(id), .text(merchantID), .text(format), .int(now.milliseconds)])
    }

    static func end(_ id: String, _ result: ImportResult, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE statement_import
            SET    read_count = $2, new_count = $3, known_count = $4, bad_count = $5
            WHERE  id = $1
            """, [.text(id), .int(result.read), .int(result.new), .int(result.known), .int(result.bad)])
    }
}
