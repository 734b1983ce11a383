import RefundDomain
import Storage

/// Merchants by their short code.
enum MerchantTable {
    static func id(code: String, _ sql: any SQLReading) throws -> String? {
        try sql.row("SELECT id FROM merchant WHERE code = $1", [.text(code)])?.text("id")
    }
}

extension Seals {
    /// Makes the operator's own keys when there are none yet.
    func requireOperatorKeys(at now: Int64, _ sql: any SQLTransaction) throws {
        let there = try sql.row(
            "SELECT id FROM data_key WHERE tenant = $1 ORDER BY id LIMIT 1", [.text(SealPlace.operatorTenant)])
        if there == nil { try makeKeys(for: SealPlace.operatorTenant, at: now, sql) }
    }
}
