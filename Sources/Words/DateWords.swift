/// Dates and times as people say them in a language. The numbers come from the caller, already in the right zone.
public struct DateWords: Sendable {
    private let language: Language

    public init(_ language: Language) {
        self.language = language
    }

    /// `11 月 27 日（周五）`, `Friday 27 November`; with the year where it is not the current one.
    ///
    /// - Parameter weekday: 1 is Monday, 7 is Sunday (ISO 8601).
    public func day(year: Int, month: Int, day: Int, weekday: Int, currentYear: Int) -> String {
        switch language {
        case .zhHans:
            let yearPart = year == currentYear ? "" : "\(year) 年 "
            return "\(yearPart)\(month) 月 \(day) 日（\(named(DateWords.chineseWeekdays, weekday))）"
        case .en:
            let yearPart = year == currentYear ? "" : " \(year)"
            let weekdayName = named(DateWords.englishWeekdays, weekday)
            return "\(weekdayName) \(day) \(named(DateWords.englishMonths, month))\(yearPart)"
        }
    }

    /// `11 月 27 日`, `27 November`; with the year where it is not the current one.
    public func shortDay(year: Int, month: Int, day: Int, currentYear: Int) -> String {
        switch language {
        case .zhHans:
            let yearPart = year == currentYear ? "" : "\(year) 年 "
            return "\(yearPart)\(month) 月 \(day) 日"
        case .en:
            let yearPart = year == currentYear ? "" : " \(year)"
            return "\(day) \(named(DateWords.englishMonths, month))\(yearPart)"
        }
    }

    /// `约 11 月 27 日（周五）`, `about Friday 27 November`: a date that was counted without knowing all holidays.
    public func about(_ date: String) -> String {
        switch language {
        case .zhHans: "约 \(date)"
        case .en: "about \(date)"
        }
    }

    /// `11 月 27 日至 12 月 1 日`, `27 November to 1 December`.
    public func span(_ first: String, _ last: String) -> String {
        switch language {
        case .zhHans: "\(first)至 \(last)"
        case .en: "\(first) to \(last)"
        }
    }

    /// `09:10`, the same in every language.
    public func time(hour: Int, minute: Int) -> String {
        "\(twoDigits(hour)):\(twoDigits(minute))"
    }

    private static let chineseWeekdays = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    private static let englishWeekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// The name at a place counted from 1; empty outside the list.
    private func named(_ names: [String], _ place: Int) -> String {
        names.indices.contains(place - 1) ? names[place - 1] : ""
    }

    private func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
