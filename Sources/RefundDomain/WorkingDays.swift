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

    /// The most working days that are counted forward; more are cut to it.
    public static let countMax = 400

    /// A date found by counting, and whether published data covered the whole way.
    public struct Counted: Sendable, Hashable {
        public let day: Day
        public let isExact: Bool
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
