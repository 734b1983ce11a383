/// One year of a region's calendar: where it differs from Monday to Friday, as its government published it.
public struct WorkingYear: Sendable, Hashable {
    /// Two capital letters (ISO 3166-1), for example `CN`.
    public let region: String
    public let year: Int
    /// Who published it, in which notice.
    public let source: String
    /// Holidays that fall on Monday to Friday, in order.
    public let holidays: [Day]
    /// Saturdays and Sundays that are worked to make up for a holiday, in order.
    public let makeUpDays: [Day]

    /// The region that merchants count by.
    public static let usualRegion = "CN"
    /// The years that may be loaded; others are a slip of the pen.
    public static let range = 2000...2100
    /// The longest source, in characters.
    public static let sourceCharactersMax = 500

    /// Why something is no year of a calendar.
    public enum Fault: Error, Sendable, Hashable {
        case region(String)
        case year(Int)
        case sourceMissing
        case sourceTooLong
        case noHolidays(Int)
        case otherYear(Day)
        case twice(Day)
        case holidayAtWeekend(Day)
        case makeUpDayInTheWeek(Day)
    }

    /// - Throws: ``Fault`` for whatever cannot be meant.
    public init(
        region: String, year: Int, source: String, holidays: [Day], makeUpDays: [Day]
    ) throws(Fault) {
        guard region.utf8.count == 2, region.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw .region(region)
        }
        guard WorkingYear.range.contains(year) else { throw .year(year) }
        guard source.contains(where: { !$0.isWhitespace }) else { throw .sourceMissing }
        guard source.count <= WorkingYear.sourceCharactersMax else { throw .sourceTooLong }
        guard !holidays.isEmpty else { throw .noHolidays(year) }
        var seen: Set<Day> = []
        for day in holidays + makeUpDays {
            guard day.year == year else { throw .otherYear(day) }
            guard seen.insert(day).inserted else { throw .twice(day) }
        }
        if let day = holidays.first(where: { $0.weekday > 5 }) { throw .holidayAtWeekend(day) }
        if let day = makeUpDays.first(where: { $0.weekday <= 5 }) { throw .makeUpDayInTheWeek(day) }
        self.region = region
        self.year = year
        self.source = source
        self.holidays = holidays.sorted()
        self.makeUpDays = makeUpDays.sorted()
    }
}

extension WorkingYear.Fault: CustomStringConvertible {
    /// What is wrong, as whoever wrote the file should read it.
    public var description: String {
        switch self {
        case .region(let text): "the region is two capital letters, not “\(text)”"
        case .year(let year):
            "\(year) is not a year from \(WorkingYear.range.lowerBound) to \(WorkingYear.range.upperBound)"
        case .sourceMissing: "the source is missing: name the notice that published these days"
        case .sourceTooLong: "the source has more than \(WorkingYear.sourceCharactersMax) characters"
        case .noHolidays(let year): "\(year) has no holidays, so they are missing"
        case .otherYear(let day): "\(day.iso) is in none of the years that the file names"
        case .twice(let day): "\(day.iso) is there twice"
        case .holidayAtWeekend(let day): "\(day.iso) is a weekend day; holidays are Mondays to Fridays only"
        case .makeUpDayInTheWeek(let day): "\(day.iso) is no Saturday or Sunday, which make-up days are"
        }
    }
}
