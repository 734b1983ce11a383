import RefundDomain
import Storage

extension Desk {
    /// Every loaded year is the one that its newest entry in the record tells of, and none is missing.
    func verifyCalendar(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var told: [String: (digest: String, at: Int64)] = [:]
        try sql.each(
            """
            SELECT   object_id, at_ms, facts
            FROM     event
            WHERE    stream = $1
            AND      what = 'calendar.loaded'
            ORDER BY number
            """, [.text(SealPlace.operatorTenant)]
        ) { row in
            told[try row.text("object_id")] = (eventFacts(try row.text("facts"))["digest"] ?? "", try row.int("at_ms"))
        }
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   region, year, source, holidays, make_up_days, loaded_ms
            FROM     working_year
            ORDER BY region, year
            """
        ) { row in
            let object = "\(try row.text("region"))/\(try row.int("year"))"
            let entry = told.removeValue(forKey: object)
            let digest = (try? CalendarTable.read(row)).map(CalendarTable.digest)
            let loaded = try row.int("loaded_ms")
            if digest != entry?.digest || loaded != entry?.at {
                found.append(Fault(check: "calendar", object: object, detail: "differs from its entry in the record"))
            }
        }
        for object in told.keys.sorted() {
            found.append(Fault(check: "calendar", object: object, detail: "was loaded and is missing"))
        }
        faults += found
    }
}
