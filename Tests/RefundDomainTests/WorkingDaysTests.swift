import RefundDomain
import Testing

@Suite struct WorkingYearTests {
    private func day(_ iso: String) throws -> Day { try #require(Day(iso: iso)) }

    @Test func aYearHoldsOnlyWhatCanBeMeant() throws {
        let newYear = try day("2027-01-01")
        let saturday = try day("2027-01-09")
        let make = { (region: String, year: Int, source: String, free: [Day], worked: [Day]) in
            try WorkingYear(region: region, year: year, source: source, holidays: free, makeUpDays: worked)
        }
        #expect(try make("CN", 2027, "notice", [newYear], [saturday]).makeUpDays == [saturday])
        #expect(throws: WorkingYear.Fault.region("cn")) { try make("cn", 2027, "notice", [newYear], []) }
        #expect(throws: WorkingYear.Fault.year(1999)) { try make("CN", 1999, "notice", [newYear], []) }
        #expect(throws: WorkingYear.Fault.sourceMissing) { try make("CN", 2027, " ", [newYear], []) }
        #expect(throws: WorkingYear.Fault.sourceTooLong) {
            try make("CN", 2027, String(repeating: "x", count: 501), [newYear], [])
        }
        #expect(throws: WorkingYear.Fault.noHolidays(2027)) { try make("CN", 2027, "notice", [], [saturday]) }
        #expect(throws: WorkingYear.Fault.otherYear(newYear)) { try make("CN", 2028, "notice", [newYear], []) }
        #expect(throws: WorkingYear.Fault.twice(newYear)) { try make("CN", 2027, "notice", [newYear, newYear], []) }
        #expect(throws: WorkingYear.Fault.holidayAtWeekend(saturday)) {
            try make("CN", 2027, "notice", [saturday], [])
        }
        #expect(throws: WorkingYear.Fault.makeUpDayInTheWeek(newYear)) {
            try make("CN", 2027, "notice", [saturday.adding(days: 2)], [newYear])
        }
    }

    @Test func aLaterYearReplacesAnEarlierOneAndLeavesOthers() throws {
        let (first, second) = (try day("2026-10-01"), try day("2026-10-02"))
        let newYear = try day("2027-01-01")
        let old = [
            try WorkingYear(region: "CN", year: 2026, source: "a", holidays: [first], makeUpDays: []),
            try WorkingYear(region: "CN", year: 2027, source: "a", holidays: [newYear], makeUpDays: []),
        ]
        let correction = try WorkingYear(region: "CN", year: 2026, source: "b", holidays: [second], makeUpDays: [])
        let days = WorkingDays(old).replacing([correction])
        #expect(days.isWorked(first) && !days.isWorked(second) && !days.isWorked(newYear))
        #expect(days.years == [2026, 2027])
        #expect(days == WorkingDays(old + [correction]))
        #expect(days.replacing([]) == days)
    }

    @Test func theEndOfTheDataIsThatOfTheYearsWithoutAGap() throws {
        let days = WorkingDays(holidays: [], makeUpDays: [], years: [2024, 2025, 2027])
        #expect(days.coveredUntil(from: try day("2024-06-01"))?.iso == "2025-12-31")
        #expect(days.coveredUntil(from: try day("2027-01-01"))?.iso == "2027-12-31")
        #expect(days.coveredUntil(from: try day("2026-12-31")) == nil)
    }
}

/// Calendars drawn from seeds, with holidays in long rows, make-up days around them and ends of years between.
@Suite struct GeneratedWorkingDaysTests {
    /// A year with one to seven holidays of up to nine days, each with up to two worked weekend days near it.
    private static func calendar(_ years: ClosedRange<Int>, _ random: inout SeededGenerator) -> WorkingDays {
        var free: Set<Day> = []
        var worked: Set<Day> = []
        for year in years {
            guard let newYear = Day(year: year, month: 1, day: 1) else { continue }
            for _ in 0..<Int.random(in: 1...7, using: &random) {
                let start = newYear.adding(days: Int64.random(in: -3...360, using: &random))
                let length = Int64.random(in: 1...9, using: &random)
                let row = (0..<length).map { start.adding(days: $0) }
                free.formUnion(row.filter { $0.weekday <= 5 && $0.year == year })
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    let near = start.adding(days: Int64.random(in: -10...18, using: &random))
                    if near.weekday > 5, near.year == year { worked.insert(near) }
                }
            }
        }
        return WorkingDays(holidays: free, makeUpDays: worked, years: Set(years))
    }

    @Test(arguments: UInt64(0)..<60)
    func addingAndCountingAreInverse(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let days = Self.calendar(2024...2028, &random)
        let first = try #require(Day(year: 2024, month: 1, day: 1))
        for _ in 0..<60 {
            let start = first.adding(days: Int64.random(in: 0...1400, using: &random))
            let count = Int.random(in: 0...60, using: &random)
            let end = days.adding(count, to: start).day
            #expect(days.count(from: start, to: end) == count)
            #expect(days.count(from: end, to: start) == -count)
            #expect(count == 0 || days.isWorked(end), "nothing is due on a free day")
            let other = start.adding(days: Int64.random(in: 0...90, using: &random))
            let between = days.count(from: start, to: other)
            #expect(days.adding(between, to: start).day <= other)
            #expect(!days.isWorked(other) || days.adding(between, to: start).day == other || between == 0)
        }
    }

    @Test(arguments: UInt64(0)..<60)
    func stepsAddUpAndNeverGoBack(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let days = Self.calendar(2024...2028, &random)
        let first = try #require(Day(year: 2024, month: 1, day: 1))
        for _ in 0..<30 {
            let start = first.adding(days: Int64.random(in: 0...1400, using: &random))
            let (some, more) = (Int.random(in: 0...30, using: &random), Int.random(in: 0...30, using: &random))
            let inOne = days.adding(some + more, to: start)
            let inTwo = days.adding(more, to: days.adding(some, to: start).day)
            #expect(inOne.day == inTwo.day)
            #expect(inOne.isExact)
            #expect(days.adding(some + 1, to: start).day > days.adding(some, to: start).day)
            #expect(days.adding(some, to: start).day <= days.adding(some, to: start.adding(days: 1)).day)
        }
    }

    @Test(arguments: UInt64(0)..<60)
    func aDateIsExactWhenEveryYearOfItsWayIsPublished(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = Self.calendar(2024...2028, &random)
        let known = Set((2024...2028).filter { _ in Bool.random(using: &random) })
        let days = WorkingDays(holidays: all.holidays, makeUpDays: all.makeUpDays, years: known)
        let first = try #require(Day(year: 2024, month: 1, day: 1))
        for _ in 0..<60 {
            let start = first.adding(days: Int64.random(in: 0...1600, using: &random))
            let counted = days.adding(Int.random(in: 0...60, using: &random), to: start)
            #expect(counted.isExact == (start.year...counted.day.year).allSatisfy(known.contains))
        }
    }

    @Test func withoutDataMondayToFridayCount() throws {
        let none = WorkingDays(holidays: [], makeUpDays: [], years: [])
        let friday = try #require(Day(iso: "2031-12-26"))
        let counted = none.adding(5, to: friday)
        #expect(counted.day.iso == "2032-01-02")
        #expect(!counted.isExact)
        #expect(none.count(from: friday, to: try #require(Day(iso: "2032-12-31"))) == 265)
    }
}
