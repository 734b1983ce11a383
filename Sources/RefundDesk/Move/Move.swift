import RefundDomain
public import Storage
import Vault

/// Copies a whole database to another one, of whichever engine, and proves that everything arrived.
///
/// Batches of rows are copied in the order of each table's primary key; each is one transaction at the target that also
/// notes how far it came, so that a move that was killed goes on where it stopped and no row comes twice. Nobody may
/// write to either database meanwhile: the caller sees to that, and what changed nevertheless is found at the end.
public struct Move: Sendable {
    /// Rows of a batch, where they are not so wide that one statement cannot bind them.
    public static let rowsPerBatchUsual = 1_000

    let source: any Store
    /// At the target, with the keys of the source.
    let desk: Desk
    let rowsPerBatch: Int

    var target: any Store { desk.store }

    /// - Parameters:
    ///   - source: a database of this program's version.
    ///   - desk: on a database that is new, empty, or holds an unfinished move from the same source.
    public init(from source: any Store, to desk: Desk, rowsPerBatch: Int = Move.rowsPerBatchUsual) {
        self.source = source
        self.desk = desk
        self.rowsPerBatch = rowsPerBatch
    }

    /// How far a move is.
    public struct Step: Sendable, Hashable {
        /// What is done with the rows.
        public enum Phase: Sendable, Hashable {
            case copying
            case comparing
        }

        public let phase: Phase
        public let table: String
        /// Rows of this table that are done, and that there are.
        public let tableDone: Int64
        public let tableTotal: Int64
        /// Rows of all tables in this phase.
        public let done: Int64
        public let total: Int64
    }

    /// Hears of each step; what it throws ends the move, which can be continued.
    public typealias Report = @Sendable (Step) throws -> Void

    /// What a move came to.
    public struct Outcome: Sendable, Hashable {
        public let tables: Int
        public let rows: Int64
        /// Rows that an earlier run had copied.
        public let rowsBefore: Int64
        /// What does not hold at the target, or not any more at the source. When there is anything, the move has not
        /// ended and no program serves the target.
        public let faults: [Fault]
    }

    /// Migrates the target, copies what is not there yet, compares both and verifies the target.
    ///
    /// - Throws: ``MoveFault``; ``StoreFault``, also when the source is not of this program's version; what `report`
    ///   throws.
    public func run(_ report: @escaping Report) async throws -> Outcome {
        try await Migrator(deskMigrations).requireCurrent(source)
        try await requireKeys()
        let (tables, plan) = try await survey()
        let progress = try await begin(tables, plan)
        let copied = try await copy(plan, progress, report)
        let faults = try await compare(plan, copied, report) + desk.verify()
        if faults.isEmpty { try await target.write { sql in try MoveMark.end(sql) } }
        return Outcome(
            tables: tables.count, rows: copied.values.map(\.rows).reduce(0, +),
            rowsBefore: progress.values.map(\.rows).reduce(0, +), faults: faults)
    }

    /// What lies sealed at the source must open at the target: with other keys hours would be for nothing.
    private func requireKeys() async throws {
        let keys = desk.keys
        let areOurs = try await source.read { sql in
            var areOurs = true
            try sql.each("SELECT stream, number, hash, mac FROM stream_head ORDER BY stream") { row in
                let mac = EventTable.headMAC(
                    try row.text("stream"), try row.int("number"), try row.bytes("hash"), keys)
                if try row.bytes("mac") != mac { areOurs = false }
            }
            return areOurs
        }
        guard areOurs else { throw MoveFault.otherKeys }
    }

    private func survey() async throws -> ([MovedTable], MovePlan) {
        let dialect = source.dialect
        return try await source.read { sql in
            let tables = try MovedTable.all(sql, dialect)
            return (tables, try MovePlan(tables, sql))
        }
    }

    /// Makes the target ready, or finds what an earlier run left there.
    private func begin(_ tables: [MovedTable], _ plan: MovePlan) async throws -> [String: RowDigest] {
        if let earlier = try await unfinishedSource() {
            guard earlier == plan.fingerprint else { throw MoveFault.otherSource }
        } else {
            let now = desk.clock()
            try await Migrator(deskMigrations).migrate(target, now: now.milliseconds)
            let dialect = target.dialect
            guard try await target.read({ sql in try MovedTable.all(sql, dialect) }) == tables else {
                throw MoveFault.schemasDiffer
            }
            try await target.write { sql in try MoveMark.begin(source: plan.fingerprint, tables, at: now, sql) }
        }
        return try await target.read { sql in try MoveMark.progress(sql) }
    }

    private func unfinishedSource() async throws -> String? {
        do {
            _ = try await Migrator(deskMigrations).status(of: target)
            return nil
        } catch StoreFault.schemaNewer(found: MoveMark.number, _) {
            return try await target.read { sql in try MoveMark.source(sql) }
        }
    }
}

/// What is to be moved.
struct MovePlan: Sendable {
    /// Each behind those that it refers to, with its rows.
    let tables: [(table: MovedTable, rows: Int64)]
    /// Of this source as it is now: its tables, how many rows each has, its keys and the ends of its audit streams.
    let fingerprint: String

    var rowCount: Int64 { tables.map(\.rows).reduce(0, +) }

    init(_ tables: [MovedTable], _ sql: any SQLReading) throws {
        self.tables = try tables.map { ($0, try $0.rowCount(sql)) }
        var digest = SHA256Stream()
        for (table, rows) in self.tables {
            digest.add(RowDigest.encoded([.text(table.name), .int(rows)] + table.columns.map { .text($0) }))
        }
        let statements = [
            "SELECT id, wrapped FROM data_key ORDER BY id",
            // In the order of bytes on both engines: the same source may be read again under another collation.
            "SELECT stream, number, hash FROM stream_head ORDER BY hash",
        ]
        for statement in statements {
            for row in try sql.rows(statement) { digest.add(RowDigest.encoded(row.values)) }
        }
        fingerprint = Hex.encode(digest.finish())
    }
}
