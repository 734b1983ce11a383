public import Storage

/// How the engines find the rows of statements: explained, never run.
public enum QueryPlans {
    /// Tables that stay as small as the organisation that runs the portal, however many people pay. Reading one of
    /// them whole is no fault.
    public static let smallTables: Set<String> = [
        "balance", "channel_account", "data_key", "merchant", "schema_migration", "staff", "stream_head", "terminal",
    ]
    /// What plans call rows that stand in no table: answers of inner statements, and SQLite's for values.
    private static let derivedTables: Set<String> = ["CONSTANT", "counter", "found", "lease_clock"]

    /// Steps that stand in the plan of a statement that begins so, and are no fault.
    private static let pardoned = [
        // To see whether rows waited for this payment. SQLite leaves it out while none waits (`FkIfZero` in `EXPLAIN`),
        // and none does: a row that names a payment comes after it.
        ("INSERT INTO payment (", "SCAN visitor_session")
    ]

    /// What is wrong with the plans of statements in this database, with each plan; empty when each row is found
    /// through an index.
    ///
    /// - Parameter isLarge: whether tables are filled, so that PostgreSQL's own choice says something about them.
    public static func faults(of statements: [String], on store: any Store, isLarge: Bool) async throws -> [String] {
        var faults: [String] = []
        for (number, statement) in statements.filter(isExplained).enumerated() {
            switch store.dialect {
            case .sqlite:
                let plan = try await sqlitePlan(of: statement, on: store)
                let isWalk = plan.contains { step in isWalkOnSQLite(step) && !isPardoned(step, in: statement) }
                if isWalk { faults.append(report(statement, plan)) }
            case .postgres:
                let ours = try await postgresPlan(of: statement, on: store, "ours_\(number)", asUsual: false)
                if isWalkOnPostgres(ours, filledOnly: false) { faults.append(report(statement, ours)) }
                guard isLarge else { continue }
                let usual = try await postgresPlan(of: statement, on: store, "usual_\(number)", asUsual: true)
                if isWalkOnPostgres(usual, filledOnly: true) { faults.append(report(statement, usual)) }
            }
        }
        return faults
    }

    private static func isExplained(_ statement: String) -> Bool {
        ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains { statement.hasPrefix($0) }
    }

    private static func isPardoned(_ step: String, in statement: String) -> Bool {
        pardoned.contains { statement.hasPrefix($0.0) && step == $0.1 }
    }

    private static func report(_ statement: String, _ plan: [String]) -> String {
        "\(statement)\n  --\n\(plan.map { "  " + $0 }.joined(separator: "\n"))\n"
    }

    // MARK: SQLite

    private static func sqlitePlan(of statement: String, on store: any Store) async throws -> [String] {
        let values = [SQLValue](repeating: .null, count: valueCount(statement))
        return try await store.write(.eachStatement) { sql in
            try sql.rows("EXPLAIN QUERY PLAN \(statement)", values).map { try $0.text("detail") }
        }
    }

    /// `SCAN payment` or `SCAN payment USING INDEX …`; a search says `SEARCH` (sqlite.org/eqp.html).
    private static func isWalkOnSQLite(_ step: String) -> Bool {
        let words = step.split(separator: " ")
        guard words.first == "SCAN", let name = words.dropFirst().first(where: { Int($0) == nil }) else { return false }
        return !smallTables.contains(String(name)) && !derivedTables.contains(String(name))
    }

    // MARK: PostgreSQL

    /// The plan for whatever values, as the server keeps it for a statement that comes often.
    ///
    /// - Parameter asUsual: with the server's own opinion of reading whole tables, which our sessions turn off.
    private static func postgresPlan(
        of statement: String, on store: any Store, _ name: String, asUsual: Bool
    ) async throws -> [String] {
        let nulls = [String](repeating: "NULL", count: valueCount(statement)).joined(separator: ", ")
        let call = nulls.isEmpty ? name : "\(name) (\(nulls))"
        return try await store.write(.eachStatement) { sql in
            try sql.run("SET LOCAL plan_cache_mode = force_generic_plan")
            if asUsual {
                try sql.run("SET LOCAL enable_seqscan = on")
                try sql.run("SET LOCAL random_page_cost = 4")
            }
            try sql.run("PREPARE \(name) AS \(statement)")
            let plan = try sql.rows("EXPLAIN (COSTS OFF) EXECUTE \(call)").map { try $0.text("QUERY PLAN") }
            try sql.run("DEALLOCATE \(name)")
            return plan
        }
    }

    /// A table read whole, or an index walked from one end to the other for want of a condition on it.
    private static func isWalkOnPostgres(_ plan: [String], filledOnly: Bool) -> Bool {
        plan.indices.contains { index in
            let line = plan[index]
            guard let name = table(scannedIn: line), !smallTables.contains(name) else { return false }
            if filledOnly, !LargeDatabase.filledTables.contains(name) { return false }
            guard line.contains("Index") else { return true }
            let details = plan[(index + 1)...].prefix { !$0.contains("->") }
            return !details.contains { $0.contains("Index Cond:") }
        }
    }

    /// The table that a line of a plan reads, or the index in case of a bitmap; nil for another step.
    private static func table(scannedIn line: String) -> String? {
        for step in ["Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"] {
            guard line.contains(step), let end = line.ranges(of: " on ").first?.upperBound else { continue }
            return String(line[end...].prefix { $0 != " " })
        }
        return nil
    }

    private static func valueCount(_ statement: String) -> Int {
        var count = 0
        _ = SQLText.replacingWords(in: statement) { word in
            if word.hasPrefix("$"), let number = Int(word.dropFirst()) { count = max(count, number) }
            return nil
        }
        return count
    }
}
