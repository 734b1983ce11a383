import GRDB
import Storage

/// Statements on one connection, inside the transaction that its owner began.
struct SQLiteTransaction: SQLTransaction {
    let database: Database
    let texts: StatementTexts
    private let latest = LatestStatement()
    private let topics = Topics()

    init(database: Database, texts: StatementTexts) {
        self.database = database
        self.texts = texts
    }

    func rows(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        try StoreFault.translating {
            var rows: [SQLRow] = []
            try walk(try cached(sql), values) { row in
                rows.append(row)
                return true
            }
            return rows
        }
    }

    func row(_ sql: String, _ values: [SQLValue]) throws -> SQLRow? {
        try StoreFault.translating {
            var first: SQLRow?
            try walk(try cached(sql), values) { row in
                first = row
                return false
            }
            return first
        }
    }

    func each(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        try StoreFault.translating {
            // Not the cached statement: `body` may run the same text while this walk is under way.
            let text = texts.rewritten(sql)
            let own = PreparedStatement(try database.makeStatement(sql: text.sql), valueCount: text.valueCount)
            try walk(own, values) { row in
                try body(row)
                return true
            }
        }
    }

    func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try StoreFault.translating {
            let prepared = try latest.take(sql) ?? cached(sql)
            try prepared.bind(values)
            let before = database.totalChangesCount
            try prepared.statement.execute()
            latest.keep(prepared, sql)
            // SQLite keeps the count of the last change when a statement changes nothing.
            return database.totalChangesCount == before ? 0 : database.changesCount
        }
    }

    func announce(_ topic: String) {
        topics.names.insert(topic)
    }

    /// What has been announced so far.
    var announced: Set<String> { topics.names }

    private func cached(_ sql: String) throws -> PreparedStatement {
        let text = texts.rewritten(sql)
        return PreparedStatement(try database.cachedStatement(sql: text.sql), valueCount: text.valueCount)
    }

    /// Hands over rows until `body` answers false.
    private func walk(
        _ prepared: PreparedStatement, _ values: [SQLValue], _ body: (SQLRow) throws -> Bool
    ) throws {
        try prepared.bind(values)
        let columns = prepared.statement.columnNames
        let cursor = try Row.fetchCursor(prepared.statement)
        while try cursor.next() != nil {
            var values: [SQLValue] = []
            values.reserveCapacity(columns.count)
            // Straight from SQLite: the library's rows find each value by generic steps that cost more than the value.
            for (index, column) in zip(CInt(0)..., columns) {
                values.append(try Self.value(prepared.statement.sqliteStatement, at: index, column: column))
            }
            guard try body(SQLRow(columns: columns, values: values)) else { break }
        }
    }

    private static func value(
        _ statement: SQLiteStatement, at index: CInt, column: String
    ) throws(StoreFault) -> SQLValue {
        switch DatabaseValue(sqliteStatement: statement, index: index).storage {
        case .null: return .null
        case .int64(let number): return .int(number)
        case .string(let text): return .text(text)
        case .blob(let data): return .bytes([UInt8](data))
        // No column of ours is REAL; a sum that overflowed into one must not pass for money.
        case .double: throw .wrongKind(column)
        }
    }
}

/// What a transaction announces when it commits.
private final class Topics {
    var names: Set<String> = []
}

/// The statement that a transaction ran last, at hand for the next row of a long import: finding it by its text costs
/// two hashes of a kilobyte.
private final class LatestStatement {
    private var sql = ""
    private var prepared: PreparedStatement?

    /// The statement, when it is of this text. It is out of here while it runs: one that failed cannot be used again.
    func take(_ sql: String) -> PreparedStatement? {
        defer { prepared = nil }
        return self.sql == sql ? prepared : nil
    }

    func keep(_ prepared: PreparedStatement, _ sql: String) {
        self.prepared = prepared
        self.sql = sql
    }
}
