/// One value bound to a statement or read from a row: the four kinds that both engines share.
///
/// Times are whole milliseconds, money is minor units, ids are text, sealed things are bytes.
/// There is no floating point on purpose.
public enum SQLValue: Sendable, Hashable {
    /// SQL `NULL`.
    case null
    /// A signed 64-bit whole number (`INT64` in a migration).
    case int(Int64)
    /// Text in UTF-8, without NUL characters.
    case text(String)
    /// Raw bytes (`BYTES` in a migration).
    case bytes([UInt8])

    /// The number, or `NULL` when there is none.
    public static func int(_ number: Int64?) -> SQLValue {
        guard let number else { return .null }
        return .int(number)
    }

    /// The text, or `NULL` when there is none.
    public static func text(_ text: String?) -> SQLValue {
        guard let text else { return .null }
        return .text(text)
    }

    /// The bytes, or `NULL` when there are none.
    public static func bytes(_ bytes: [UInt8]?) -> SQLValue {
        guard let bytes else { return .null }
        return .bytes(bytes)
    }

    /// A count, for `LIMIT` and attempts, as a database number.
    public static func int(_ count: Int) -> SQLValue {
        .int(Int64(count))
    }
}
