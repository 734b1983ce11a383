/// Which days banks and merchants work, from published data; beyond the data Monday to Friday.
public struct WorkingDays: Sendable, Hashable {
    /// Holidays that fall on Monday to Friday.
    public let holidays: Set<Day>
    /// Saturdays and Sundays that are worked to make up for a holiday.
    public let makeUpDays: Set<Day>
    /// The years that the data covers.
    public let years: Set<Int>

    public init(holidays: Set<Day>, makeUpDays: Set<Day>, years: Set<Int>) {
        self.holidays = holidays
        self.makeUpDays = makeUpDays
        self.years = years
    }

    /// The days of one region, where a later year of the same number replaces an earlier one.
    public init(_ years: some Sequence<WorkingYear>) {
        self = WorkingDays(holidays: [], makeUpDays: [], years: []).replacing(years)
    }

    /// The same days with other data for the years that are given.
    public func replacing(_ loaded: some Sequence<WorkingYear>) -> WorkingDays {
        var newest: [Int: WorkingYear] = [:]
        for year in loaded { newest[year.year] = year }
        guard !newest.isEmpty else { return self }
        return WorkingDays(
            holidays: holidays.filter { newest[$0.year] == nil }.union(newest.values.flatMap(\.holidays)),
            makeUpDays: makeUpDays.filter { newest[$0.year] == nil }.union(newest.values.flatMap(\.makeUpDays)),
            years: years.union(newest.keys))
    }

    /// The last day from which back to `day` published data covers everything; nil when it does not cover `day`.
    public func coveredUntil(from day: Day) -> Day? {
        var last: Day?
        var year = day.year
        while years.contains(year), let end = Day(year: year, month: 12, day: 31) {
            last = end
            year += 1
        }
        return last
    }

    /// The most working days that are counted forward; more are cut to it.
    public static let countMax = 400

    /// A date found by counting, and whether published data covered the whole way.
    public struct Counted: Sendable, Hashable {
        public let day: Day
        public let isExact: Bool

        public init(day: Day, isExact: Bool) {
            self.day = day
            self.isExact = isExact
        }
    }

    /// Whether a day is worked.
    public func isWorked(_ day: Day) -> Bool {
        if makeUpDays.contains(day) { return true }
        return day.weekday <= 5 && !holidays.contains(day)
    }

    /// The day that is so many working days after another; zero gives the day itself, worked or not.
    public func adding(_ count: Int, to start: Day) -> Counted {
        var day = start
        var isExact = years.contains(start.year)
        var left = min(max(count, 0), WorkingDays.countMax)
        while left > 0 {
            let next = day.adding(days: 1)
            guard next > day else { break }
            day = next
            if !years.contains(day.year) { isExact = false }
            if isWorked(day) { left -= 1 }
        }
        return Counted(day: day, isExact: isExact)
    }

    /// How many working days lie after `start` up to and with `end`; negative when `end` is before `start`.
    public func count(from start: Day, to end: Day) -> Int {
        if end < start { return -count(from: end, to: start) }
        var day = start
        var result = 0
        while day < end, result < WorkingDays.countMax {
            day = day.adding(days: 1)
            if isWorked(day) { result += 1 }
        }
        return result
    }
}
