import RefundDesk
import RefundDomain
import Words

/// Dates and times as a merchant's clock shows them, in one language.
///
/// The year is named where it is not the reference year, which belongs to the case and not to the reader's day: a page
/// that is kept must say the same tomorrow.
struct CaseDates: Sendable {
    private let zone: Zone
    private let referenceYear: Int
    private let words: DateWords
    private let phrases: Phrases

    init(zone: String, reference: Moment, _ phrases: Phrases) {
        self.zone = Zone(zone) ?? .utc
        self.phrases = phrases
        words = DateWords(phrases.language)
        referenceYear = self.zone.day(reference).year
    }

    /// `11 月 27 日（周五）`.
    func day(_ day: Day) -> String {
        words.day(year: day.year, month: day.month, day: day.day, weekday: day.weekday, currentYear: referenceYear)
    }

    /// A date that was counted in working days; `约 …` where not all holidays on the way were known.
    func day(_ counted: WorkingDays.Counted) -> String {
        counted.isExact ? day(counted.day) : words.about(day(counted.day))
    }

    /// The dates between which money is expected, or the one date when both are the same.
    func span(_ dates: ArrivalDates) -> String {
        let last = day(dates.latest)
        return dates.earliest == dates.latest.day ? last : words.span(day(dates.earliest), last)
    }

    /// The date at a moment, `11 月 27 日（周五）`.
    func day(_ moment: Moment) -> String { day(zone.day(moment)) }

    /// The date that a moment falls on.
    func date(_ moment: Moment) -> Day { zone.day(moment) }

    /// `11 月 22 日 10:15`.
    func time(_ moment: Moment) -> String {
        let local = zone.localTime(moment)
        let day = words.shortDay(
            year: local.day.year, month: local.day.month, day: local.day.day, currentYear: referenceYear)
        return "\(day) \(words.time(hour: local.hour, minute: local.minute))"
    }

    /// `11-22`, for a seal.
    func seal(_ moment: Moment) -> String {
        String(zone.day(moment).iso.dropFirst("2026-".count))
    }

    /// What the zone is called; its name in the time zone database where there is no word for it.
    var zoneName: String {
        zone.name == "Asia/Shanghai" ? phrases.text("cardholder.zone.china") : zone.name
    }
}

extension Money {
    /// The amount without the currency's sign, for where the sign is set smaller.
    var figures: String { String(text.dropFirst(currency.sign.count)) }
}

extension Language {
    /// A merchant's name in this language; the Chinese one where there is no other.
    func name(_ chinese: String, _ english: String?) -> String {
        switch self {
        case .zhHans: chinese
        case .en: english ?? chinese
        }
    }
}
