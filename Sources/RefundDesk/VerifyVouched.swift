import Storage

extension Desk {
    /// Every row that an event vouches for is as the event says, and none is there that no event tells of.
    ///
    /// Events of earlier versions carry no digest: their rows are only looked for.
    func verifyVouched(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        for vouched in Vouched.all {
            var found: [Fault] = []
            try eachTold(vouched.statementOfTold, key: 1, sql) { row in
                let events = row.events.filter { vouched.events.contains($0.what) }
                if events.isEmpty { found.append(fault(vouched.table, row, "no event tells of it")) }
                found += differences(of: row, vouched.table, vouched.parts)
            }
            try sql.each(vouched.statementOfMissing) { row in
                guard vouched.events.contains(try row.text("what")) else { return }
                found.append(missing(vouched.table, try row.text("object_id")))
            }
            faults += found.prefix(Desk.verifyFaultsMax)
        }
    }

    /// Cases with their holds, movements and attempts are as the newest event that vouches for them says.
    func verifyVouchedCases(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var found: [Fault] = []
        try eachTold(VouchedCase.statementOfToldCases, key: 1, sql) { row in
            guard !VouchedCase.isDraft(row.values) else { return }
            found += differences(of: row, "refund_case", VouchedCase.caseParts)
        }
        try eachTold(VouchedCase.statementOfToldMovements, key: 1, sql) { row in
            found += differences(of: row, "movement", VouchedCase.movementParts)
        }
        try eachTold(VouchedCase.statementOfToldAttempts, key: 2, sql) { row in
            guard case .int(let number) = row.values.dropFirst().first else { return }
            let part = VouchedCase.attemptPart(number)
            // An attempt ends, so that only the newest word about it counts.
            let said = row.events.compactMap { $0.facts[part.fact] }.last
            guard let said, said != part.digest(row.values, keys) else { return }
            found.append(fault("attempt", row, "differs from the record"))
        }
        for (object, table) in [("case", "refund_case"), ("movement", "movement")] {
            let vouched = Vouched(table: table, object: object, events: [], fixed: ["id"])
            try sql.each(vouched.statementOfMissing) { row in
                found.append(missing(table, try row.text("object_id")))
            }
        }
        faults += found.prefix(Desk.verifyFaultsMax)
    }

    /// What a case had when an event vouched for it is all there, unchanged, and nothing was slipped in since.
    func verifyGroups(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        for group in VouchedGroup.all {
            var found: [Fault] = []
            var told: ToldGroup?
            try sql.each(
                """
                SELECT   event.case_id, event.what, event.facts
                FROM     event
                JOIN     refund_case
                ON       refund_case.id = event.case_id
                WHERE    refund_case.submitted_ms IS NOT NULL
                ORDER BY event.case_id, event.number
                """
            ) { row in
                guard group.events.contains(try row.text("what")) else { return }
                let facts = eventFacts(try row.text("facts"))
                guard let said = facts[group.fact] else { return }
                let caseID = try row.text("case_id")
                if told?.caseID != caseID {
                    found += try differences(of: told, group, sql)
                    told = ToldGroup(caseID: caseID)
                }
                told?.newest = VouchedGroup.digests(said)
                told?.all.formUnion(VouchedGroup.digests(said))
                told?.now = facts[group.factNow]
            }
            found += try differences(of: told, group, sql)
            faults += found.prefix(Desk.verifyFaultsMax)
        }
    }

    /// What the events of a case say of its rows in one table.
    private struct ToldGroup {
        let caseID: String
        var newest: Set<String> = []
        var all: Set<String> = []
        var now: String?
    }

    private func differences(of told: ToldGroup?, _ group: VouchedGroup, _ sql: any SQLReading) throws -> [Fault] {
        guard let told else { return [] }
        let rows = try group.rows(of: told.caseID, sql)
        let there = group.digestsOfFixed(rows, keys)
        let isChanged = told.now.map { $0 != group.digestOfChanging(rows, keys) } ?? false
        guard there != told.newest || there != told.all || isChanged else { return [] }
        let object = "\(group.table) of \(told.caseID)"
        return [Fault(check: "row-record", object: object, detail: "differ from the record")]
    }

    // MARK: What is told

    /// A row and what the events about it say, oldest first.
    private struct ToldRow {
        let values: [SQLValue]
        var events: [(what: String, facts: [String: String])] = []
    }

    /// Hands over each row of a statement that gives it once for each event, by its first columns.
    private func eachTold(
        _ statement: String, key: Int, _ sql: any SQLReading, _ body: (ToldRow) -> Void
    ) throws {
        var current: ToldRow?
        try sql.each(statement) { row in
            let values = Array(row.values.dropLast(2))
            if current?.values.prefix(key) != values.prefix(key) {
                if let current { body(current) }
                current = ToldRow(values: values)
            }
            guard let what = try row.textOrNil("told_what") else { return }
            current?.events.append((what, eventFacts(try row.text("told_facts"))))
        }
        if let current { body(current) }
    }

    /// What never changes is as every event says, what changes as the newest one says.
    private func differences(of row: ToldRow, _ table: String, _ parts: [VouchedPart]) -> [Fault] {
        var found: [Fault] = []
        for part in parts {
            let said = row.events.compactMap { $0.facts[part.fact] }
            let digest = part.digest(row.values, keys)
            let counting = part.isFixed ? said : said.suffix(1)
            guard counting.contains(where: { $0 != digest }) else { continue }
            let detail = part.isFixed ? "differs from the record" : "was changed since the record's last word"
            found.append(fault(table, row, detail))
        }
        return found
    }

    private func fault(_ table: String, _ row: ToldRow, _ detail: String) -> Fault {
        guard case .text(let id) = row.values.first else { return missing(table, "?") }
        return Fault(check: "row-record", object: "\(table)/\(id)", detail: detail)
    }

    private func missing(_ table: String, _ id: String) -> Fault {
        Fault(check: "row-record", object: "\(table)/\(id)", detail: "is in the record and missing")
    }
}
