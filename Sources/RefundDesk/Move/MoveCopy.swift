import Storage

extension Move {
    /// Copies what each table has more than `progress` says.
    ///
    /// - Returns: what the target was given of each table.
    func copy(
        _ plan: MovePlan, _ progress: [String: RowDigest], _ report: Report
    ) async throws -> [String: RowDigest] {
        var copied = progress
        var done = progress.values.map(\.rows).reduce(0, +)
        for (table, rows) in plan.tables {
            var batches = try await Self.naming(table) {
                try await TableCopy(table, rows: rows, copied[table.name] ?? RowDigest(), self)
            }
            while !batches.isComplete {
                let before = batches.digest.rows
                try await Self.naming(table) { try await batches.copyNext() }
                copied[table.name] = batches.digest
                done += batches.digest.rows - before
                try report(
                    Step(
                        phase: .copying, table: table.name, tableDone: batches.digest.rows, tableTotal: rows,
                        done: done, total: plan.rowCount))
            }
        }
        return copied
    }

    /// Says which table a database failed at.
    static func naming<T>(_ table: MovedTable, _ work: () async throws -> T) async throws -> T {
        do {
            return try await work()
        } catch let fault as StoreFault {
            throw MoveFault.stopped(table: table.name, fault)
        }
    }
}

/// One table on its way, a batch at a time; memory holds one batch.
private struct TableCopy {
    private let table: MovedTable
    private let rows: Int64
    private let move: Move
    private let limit: Int
    private var key: [SQLValue]?
    /// What the target has.
    private(set) var digest: RowDigest
    private(set) var isComplete: Bool

    /// - Parameter rows: how many the source has.
    init(_ table: MovedTable, rows: Int64, _ digest: RowDigest, _ move: Move) async throws {
        self.table = table
        self.rows = rows
        self.move = move
        self.digest = digest
        isComplete = digest.rows >= rows
        limit = table.rowsPerBatch(move.rowsPerBatch)
        key = try await move.source.read { sql in try table.key(atRow: digest.rows, sql) }
    }

    mutating func copyNext() async throws {
        let (table, key, limit) = (table, key, limit)
        let rows = try await move.source.read { sql in try table.page(after: key, limit: limit, sql) }
        // Fewer rows than were counted: the source changed, which the comparison will tell.
        guard let last = rows.last else { return isComplete = true }
        let before = digest
        var after = before
        for row in rows { after.add(row) }
        let noted = after
        // Right by itself: a batch is either noted and there, or neither.
        try await move.target.write(.eachStatement) { sql in
            try MoveMark.advance(table, from: before, to: noted, sql)
            try table.insert(rows, sql)
        }
        digest = after
        isComplete = after.rows >= self.rows
        self.key = try table.key(of: last)
    }
}
