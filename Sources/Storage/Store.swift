/// Which SQL an engine speaks. Needed only where both engines share no wording, which a comment must explain.
public enum SQLDialect: Sendable, Hashable, CaseIterable {
    case sqlite
    case postgres
}

/// Reads inside one transaction: everything read belongs to one moment.
///
/// Statements name values as `$1`, `$2`, … in any order and as often as needed; nothing is ever interpolated.
/// The value may not be kept after the closure that received it returns.
public protocol SQLReading {
    /// All rows of an answer; use it where the statement has a `LIMIT`.
    ///
    /// - Throws: ``StoreFault``.
    func rows(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow]

    /// The first row of an answer, or nil when there is none.
    ///
    /// - Throws: ``StoreFault``.
    func row(_ sql: String, _ values: [SQLValue]) throws -> SQLRow?

    /// Hands over one row after the other without holding them all in memory.
    ///
    /// - Throws: ``StoreFault``, or what `body` throws, which ends the walk.
    func each(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws
}

/// Reads and changes inside one transaction.
public protocol SQLTransaction: SQLReading {
    /// Runs one statement that changes something.
    ///
    /// After a ``StoreFault`` the transaction is over: let it pass, never catch it and carry on
    /// (PostgreSQL aborts the transaction, SQLite would not).
    ///
    /// - Returns: how many rows the statement itself inserted, changed or deleted; 0 for a definition.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue]) throws -> Int

    /// Tells whoever listens to the topic, on this server and on others, that something about it has changed.
    ///
    /// It is told when the transaction has committed, once for each topic, and never when it has not. On this server
    /// that is before `write` returns. See ``Announcements`` for what listeners may rely on.
    ///
    /// - Parameter topic: at most 100 characters of ASCII, such as `case/ID`.
    func announce(_ topic: String)
}

extension SQLReading {
    /// All rows of a statement without values.
    public func rows(_ sql: String) throws -> [SQLRow] { try rows(sql, []) }

    /// The first row of a statement without values.
    public func row(_ sql: String) throws -> SQLRow? { try row(sql, []) }

    /// Each row of a statement without values.
    public func each(_ sql: String, _ body: (SQLRow) throws -> Void) throws { try each(sql, [], body) }
}

extension SQLTransaction {
    /// Runs one statement without values.
    @discardableResult
    public func run(_ sql: String) throws -> Int { try run(sql, []) }
}

/// One database, whichever engine.
///
/// Closures are synchronous, so that a transaction never waits for anything but the database.
public protocol Store: Sendable {
    /// Which SQL the engine speaks.
    var dialect: SQLDialect { get }

    /// Where to hear what transactions have announced, through this store or through another server's.
    var announcements: Announcements { get }

    /// Runs `body` in one transaction that only reads and sees everything committed before it began.
    ///
    /// - Throws: ``StoreFault``, or what `body` throws.
    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> T) async throws -> T

    /// Runs `body` in one transaction and returns when its changes are on disk.
    ///
    /// `body` may run more than once, and only the last run counts: draw ids, time and randomness before it, touch
    /// nothing outside it, and tell nobody anything from within.
    ///
    /// - Throws: what `body` throws, or a ``StoreFault``: then nothing has changed. ``StoreFault/commitUnknown``
    ///   is the one exception.
    @discardableResult
    func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T
}

extension Store {
    /// Runs `body` as if no other transaction ran at the same time; see ``write(_:_:)``.
    @discardableResult
    public func write<T: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> T) async throws -> T {
        try await write(.serializable, body)
    }
}

/// How far a transaction that changes something is kept apart from others at the same time.
public enum Isolation: Sendable, Hashable {
    /// As if it ran alone: whatever was read still holds when it commits. The engine may make it run again for that.
    case serializable
    /// Each statement sees what was committed when it began. Only for work whose every statement is right by itself,
    /// such as claiming a row that nobody else holds. SQLite, which has one writer, gives more.
    case eachStatement
    /// As ``eachStatement``, for migrations: references between tables need to hold only when it commits, so that a
    /// table can be built anew under its name.
    case schema
}
