/// One row of an answer, read by column name.
///
/// Asking for a column that the statement did not name, or for another kind of value than it holds,
/// is a mistake in the program: it throws a ``StoreFault`` that names the column and never traps.
public struct SQLRow: Sendable, Hashable {
    private let columns: [String]
    /// All values in the order of the statement.
    public let values: [SQLValue]

    /// Makes a row; engines do this, and tests that need a row without a database.
    ///
    /// - Parameter columns: the names in the order of the statement; rows of one answer share the array.
    public init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// The value of a column, whatever its kind.
    public func value(_ column: String) throws(StoreFault) -> SQLValue {
        guard let index = columns.firstIndex(of: column), index < values.count else {
            throw .missingColumn(column)
        }
        return values[index]
    }

    /// A whole number that must be there.
    public func int(_ column: String) throws(StoreFault) -> Int64 {
        guard let number = try intOrNil(column) else { throw .unexpectedNull(column) }
        return number
    }

    /// A whole number, or nil for `NULL`.
    public func intOrNil(_ column: String) throws(StoreFault) -> Int64? {
        switch try value(column) {
        case .int(let number): return number
        case .null: return nil
        case .text, .bytes: throw .wrongKind(column)
        }
    }

    /// Text that must be there.
    public func text(_ column: String) throws(StoreFault) -> String {
        guard let text = try textOrNil(column) else { throw .unexpectedNull(column) }
        return text
    }

    /// Text, or nil for `NULL`.
    public func textOrNil(_ column: String) throws(StoreFault) -> String? {
        switch try value(column) {
        case .text(let text): return text
        case .null: return nil
        case .int, .bytes: throw .wrongKind(column)
        }
    }

    /// Bytes that must be there; an empty value is there.
    public func bytes(_ column: String) throws(StoreFault) -> [UInt8] {
        guard let bytes = try bytesOrNil(column) else { throw .unexpectedNull(column) }
        return bytes
    }

    /// Bytes, or nil for `NULL`.
    public func bytesOrNil(_ column: String) throws(StoreFault) -> [UInt8]? {
        switch try value(column) {
        case .bytes(let bytes): return bytes
        case .null: return nil
        case .int, .text: throw .wrongKind(column)
        }
    }
}
