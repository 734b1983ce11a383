import Foundation
import GRDB
import Storage

/// A compiled statement and how many values it takes.
struct PreparedStatement {
    let statement: Statement
    private let valueCount: Int

    init(_ statement: Statement, valueCount: Int) {
        self.statement = statement
        self.valueCount = valueCount
    }

    /// Sets the values of `?1`, `?2`, … for the next execution.
    ///
    /// Each goes straight to SQLite: the library's list of arguments, which is checked against the parameters' names,
    /// boxed and copied, took more than a third of an import.
    func bind(_ values: [SQLValue]) throws {
        guard values.count == valueCount else {
            throw StoreFault.other("\(values.count) values for a statement that takes \(valueCount)")
        }
        // Ends the execution before, forgets its values and tells the library that there is nothing left to set.
        statement.setUncheckedArguments(StatementArguments())
        for (place, value) in zip(CInt(1)..., values) {
            let code = try Self.bind(value, to: statement.sqliteStatement, at: place)
            let result = ResultCode(rawValue: code)
            guard result == .SQLITE_OK else { throw DatabaseError(resultCode: result) }
        }
    }

    private static func bind(
        _ value: SQLValue, to statement: SQLiteStatement, at place: CInt
    ) throws(StoreFault) -> CInt {
        switch value {
        // What has no value is NULL.
        case .null: return ResultCode.SQLITE_OK.rawValue
        case .int(let number): return number.bind(to: statement, at: place)
        case .text(let text):
            // SQLite would cut the text there, PostgreSQL refuses it.
            if text.utf8.contains(0) { throw .other("text with a NUL character") }
            return text.bind(to: statement, at: place)
        case .bytes(let bytes): return Data(bytes).bind(to: statement, at: place)
        }
    }
}
