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

    /// The loaded rows of capabilities are those that the newest entry in the record tells of.
    func verifyCapabilities(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let told = try sql.row(
            """
            SELECT   at_ms, facts
            FROM     event
            WHERE    stream = $1
            AND      what = 'capabilities.loaded'
            ORDER BY number DESC
            LIMIT    1
            """, [.text(SealPlace.operatorTenant)])
        let rows = try? CapabilityTable.all(sql)
        let digest = try told.map { eventFacts(try $0.text("facts"))["digest"] } ?? CapabilityTable.digest([])
        let isAsTold = try CapabilityTable.wereLoaded(at: told?.int("at_ms"), sql)
        guard rows.map(CapabilityTable.digest) != digest || !isAsTold else { return }
        let detail = "differs from its entry in the record"
        faults.append(Fault(check: "capability", object: "loaded", detail: detail))
    }

    /// The dates on which a movement's money is expected are those that its newest entry with dates tells of.
    func verifyExpectedArrivals(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var found: [Fault] = []
        var last: (id: String, kept: ArrivalDates?, told: ArrivalDates?)?
        let compare = { (found: inout [Fault]) in
            guard let last, last.kept != last.told else { return }
            found.append(Fault(check: "expected", object: last.id, detail: "dates differ from the record"))
        }
        try sql.each(
            """
            SELECT    movement.id, movement.expected_from, movement.expected_on, movement.expected_exact, event.facts
            FROM      movement
            LEFT JOIN event
            ON        event.object_id = movement.id
            AND       event.what IN ('movement.accepted', 'movement.at_bank', 'movement.succeeded')
            ORDER BY  movement.id, event.number
            """
        ) { row in
            let id = try row.text("id")
            if id != last?.id {
                compare(&found)
                last = (id, try row.expectedArrival(), nil)
            }
            if let told = ArrivalDates(in: eventFacts(try row.textOrNil("facts") ?? "")) { last?.told = told }
        }
        compare(&found)
        faults += found
    }
}
