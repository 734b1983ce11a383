public import RefundDomain
public import Storage

/// Dates that were counted in working days, as rows and facts keep them: whether published data covered the whole way
/// is kept beside the date, because a date that was promised does not get better when the data comes later.
extension SQLRow {
    /// A counted date and whether it is exact; dates from before this was kept count as exact.
    public func counted(_ column: String, exact: String) throws -> WorkingDays.Counted {
        guard let counted = try countedOrNil(column, exact: exact) else { throw StoreFault.unexpectedNull(column) }
        return counted
    }

    /// A counted date and whether it is exact, or nil for `NULL`.
    public func countedOrNil(_ column: String, exact: String) throws -> WorkingDays.Counted? {
        let isExact = try intOrNil(exact) != 0
        return try dayOrNil(column).map { WorkingDays.Counted(day: $0, isExact: isExact) }
    }

    /// The dates between which a movement's money is expected; nil until the channel has taken the refund on. Its
    /// columns are `expected_from`, `expected_on` and `expected_exact`.
    public func expectedArrival() throws -> ArrivalDates? {
        guard let latest = try countedOrNil("expected_on", exact: "expected_exact") else { return nil }
        return ArrivalDates(earliest: try dayOrNil("expected_from") ?? latest.day, latest: latest)
    }
}

extension ArrivalDates {
    /// As facts of an event.
    var facts: [String: String] {
        latest.facts("expected").merging(["expected_from": earliest.iso]) { first, _ in first }
    }

    /// Reads ``facts`` back; nil where there are no such dates.
    init?(in facts: [String: String]) {
        guard let earliest = facts["expected_from"].flatMap({ Day(iso: $0) }),
            let latest = WorkingDays.Counted("expected", in: facts)
        else { return nil }
        self.init(earliest: earliest, latest: latest)
    }
}

extension WorkingDays.Counted {
    /// As it is kept beside its date.
    var exactValue: SQLValue { .int(isExact ? 1 : 0) }

    /// As facts of an event or values of a message: `due_on`, and `due_about` where it is not exact.
    func facts(_ name: String) -> [String: String] {
        isExact ? ["\(name)_on": day.iso] : ["\(name)_on": day.iso, "\(name)_about": "yes"]
    }

    /// Reads ``facts(_:)`` back; nil where there is no such date.
    public init?(_ name: String, in facts: [String: String]) {
        guard let day = facts["\(name)_on"].flatMap({ Day(iso: $0) }) else { return nil }
        self.init(day: day, isExact: facts["\(name)_about"] == nil)
    }
}
