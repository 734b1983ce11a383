import Foundation
import RefundDomain
import Testing

@Suite struct DayTests {
    private static var gregorian: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }

    @Test func everySampledDayAgreesWithTheSystemsCalendar() throws {
        let calendar = DayTests.gregorian
        let first = try #require(Day(year: 1900, month: 1, day: 1)).daysSince1970
        let last = try #require(Day(year: 2999, month: 12, day: 31)).daysSince1970
        for number in stride(from: first, through: last, by: 97) {
            let day = Day(daysSince1970: number)
            let date = Date(timeIntervalSince1970: TimeInterval(number) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            #expect(day.year == parts.year && day.month == parts.month && day.day == parts.day)
            #expect(day.weekday % 7 + 1 == parts.weekday)
            #expect(day.daysSince1970 == number)
        }
    }

    @Test func monthEndsAndLeapDaysAreThoseOfTheCalendar() {
        let leap = [1904: true, 1900: false, 2000: true, 2024: true, 2026: false, 2100: false, 2400: true]
        for (year, isLeap) in leap {
            #expect((Day(year: year, month: 2, day: 29) != nil) == isLeap)
            #expect(Day(year: year, month: 2, day: 30) == nil)
        }
        #expect(Day(year: 2026, month: 4, day: 31) == nil)
        #expect(Day(year: 2026, month: 12, day: 31) != nil)
    }

    @Test(arguments: [(1899, 12, 31), (3000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 1, 32)])
    func whatIsNoDateIsRefused(year: Int, month: Int, day: Int) {
        #expect(Day(year: year, month: month, day: day) == nil)
    }

    @Test(arguments: [
        ("2026-11-22", "2026-11-22"), ("2026/11/22", "2026-11-22"), ("20261122", "2026-11-22"),
        ("2026-1-5", "2026-01-05"), ("2026/1/5", "2026-01-05"), ("2026-1-15", "2026-01-15"),
    ])
    func aDateIsReadInItsUsualForms(text: String, iso: String) {
        #expect(Day(iso: text)?.iso == iso)
    }

    @Test(arguments: [
        "", "2026", "2026-11", "2026-11-22-1", "26-11-22", "2026-13-01", "2026-02-30", "2026.11.22", " 2026-11-22",
        "2026-11-22 ", "2026--22", "２０２６-11-22", "2026-+1-22", "202611", "2026112", "1899-12-31", "3000-01-01",
        "2026-011-22",
    ])
    func anyOtherTextIsNoDate(text: String) {
        #expect(Day(iso: text) == nil)
    }

    @Test func movingADayNeverTraps() throws {
        let day = try #require(Day(iso: "2026-11-22"))
        for days in [Int64.min, Int64.max, 1_000_000_000_000] {
            #expect((1900...2999).contains(day.adding(days: days).year))
            #expect((1900...2999).contains(day.adding(days: -(days / 2)).year))
            #expect((1900...2999).contains(Day(daysSince1970: days).year))
        }
        #expect(day.adding(days: 10).adding(days: -10) == day)
        #expect(day < day.adding(days: 1))
    }
}

@Suite struct LocalTimeTests {
    @Test func aClockReadingAndItsMomentBelongTogether() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: -2_000_000_000...30_000_000_000, using: &generator)
            let offset = Int64.random(in: -43_200...50_400, using: &generator)
            let moment = Moment(milliseconds: seconds * 1000)
            let time = LocalTime(moment, secondsAheadOfUTC: offset)
            #expect(time.moment(secondsAheadOfUTC: offset) == moment)
            #expect((0...23).contains(time.hour) && (0...59).contains(time.minute) && (0...59).contains(time.second))
        }
    }

    @Test func shanghaiIsEightHoursAhead() throws {
        let moment = Moment(milliseconds: 1_795_219_200_000)
        #expect(LocalTime(moment, secondsAheadOfUTC: 0).iso == "2026-11-21 00:00:00")
        #expect(LocalTime(moment, secondsAheadOfUTC: 28_800).iso == "2026-11-21 08:00:00")
    }

    @Test(arguments: [
        ("2026-11-22 09:10:05", "2026-11-22 09:10:05"), ("2026-11-22T09:10:05", "2026-11-22 09:10:05"),
        ("2026-11-22 09:10", "2026-11-22 09:10:00"), ("2026/11/22 9:10:05", "2026-11-22 09:10:05"),
        ("20261122 23:59:59", "2026-11-22 23:59:59"),
    ])
    func aTimeIsReadInItsUsualForms(text: String, iso: String) {
        #expect(LocalTime(iso: text)?.iso == iso)
    }

    @Test(arguments: [
        "", "2026-11-22", "09:10:05", "2026-11-22 24:00", "2026-11-22 09:60", "2026-11-22 09:10:60",
        "2026-11-22 09", "2026-11-22 09:10:05:01", "2026-11-22 0009:10", "2026-11-22 -1:10", "2026-11-22 09:10Z",
        "2026-02-30 09:10",
    ])
    func anyOtherTextIsNoTime(text: String) {
        #expect(LocalTime(iso: text) == nil)
    }

    @Test func momentsAtTheEndOfNumbersDoNotTrap() {
        let least = Moment(milliseconds: Int64.min)
        let most = Moment(milliseconds: Int64.max)
        #expect(most.adding(seconds: Int64.max) == most)
        #expect(least.adding(seconds: Int64.min) == least)
        #expect(most.adding(seconds: -1) < most)
        for moment in [least, most] {
            #expect((1900...2999).contains(LocalTime(moment, secondsAheadOfUTC: 28_800).day.year))
        }
    }

    @Test func wholeSecondsAreRoundedDown() {
        #expect(Moment(milliseconds: 1_999).seconds == 1)
        #expect(Moment(milliseconds: -1).seconds == -1)
        #expect(Moment(milliseconds: -1_000).seconds == -1)
        #expect(Moment(milliseconds: -1_001).seconds == -2)
    }
}
