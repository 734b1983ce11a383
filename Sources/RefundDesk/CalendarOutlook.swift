public import RefundDomain
import Storage

/// How far the working days are known, and who counts by them when that is not far.
public struct CalendarOutlook: Sendable, Hashable {
    /// So many days before the end it is time to load the next year.
    public static let warningDays: Int64 = 60
    /// The most merchants that are named.
    public static let merchantsMax = 20

    /// A merchant that counts by the calendar, and the channels whose refunds it expects by it.
    public struct Merchant: Sendable, Hashable {
        public let code: String
        public let channels: [Channel]

        public init(code: String, channels: [Channel]) {
            self.code = code
            self.channels = channels
        }
    }

    public let region: String
    /// The last day that data covers from today on; nil when it does not cover today.
    public let until: Day?
    /// Days left until then; 0 on the last one and beyond.
    public let daysLeft: Int64
    /// The first merchants by code; empty while the end is far.
    public let merchants: [Merchant]
    /// How many more there are.
    public let moreMerchants: Int64

    public init(region: String, until: Day?, daysLeft: Int64, merchants: [Merchant], moreMerchants: Int64) {
        self.region = region
        self.until = until
        self.daysLeft = daysLeft
        self.merchants = merchants
        self.moreMerchants = moreMerchants
    }

    /// Whether the end is near or past.
    public var isEnding: Bool { daysLeft <= CalendarOutlook.warningDays }
}

extension Desk {
    /// How far the working days are known from today on; the merchants are asked for only when that is not far.
    ///
    /// - Throws: ``StoreFault``.
    public func calendarOutlook() async throws -> CalendarOutlook {
        let today = Zone.utc.day(clock())
        return try await store.read { sql in
            let until = try calendar(sql).coveredUntil(from: today)
            let left = max((until?.daysSince1970 ?? 0) - today.daysSince1970, 0)
            let isFar = left > CalendarOutlook.warningDays
            let merchants = isFar ? [] : try countingMerchants(sql)
            let all = isFar ? 0 : try sql.row("SELECT COUNT(*) AS merchants FROM merchant")?.int("merchants") ?? 0
            return CalendarOutlook(
                region: WorkingYear.usualRegion, until: until, daysLeft: left, merchants: merchants,
                moreMerchants: all - Int64(merchants.count))
        }
    }

    private func countingMerchants(_ sql: any SQLReading) throws -> [CalendarOutlook.Merchant] {
        var codes: [String] = []
        var channels: [String: [Channel]] = [:]
        try sql.each(
            """
            SELECT    first.code, channel_account.channel
            FROM      (SELECT id, code FROM merchant ORDER BY code, id LIMIT $1) AS first
            LEFT JOIN channel_account
            ON        channel_account.merchant_id = first.id
            GROUP BY  first.code, channel_account.channel
            ORDER BY  first.code, channel_account.channel
            """, [.int(Int64(CalendarOutlook.merchantsMax))]
        ) { row in
            let code = try row.text("code")
            if codes.last != code { codes.append(code) }
            if let channel = try row.textOrNil("channel").flatMap({ Channel(rawValue: $0) }) {
                channels[code, default: []].append(channel)
            }
        }
        return codes.map { CalendarOutlook.Merchant(code: $0, channels: channels[$0] ?? []) }
    }
}
