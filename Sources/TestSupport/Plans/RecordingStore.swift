import RefundDesk
public import Storage
import Synchronization

/// The statements that went to a database, each text once.
public final class StatementRecord: Sendable {
    private let texts = Mutex<Set<String>>([])

    /// A record that is still empty.
    public init() {}

    /// What was noted, in alphabetical order.
    public var statements: [String] { texts.withLock { $0.sorted() } }

    func note(_ statement: String) {
        texts.withLock { _ = $0.insert(statement) }
    }
}

/// A store that writes down which statements are asked of it and otherwise does what the one behind it does.
public struct RecordingStore: Store {
    private let store: any Store
    private let record: StatementRecord

    /// Stands in front of a store.
    public init(_ store: any Store, _ record: StatementRecord) {
        self.store = store
        self.record = record
    }

    public var dialect: SQLDialect { store.dialect }
    public var announcements: Announcements { store.announcements }

    /// As ``Store/read(_:)``; statements count as asked even when they fail.
    public func read<T: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> T) async throws -> T {
        try await store.read { sql in try body(record.noting(sql)) }
    }

    /// As ``Store/write(_:_:)``.
    @discardableResult
    public func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        try await store.write(isolation) { sql in try body(record.noting(sql)) }
    }
}

extension DeskWorld {
    /// The same world, whose desk's statements are written down.
    public func recorded(in record: StatementRecord) -> DeskWorld {
        at(
            Desk(
                store: RecordingStore(store, record), keys: keys, clock: desk.clock, chance: desk.chance,
                workingDays: desk.workingDays, arrivalWindows: desk.arrivalWindows, capabilities: desk.capabilities,
                policy: desk.policy, hurry: desk.hurry, leaseClock: desk.leaseClock))
    }
}

/// Statements of one transaction, each noted before it is asked.
private struct Recording<SQL> {
    let sql: SQL
    let record: StatementRecord
}

extension Recording: SQLReading where SQL: SQLReading {
    func rows(_ statement: String, _ values: [SQLValue]) throws -> [SQLRow] {
        record.note(statement)
        return try sql.rows(statement, values)
    }

    func row(_ statement: String, _ values: [SQLValue]) throws -> SQLRow? {
        record.note(statement)
        return try sql.row(statement, values)
    }

    func each(_ statement: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        record.note(statement)
        try sql.each(statement, values, body)
    }
}

extension Recording: SQLTransaction where SQL: SQLTransaction {
    func run(_ statement: String, _ values: [SQLValue]) throws -> Int {
        record.note(statement)
        return try sql.run(statement, values)
    }

    func announce(_ topic: String) {
        sql.announce(topic)
    }
}

extension StatementRecord {
    fileprivate func noting(_ sql: some SQLReading) -> any SQLReading { Recording(sql: sql, record: self) }
    fileprivate func noting(_ sql: some SQLTransaction) -> any SQLTransaction { Recording(sql: sql, record: self) }
}
