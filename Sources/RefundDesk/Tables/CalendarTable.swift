import RefundDomain
import Storage
import Vault

/// SQL on years of working days that were loaded.
enum CalendarTable {
    /// The most years that are read: all that one region may have.
    private static let yearsMax = Int64(WorkingYear.range.count)

    /// The loaded years of a region, in order.
    static func years(of region: String, _ sql: any SQLReading) throws -> [WorkingYear] {
        try sql.rows(
            """
            SELECT   region, year, source, holidays, make_up_days
            FROM     working_year
            WHERE    region = $1
            ORDER BY year
            LIMIT    $2
            """, [.text(region), .int(yearsMax)]
        ).map(read)
    }

    /// One loaded year.
    static func find(_ region: String, _ year: Int, _ sql: any SQLReading) throws -> WorkingYear? {
        try sql.row(
            """
            SELECT region, year, source, holidays, make_up_days
            FROM   working_year
            WHERE  region = $1
            AND    year = $2
            """, [.text(region), .int(Int64(year))]
        ).map(read)
    }

    /// Writes a year, in the place of what was loaded for it before.
    static func put(_ year: WorkingYear, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO working_year (region, year, source, holidays, make_up_days, loaded_ms)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (region, year) DO UPDATE
            SET    source = excluded.source, holidays = excluded.holidays, make_up_days = excluded.make_up_days,
                   loaded_ms = excluded.loaded_ms
            """,
            [
                .text(year.region), .int(Int64(year.year)), .text(year.source), .text(text(year.holidays)),
                .text(text(year.makeUpDays)), .int(now.milliseconds),
            ])
    }

    /// What the record keeps of a loaded year, so that a changed row is found.
    static func digest(_ year: WorkingYear) -> String {
        let lines = [year.region, String(year.year), year.source, text(year.holidays), text(year.makeUpDays)]
        return Hex.encode(Digest.sha256(lines.joined(separator: "\n")))
    }

    /// - Throws: ``StoreFault/wrongKind(_:)`` for a row that no load has written.
    static func read(_ row: SQLRow) throws -> WorkingYear {
        do {
            return try WorkingYear(
                region: try row.text("region"), year: Int(try row.int("year")), source: try row.text("source"),
                holidays: try days(row, "holidays"), makeUpDays: try days(row, "make_up_days"))
        } catch is WorkingYear.Fault {
            throw StoreFault.wrongKind("working_year")
        }
    }

    private static func text(_ days: [Day]) -> String { days.map(\.iso).joined(separator: ",") }

    private static func days(_ row: SQLRow, _ column: String) throws -> [Day] {
        try row.text(column).split(separator: ",").map { text in
            guard let day = Day(iso: String(text)) else { throw StoreFault.wrongKind(column) }
            return day
        }
    }
}
