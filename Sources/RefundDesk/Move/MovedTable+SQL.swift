import Storage

/// The statements that move a table. They are put together from names that the database's own catalogue gave, never
/// from anything that somebody typed or stored; values are bound as everywhere.
extension MovedTable {
    /// Values that one statement may bind: SQLite's own limit (sqlite.org/limits.html), half of PostgreSQL's.
    private static let valuesMax = 32_766

    /// How many rows go in one statement when `wanted` are to.
    func rowsPerBatch(_ wanted: Int) -> Int {
        max(1, min(wanted, Self.valuesMax / columns.count))
    }

    /// At most so many rows behind a key, in the order of the key; nil begins with the first.
    func page(after key: [SQLValue]?, limit: Int, _ sql: any SQLReading) throws -> [SQLRow] {
        guard let key else {
            return try sql.rows("SELECT \(fields) FROM \(name) ORDER BY \(keyFields) LIMIT $1", [.int(limit)])
        }
        return try sql.rows(
            "SELECT \(fields) FROM \(name) WHERE (\(keyFields)) > (\(Self.places(1...key.count))) "
                + "ORDER BY \(keyFields) LIMIT $\(key.count + 1)", key + [.int(limit)])
    }

    /// The key of the row at a place from 1 on, in the order of the key; nil for place 0.
    func key(atRow place: Int64, _ sql: any SQLReading) throws -> [SQLValue]? {
        guard place > 0 else { return nil }
        return try sql.row(
            "SELECT \(keyFields) FROM \(name) ORDER BY \(keyFields) LIMIT 1 OFFSET $1", [.int(place - 1)])?.values
    }

    /// The key of a row that ``page(after:limit:_:)`` returned.
    func key(of row: SQLRow) throws -> [SQLValue] {
        try key.map { try row.value($0) }
    }

    /// Adds rows in one statement; full batches share one text, so that it is prepared once.
    func insert(_ rows: [SQLRow], _ sql: any SQLTransaction) throws {
        let lines = rows.indices.map { index in
            "(\(Self.places(index * columns.count + 1...(index + 1) * columns.count)))"
        }
        try sql.run(
            "INSERT INTO \(name) (\(fields)) VALUES " + lines.joined(separator: ", "), rows.flatMap(\.values))
    }

    func isEmpty(_ sql: any SQLReading) throws -> Bool {
        try sql.row("SELECT 1 AS one FROM \(name) LIMIT 1") == nil
    }

    func rowCount(_ sql: any SQLReading) throws -> Int64 {
        try sql.row("SELECT COUNT(*) AS row_count FROM \(name)")?.int("row_count") ?? 0
    }

    /// Hands over every row, whatever the order.
    func each(_ sql: any SQLReading, _ body: (SQLRow) throws -> Void) throws {
        try sql.each("SELECT \(fields) FROM \(name)", body)
    }

    /// Columns of amounts, where each row names its currency.
    var moneyColumns: [String] {
        columns.contains("currency") ? columns.filter { $0.hasSuffix("_minor") } : []
    }

    /// What a column of amounts adds up to in each currency.
    func sums(of column: String, _ sql: any SQLReading) throws -> [String: Int64] {
        var sums: [String: Int64] = [:]
        try sql.each(
            "SELECT currency, COALESCE(SUM(\(column)), 0) AS total FROM \(name) GROUP BY currency ORDER BY currency"
        ) { row in
            sums[try row.text("currency")] = try row.int("total")
        }
        return sums
    }

    /// Has PostgreSQL look at the table again before it plans statements.
    func refreshStatistics(_ sql: any SQLTransaction) throws {
        try sql.run("ANALYZE \(name)")
    }

    private var fields: String { columns.joined(separator: ", ") }
    private var keyFields: String { key.joined(separator: ", ") }

    private static func places(_ numbers: ClosedRange<Int>) -> String {
        numbers.map { "$\($0)" }.joined(separator: ", ")
    }
}
