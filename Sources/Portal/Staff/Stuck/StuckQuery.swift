import RefundDesk
import RefundDomain
import Storage

/// Something that waits for somebody.
struct StuckLine: Sendable {
    let key: MomentKey
    let number: String?
    let merchant: CaseFile.Merchant?
    let amount: Money
    let since: Moment
    /// A channel's code, a bank's reference, or what kind of thing it is.
    let detail: String?
}

/// Reads the worklists of what does not move by itself. Leave to read every merchant's cases has to be shown.
struct StuckQuery: Sendable {
    static let pageLines = 25
    /// Where counting stops.
    static let countMax = 100

    let everyMerchant: EveryMerchant
    let now: Moment

    struct Page: Sendable {
        let lines: [StuckLine]
        let next: MomentKey?
    }

    func page(_ kind: StuckKind, after key: MomentKey, _ sql: any SQLReading) throws -> Page {
        let found = try rows(kind, after: key, count: StuckQuery.pageLines + 1, sql)
        let lines = try found.prefix(StuckQuery.pageLines).map { try line($0, sql) }
        return Page(lines: lines, next: found.count > lines.count ? lines.last?.key : nil)
    }

    /// How many wait in each worklist, as far as it is counted.
    func counts(_ sql: any SQLReading) throws -> [(kind: StuckKind, count: Int)] {
        try StuckKind.allCases.map { ($0, try rows($0, after: .first, count: StuckQuery.countMax, sql).count) }
    }

    private func rows(
        _ kind: StuckKind, after key: MomentKey, count: Int, _ sql: any SQLReading
    ) throws -> [SQLRow] {
        let until = now.adding(seconds: -kind.patienceHours * 3_600)
        var values: [SQLValue] = [
            .int(key.milliseconds), .text(key.id), .int(until.milliseconds), .int(count),
        ]
        if let state = kind.state { values.append(.text(state.rawValue)) }
        return try sql.rows(kind.statement, values)
    }

    private func line(_ row: SQLRow, _ sql: any SQLReading) throws -> StuckLine {
        let found = try row.textOrNil("case_id").flatMap { id in try sql.row(StuckStatements.line, [.text(id)]) }
        return StuckLine(
            key: MomentKey(milliseconds: try row.int("since_ms"), id: try row.text("id")),
            number: try found?.text("number"),
            merchant: try found.map { found in
                CaseFile.Merchant(
                    id: try found.text("merchant_id"), name: try found.text("name"),
                    nameEnglish: try found.textOrNil("name_en"), zone: Zone(try found.text("zone")) ?? .utc)
            },
            amount: try row.money("amount_minor"), since: try row.moment("since_ms"),
            detail: try row.textOrNil("detail"))
    }
}
