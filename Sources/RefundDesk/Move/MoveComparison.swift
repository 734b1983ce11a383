import Storage

extension Move {
    /// Rows between two reports.
    private static let rowsPerReport: Int64 = 1_000

    /// Reads both databases whole: what is at the source must be what was copied, and what was copied must be at the
    /// target, row for row; sums of money and the ends of the audit streams are compared by themselves.
    func compare(
        _ plan: MovePlan, _ copied: [String: RowDigest], _ report: @escaping Report
    ) async throws -> [Fault] {
        var faults: [Fault] = []
        var done: Int64 = 0
        // Each row is read on both sides.
        let total = 2 * plan.rowCount
        for (table, rows) in plan.tables {
            let expected = copied[table.name] ?? RowDigest()
            var found: [RowDigest] = []
            for store in [source, target] {
                let before = done
                let digest = try await Self.naming(table) {
                    try await Self.digest(of: table, store) { read in
                        try report(
                            Step(
                                phase: .comparing, table: table.name, tableDone: read, tableTotal: rows,
                                done: before + read, total: total))
                    }
                }
                found.append(digest)
                done += rows
            }
            if found.first != expected { faults.append(.init(move: table.name, "the source changed after the copy")) }
            if let there = found.last, there != expected { faults.append(Self.difference(table, there, expected)) }
            faults += try await Self.naming(table) { try await differingSums(table) }
            try await refreshStatistics(table)
        }
        return faults + (try await differingHeads())
    }

    private static func digest(
        of table: MovedTable, _ store: any Store, _ report: @escaping @Sendable (Int64) throws -> Void
    ) async throws -> RowDigest {
        let digest = try await store.read { sql in
            var digest = RowDigest()
            try table.each(sql) { row in
                digest.add(row)
                if digest.rows % rowsPerReport == 0 { try report(digest.rows) }
            }
            return digest
        }
        try report(digest.rows)
        return digest
    }

    private static func difference(_ table: MovedTable, _ there: RowDigest, _ expected: RowDigest) -> Fault {
        there.rows == expected.rows
            ? Fault(move: table.name, "some of the \(there.rows) rows hold something else than the source")
            : Fault(move: table.name, "\(there.rows) rows, the source has \(expected.rows)")
    }

    private func differingSums(_ table: MovedTable) async throws -> [Fault] {
        var faults: [Fault] = []
        for column in table.moneyColumns {
            let here = try await source.read { sql in try table.sums(of: column, sql) }
            let there = try await target.read { sql in try table.sums(of: column, sql) }
            for currency in Set(here.keys).union(there.keys).sorted() where here[currency] != there[currency] {
                let (wanted, found) = (here[currency, default: 0], there[currency, default: 0])
                faults.append(
                    Fault(move: "\(table.name).\(column)", "\(currency) \(found), the source has \(wanted)"))
            }
        }
        return faults
    }

    private func differingHeads() async throws -> [Fault] {
        let here = try await source.read { sql in try Self.heads(sql) }
        let there = try await target.read { sql in try Self.heads(sql) }
        return Set(here.keys).union(there.keys).sorted().filter { here[$0] != there[$0] }.map { stream in
            Fault(move: "stream_head", "the audit stream \(stream) ends elsewhere than at the source")
        }
    }

    private static func heads(_ sql: any SQLReading) throws -> [String: [SQLValue]] {
        var heads: [String: [SQLValue]] = [:]
        try sql.each("SELECT stream, number, hash, mac FROM stream_head ORDER BY stream") { row in
            heads[try row.text("stream")] = row.values
        }
        return heads
    }

    /// PostgreSQL counts a table by itself only minutes after it was filled, and guesses until then; SQLite never does,
    /// here or in service.
    private func refreshStatistics(_ table: MovedTable) async throws {
        switch target.dialect {
        case .sqlite: break
        case .postgres: try await target.write(.eachStatement) { sql in try table.refreshStatistics(sql) }
        }
    }
}

extension Fault {
    fileprivate init(move object: String, _ detail: String) {
        self.init(check: "move", object: object, detail: detail)
    }
}
