import RefundDesk
import RefundDomain
import Words

/// How a case stands against the date that was promised, in words.
struct DueWords: Sendable {
    private let phrases: Phrases
    private let clock: StaffClock

    init(_ phrases: Phrases, _ clock: StaffClock) {
        self.phrases = phrases
        self.clock = clock
    }

    static var keys: [String] {
        ["overdue", "today", "left", "waiting", "decided"].map { "staff.due.\($0)" } + ["staff.age"]
    }

    func isOverdue(_ state: RefundCase.State, due: WorkingDays.Counted) -> Bool {
        state.isMerchantsTurn && due.day < clock.today
    }

    /// `已逾期 2 天（11 月 20 日）`, `今天到期`, `还有 3 天 …`.
    func text(_ state: RefundCase.State, due: WorkingDays.Counted) -> String {
        guard state.isUndecided else { return phrases.text("staff.due.decided") }
        guard state.isMerchantsTurn else { return phrases.text("staff.due.waiting") }
        let days = due.day.daysSince1970 - clock.today.daysSince1970
        let values = ["days": String(abs(days)), "date": clock.shortDay(due)]
        if days < 0 { return phrases.text("staff.due.overdue", values) }
        return days == 0 ? phrases.text("staff.due.today") : phrases.text("staff.due.left", values)
    }

    /// How long ago the request was sent.
    func age(_ submitted: Moment) -> String {
        let days = clock.today.daysSince1970 - clock.zone.day(submitted).daysSince1970
        return phrases.text("staff.age", ["days": String(max(days, 0))])
    }

}

extension RefundCase.State {
    /// Whether a reviewer is the one who is waited for.
    var isMerchantsTurn: Bool {
        switch self {
        case .submitted, .inReview, .awaitingSecond, .appealed: true
        case .draft, .infoNeeded, .counterOffered, .approved, .declined, .withdrawn, .expired, .closed: false
        }
    }
}

/// What a file is, in words short enough for a list.
enum FileWords {
    static func type(_ mediaType: String) -> String {
        switch mediaType {
        case "image/jpeg": "JPEG"
        case "image/png": "PNG"
        case "image/webp": "WebP"
        case "image/heic", "image/heif": "HEIC"
        case "application/pdf": "PDF"
        default: mediaType
        }
    }

    /// The ending that the downloaded file gets.
    static func ending(_ mediaType: String) -> String {
        switch mediaType {
        case "image/jpeg": "jpg"
        case "image/png": "png"
        case "image/webp": "webp"
        case "image/heic", "image/heif": "heic"
        case "application/pdf": "pdf"
        default: "bin"
        }
    }

    /// `840 KB`, `1.2 MB`; thousands, as files are named by browsers.
    static func size(_ bytes: Int64) -> String {
        guard bytes >= 1_000_000 else { return "\(max(bytes / 1000, 1)) KB" }
        return "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    }
}
