import RefundDesk
import RefundDomain
import Words

/// Dates and times on staff pages, as the merchant's clock shows them.
struct StaffClock: Sendable {
    let zone: Zone
    let now: Moment
    let today: Day
    private let words: DateWords
    private let phrases: Phrases

    init(_ zone: Zone, now: Moment, _ phrases: Phrases) {
        self.zone = zone
        self.phrases = phrases
        self.now = now
        today = zone.day(now)
        words = DateWords(phrases.language)
    }

    /// `11 月 27 日（周五）`.
    func day(_ day: Day) -> String {
        words.day(year: day.year, month: day.month, day: day.day, weekday: day.weekday, currentYear: today.year)
    }

    /// `11 月 27 日`.
    func shortDay(_ day: Day) -> String {
        words.shortDay(year: day.year, month: day.month, day: day.day, currentYear: today.year)
    }

    /// A date that was counted in working days; `约 …` where not all holidays on the way were known.
    func day(_ counted: WorkingDays.Counted) -> String {
        counted.isExact ? day(counted.day) : words.about(day(counted.day))
    }

    /// The same without the weekday.
    func shortDay(_ counted: WorkingDays.Counted) -> String {
        counted.isExact ? shortDay(counted.day) : words.about(shortDay(counted.day))
    }

    /// The dates between which money is expected, or the one date when both are the same.
    func span(_ dates: ArrivalDates) -> String {
        let last = day(dates.latest)
        return dates.earliest == dates.latest.day ? last : words.span(day(dates.earliest), last)
    }

    /// `11 月 22 日 10:15`.
    func time(_ moment: Moment) -> String {
        let local = zone.localTime(moment)
        return "\(shortDay(local.day)) \(words.time(hour: local.hour, minute: local.minute))"
    }

    /// `10:15:30`, for what ends within seconds.
    func seconds(_ moment: Moment) -> String {
        String(zone.localTime(moment).iso.suffix("10:15:30".count))
    }

    /// `11-22`, for a seal.
    func sealDate(_ moment: Moment) -> String {
        let iso = zone.day(moment).iso
        return String(iso.dropFirst("2026-".count))
    }

    /// A time to the second with its zone, as it is compared with a slip.
    func exact(_ moment: Moment) -> String {
        let local = zone.localTime(moment)
        return phrases.text("staff.time-in-zone", ["time": local.iso, "zone": zoneName])
    }

    /// What the zone is called; its name in the time zone database where there is no word for it.
    var zoneName: String {
        zone.name == "Asia/Shanghai" ? phrases.text("staff.zone.china") : zone.name
    }
}
