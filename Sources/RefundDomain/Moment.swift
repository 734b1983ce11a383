/// A point in time: milliseconds since 1970-01-01 00:00 UTC.
public struct Moment: Sendable, Hashable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Earlier is less.
    public static func < (left: Moment, right: Moment) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// This moment moved by whole seconds; negative moves it back. It stays at the end of what can be counted.
    public func adding(seconds: Int64) -> Moment {
        let moved = seconds.multipliedReportingOverflow(by: 1000)
        let sum = milliseconds.addingReportingOverflow(moved.partialValue)
        guard !moved.overflow, !sum.overflow else { return Moment(milliseconds: seconds > 0 ? .max : .min) }
        return Moment(milliseconds: sum.partialValue)
    }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { flooredQuotient(milliseconds, 1000) }
}

/// A date of the proleptic Gregorian calendar, without a time or a zone.
public struct Day: Sendable, Hashable, Comparable {
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int

    /// A date, or nil when the calendar has none like it, for example 30 February; years 1900 to 2999 only.
    public init?(year: Int, month: Int, day: Int) {
        guard (1900...2999).contains(year), (1...12).contains(month) else { return nil }
        guard day >= 1, day <= Day.length(ofMonth: month, year: year) else { return nil }
        self.init(checked: year, month, day)
    }

    private init(checked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// 1900-01-01 and 2999-12-31.
    private static let range: ClosedRange<Int64> = -25_567...376_199

    /// The day that lies so many days after 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms");
    /// beyond the years that dates have here, the first or the last of them.
    public init(daysSince1970: Int64) {
        let shifted = min(max(daysSince1970, Day.range.lowerBound), Day.range.upperBound) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.init(checked: Int(year), Int(month), Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
    }

    /// Days since 1970-01-01; negative before it.
    public var daysSince1970: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    public var weekday: Int {
        let remainder = (daysSince1970 + 3) % 7
        return Int(remainder >= 0 ? remainder : remainder + 7) + 1
    }

    /// The day so many days later; negative goes back.
    public func adding(days: Int64) -> Day {
        let sum = daysSince1970.addingReportingOverflow(days)
        return Day(daysSince1970: sum.overflow ? days : sum.partialValue)
    }

    /// Earlier is less.
    public static func < (left: Day, right: Day) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// `2026-11-22` (ISO 8601).
    public var iso: String {
        "\(year)-\(padded(month))-\(padded(day))"
    }

    /// Reads `2026-11-22`, `2026/11/22`, `2026-1-5`, `20261122`; nil for anything else.
    public init?(iso text: String) {
        let bytes = Array(text.utf8)
        let parts: [ArraySlice<UInt8>]
        if bytes.count == 8, bytes.allSatisfy({ (48...57).contains($0) }) {
            parts = [bytes[0..<4], bytes[4..<6], bytes[6..<8]]
        } else {
            parts = bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") }
        }
        guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count), (1...2).contains(parts[2].count),
            let year = smallNumber(parts[0]), let month = smallNumber(parts[1]), let day = smallNumber(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// A date and a time of day on some zone's clock, as a slip or a statement prints it.
public struct LocalTime: Sendable, Hashable, Comparable {
    public let day: Day
    public let hour: Int
    public let minute: Int
    public let second: Int

    /// A time, or nil when an hour, minute or second is out of range.
    public init?(day: Day, hour: Int, minute: Int, second: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The clock reading at a moment where the zone is so many seconds ahead of UTC.
    public init(_ moment: Moment, secondsAheadOfUTC offset: Int64) {
        let local = moment.adding(seconds: offset).seconds
        let days = flooredQuotient(local, 86_400)
        let rest = Int(local - days * 86_400)
        day = Day(daysSince1970: days)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
    }

    /// The moment when a clock that is so many seconds ahead of UTC shows this time.
    public func moment(secondsAheadOfUTC offset: Int64) -> Moment {
        let seconds = day.daysSince1970 * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
        return Moment(milliseconds: seconds * 1000)
    }

    /// `2026-11-22 09:10:05`.
    public var iso: String { "\(day.iso) \(padded(hour)):\(padded(minute)):\(padded(second))" }

    /// Reads `2026-11-22 09:10:05` with a space or `T` between and seconds optional; nil for anything else.
    public init?(iso text: String) {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: true) { $0 == " " || $0 == "T" }
        guard parts.count == 2, let day = Day(iso: String(parts[0])) else { return nil }
        let clock = Array(parts[1].utf8).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard clock.count == 2 || clock.count == 3, clock.allSatisfy({ $0.count <= 2 }),
            let hour = smallNumber(clock[0]), let minute = smallNumber(clock[1])
        else { return nil }
        let second = clock.count == 3 ? smallNumber(clock[2]) : 0
        guard let second else { return nil }
        self.init(day: day, hour: hour, minute: minute, second: second)
    }

    /// Earlier is less, by what the clock shows.
    public static func < (left: LocalTime, right: LocalTime) -> Bool {
        (left.day, left.hour, left.minute, left.second) < (right.day, right.hour, right.minute, right.second)
    }
}

/// The quotient rounded down, also below zero; for a positive divisor.
private func flooredQuotient(_ number: Int64, _ divisor: Int64) -> Int64 {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
}

private func padded(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
}

/// One to four ASCII digits as a number; nil for anything else.
private func smallNumber(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard (1...4).contains(bytes.count) else { return nil }
    var result = 0
    for byte in bytes {
        guard (48...57).contains(byte) else { return nil }
        result = result * 10 + Int(byte - 48)
    }
    return result
}
