import Foundation
import GRDB
import Storage

/// Statements on one connection, inside the transaction that its owner began.
struct SQLiteTransaction: SQLTransaction {
    let database: Database
    let texts: StatementTexts

    func rows(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        try StoreFault.translating {
            var rows: [SQLRow] = []
            try walk(try database.cachedStatement(sql: texts.rewritten(sql)), values) { row in
                rows.append(row)
                return true
            }
            return rows
        }
    }

    func row(_ sql: String, _ values: [SQLValue]) throws -> SQLRow? {
        try StoreFault.translating {
            var first: SQLRow?
            try walk(try database.cachedStatement(sql: texts.rewritten(sql)), values) { row in
                first = row
                return false
            }
            return first
        }
    }

    func each(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        try StoreFault.translating {
            // Not the cached statement: `body` may run the same text while this walk is under way.
            try walk(try database.makeStatement(sql: texts.rewritten(sql)), values) { row in
                try body(row)
                return true
            }
        }
    }

    func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try StoreFault.translating {
            let statement = try database.cachedStatement(sql: texts.rewritten(sql))
            try statement.setArguments(try Self.arguments(values))
            let before = database.totalChangesCount
            try statement.execute()
            // SQLite keeps the count of the last change when a statement changes nothing.
            return database.totalChangesCount == before ? 0 : database.changesCount
        }
    }

    /// Hands over rows until `body` answers false.
    private func walk(_ statement: Statement, _ values: [SQLValue], _ body: (SQLRow) throws -> Bool) throws {
        try statement.setArguments(try Self.arguments(values))
        let columns = statement.columnNames
        let cursor = try Row.fetchCursor(statement)
        while let row = try cursor.next() {
            var values: [SQLValue] = []
            values.reserveCapacity(columns.count)
            for index in columns.indices {
                values.append(try Self.value(row[index], column: columns[index]))
            }
            guard try body(SQLRow(columns: columns, values: values)) else { break }
        }
    }

    private static func arguments(_ values: [SQLValue]) throws -> StatementArguments {
        // As existentials, because the library's way for values of one type goes through a key path each: half the
        // time of an import.
        StatementArguments(
            try values.map { value -> (any DatabaseValueConvertible)? in
                switch value {
                case .null: return nil
                case .int(let number): return number
                case .text(let text):
                    // SQLite would cut the text there, PostgreSQL refuses it.
                    if text.utf8.contains(0) { throw StoreFault.other("text with a NUL character") }
                    return text
                case .bytes(let bytes): return Data(bytes)
                }
            })
    }

    private static func value(_ value: DatabaseValue, column: String) throws(StoreFault) -> SQLValue {
        switch value.storage {
        case .null: return .null
        case .int64(let number): return .int(number)
        case .string(let text): return .text(text)
        case .blob(let data): return .bytes([UInt8](data))
        // No column of ours is REAL; a sum that overflowed into one must not pass for money.
        case .double: throw .wrongKind(column)
        }
    }
}
