import RefundDesk
import Storage
import TestSupport

/// What somebody can do to a SQLite file without the program: it asks the schema what there is, so that a new column
/// is tried without a word here. Everything happens inside a transaction that is taken back, and foreign keys are
/// looked at only at its end: they are off in the hands of whoever means harm.
enum Forgery {
    enum End: Sendable, Hashable {
        case noticed
        /// The database itself did not let it happen.
        case refused
        case unnoticed
        case noRow
    }

    struct Column: Sendable {
        let name: String
        let type: String
        /// The table and column that it points to.
        var parent: (table: String, column: String)?
    }

    // MARK: The schema

    static func columns(of table: String, _ desk: Desk) async throws -> [Column] {
        try await desk.store.read { sql in
            var parents: [String: (String, String)] = [:]
            for row in try sql.rows("SELECT * FROM pragma_foreign_key_list('\(table)')") {
                parents[try row.text("from")] = (try row.text("table"), try row.textOrNil("to") ?? "id")
            }
            return try sql.rows("SELECT name, type FROM pragma_table_info('\(table)') ORDER BY cid").map { row in
                let name = try row.text("name")
                return Column(name: name, type: try row.text("type"), parent: parents[name])
            }
        }
    }

    /// The columns that make a row of its own, one for each unique index.
    private static func uniqueColumns(of table: String, _ sql: any SQLReading) throws -> [[String]] {
        let key = try sql.rows("SELECT name FROM pragma_table_info('\(table)') WHERE pk > 0 ORDER BY pk")
            .map { try $0.text("name") }
        let others = try sql.rows("SELECT name FROM pragma_index_list('\(table)') WHERE origin = 'u'").map { row in
            try sql.rows("SELECT name FROM pragma_index_info('\(try row.text("name"))') ORDER BY seqno")
                .map { try $0.text("name") }
        }
        return [key] + others
    }

    // MARK: Forging

    /// Changes a column in one row, where it has a value if there is such a row.
    static func change(_ column: Column, of table: Promised.Table, _ desk: Desk) async throws -> End {
        let (name, field) = (table.name, column.name)
        let found = try await desk.store.read { sql -> (row: Int64, other: SQLValue?)? in
            guard
                let row = try sql.row(
                    """
                    SELECT rowid AS place, \(field) AS value FROM \(name) WHERE \(table.rows)
                    ORDER BY \(field) IS NULL, rowid LIMIT 1
                    """)
            else { return nil }
            let source = column.parent ?? (name, field)
            let other = try sql.row(
                """
                SELECT \(source.column) AS value FROM \(source.table) WHERE \(source.column) IS NOT NULL
                AND \(source.column) IS NOT (SELECT \(field) FROM \(name) WHERE rowid = \(try row.int("place")))
                ORDER BY 1 LIMIT 1
                """)
            return (try row.int("place"), try other?.value("value"))
        }
        guard let found else { return .noRow }
        let other = found.other.map { [("$1", [$0])] } ?? []
        let forged = [(forgedText(column), [SQLValue]())]
        var ends: [End] = []
        for (text, values) in column.parent == nil ? forged + other : other + forged {
            let statement = "UPDATE \(name) SET \(field) = \(text) WHERE rowid = \(found.row)"
            let end = try await attempt(desk) { sql in try sql.run(statement, values) }
            if end == .unnoticed { return end }
            ends.append(end)
        }
        return ends.contains(.noticed) ? .noticed : .refused
    }

    private static func forgedText(_ column: Column) -> String {
        switch column.type {
        case "INTEGER", "INT": "COALESCE(\(column.name), 0) + 1"
        case "BLOB": "x'0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'"
        default: "COALESCE(\(column.name), '') || 'x'"
        }
    }

    /// Takes each of the first rows away alone.
    static func delete(from table: Promised.Table, _ desk: Desk) async throws -> [End] {
        let places = try await desk.store.read { sql in
            try sql.rows("SELECT rowid AS place FROM \(table.name) WHERE \(table.rows) ORDER BY rowid LIMIT 4")
                .map { try $0.int("place") }
        }
        var ends: [End] = []
        for place in places {
            ends.append(
                try await attempt(desk) { sql in try sql.run("DELETE FROM \(table.name) WHERE rowid = \(place)") })
        }
        return ends
    }

    /// Copies a row under keys of its own.
    static func insert(into table: Promised.Table, _ desk: Desk) async throws -> End {
        let columns = try await columns(of: table.name, desk)
        return try await attempt(desk) { sql in
            var forged: [String: String] = [:]
            for unique in try uniqueColumns(of: table.name, sql)
            where !unique.contains(where: { forged[$0] != nil }) {
                let free = unique.last { name in columns.contains { $0.name == name && $0.parent == nil } }
                guard let name = free ?? unique.last, let column = columns.first(where: { $0.name == name }) else {
                    continue
                }
                forged[name] = keyText(column, of: table.name)
            }
            let names = columns.map(\.name)
            try sql.run(
                """
                INSERT INTO \(table.name) (\(names.joined(separator: ", ")))
                SELECT \(names.map { forged[$0] ?? $0 }.joined(separator: ", ")) FROM \(table.name)
                WHERE \(table.rows) ORDER BY rowid LIMIT 1
                """)
        }
    }

    /// A value that no row has yet.
    private static func keyText(_ column: Column, of table: String) -> String {
        if let parent = column.parent {
            return """
                (SELECT \(parent.column) FROM \(parent.table)
                 WHERE \(parent.column) NOT IN (SELECT \(column.name) FROM \(table)) LIMIT 1)
                """
        }
        switch column.type {
        case "INTEGER", "INT": return "(SELECT MAX(\(column.name)) + 1 FROM \(table))"
        case "BLOB": return "x'0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'"
        default: return "\(column.name) || 'x'"
        }
    }

    private struct Undone: Error {
        let end: End
    }

    private static func attempt(
        _ desk: Desk, _ forge: @escaping @Sendable (any SQLTransaction) throws -> Void
    ) async throws -> End {
        do {
            try await desk.store.write { sql in
                do {
                    try sql.run("PRAGMA defer_foreign_keys = ON")
                    try forge(sql)
                } catch StoreFault.constraint {
                    throw Undone(end: .refused)
                }
                throw Undone(end: try desk.verify(sql).isEmpty ? .unnoticed : .noticed)
            }
            return .unnoticed
        } catch let undone as Undone {
            return undone.end
        }
    }
}
