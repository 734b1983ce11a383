public import RefundDomain
import Storage

/// What loading did to one year.
public enum CalendarChange: String, Sendable, Hashable {
    /// Nothing was loaded for it before.
    case new
    /// Other data was loaded for it before.
    case replaced
    /// The same was loaded before; nothing was written.
    case unchanged
}

extension Desk {
    /// Stores years of working days, all of them or none. From then on every date is counted with them; dates that were
    /// promised before stay as they were promised.
    ///
    /// - Returns: what became of each, in the order given.
    @discardableResult
    public func loadCalendar(_ years: [WorkingYear]) async throws -> [CalendarChange] {
        let now = clock()
        return try await store.write { sql in
            try EventTable.hold(SealPlace.operatorTenant, sql)
            return try years.map { try load($0, at: now, sql) }
        }
    }

    /// The years of the usual region that were loaded, in order.
    public func loadedYears(of region: String = WorkingYear.usualRegion) async throws -> [WorkingYear] {
        try await store.read { sql in try CalendarTable.years(of: region, sql) }
    }

    /// The days that banks and merchants work: what was loaded, and for other years the program's own files.
    ///
    /// It is read in the transaction that counts with it, because another process may have loaded a year a moment ago.
    func calendar(_ sql: any SQLReading) throws -> WorkingDays {
        workingDays.replacing(try CalendarTable.years(of: WorkingYear.usualRegion, sql))
    }

    private func load(_ year: WorkingYear, at now: Moment, _ sql: any SQLTransaction) throws -> CalendarChange {
        let before = try CalendarTable.find(year.region, year.year, sql)
        guard before != year else { return .unchanged }
        try CalendarTable.put(year, at: now, sql)
        let event = NewEvent(
            stream: SealPlace.operatorTenant, actor: .system, what: "calendar.loaded", object: "calendar",
            objectID: "\(year.region)/\(year.year)",
            facts: [
                "region": year.region, "year": String(year.year), "source": year.source,
                "holidays": String(year.holidays.count), "make_up_days": String(year.makeUpDays.count),
                "digest": CalendarTable.digest(year),
            ], visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
        return before == nil ? .new : .replaced
    }
}
