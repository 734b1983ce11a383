import Foundation
public import RefundDomain

/// A place's clock, from the system's time zone data.
public struct Zone: Sendable, Hashable {
    /// The name in the time zone database, for example `Asia/Shanghai`.
    public let name: String
    private let zone: TimeZone

    /// A zone, or nil when the system does not know the name.
    public init?(_ name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.name = name
        self.zone = zone
    }

    /// Coordinated universal time.
    public static let utc = Zone(utc: "UTC")

    private init(utc name: String) {
        self.name = name
        self.zone = .gmt
    }

    /// What the clock shows at a moment.
    public func localTime(_ moment: Moment) -> LocalTime {
        LocalTime(moment, secondsAheadOfUTC: offset(at: moment))
    }

    /// The date at a moment.
    public func day(_ moment: Moment) -> Day {
        localTime(moment).day
    }

    /// When the clock shows a time; a time that occurs twice means the first, one that is skipped the hour after.
    public func moment(_ time: LocalTime) -> Moment {
        let guess = time.moment(secondsAheadOfUTC: offset(at: time.moment(secondsAheadOfUTC: 0)))
        return time.moment(secondsAheadOfUTC: offset(at: guess))
    }

    private func offset(at moment: Moment) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment.seconds))))
    }
}
