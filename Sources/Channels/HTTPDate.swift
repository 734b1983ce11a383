import RefundDomain

/// The time in a `Date` header.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that is sent nowadays (RFC 9110, section
    /// 5.6.7); nil for anything else.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, text.hasSuffix(" GMT"), let place = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let month = place < 9 ? "0\(place + 1)" : "\(place + 1)"
        return LocalTime(iso: "\(parts[3])-\(month)-\(parts[1])T\(parts[4])")?.moment(secondsAheadOfUTC: 0).seconds
    }
}
