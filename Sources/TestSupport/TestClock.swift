public import RefundDomain
import Synchronization

/// A clock that stands still until a test moves it.
public final class TestClock: Sendable {
    private let present: Mutex<Moment>

    /// Friday 20 November 2026, 10:00 in Shanghai.
    public static let start = Moment(milliseconds: 1_795_140_000_000)

    /// A clock that shows `moment`.
    public init(_ moment: Moment = TestClock.start) {
        present = Mutex(moment)
    }

    /// What the clock shows.
    public var now: Moment { present.withLock { $0 } }

    /// Moves the clock forward.
    public func advance(seconds: Int64) {
        present.withLock { $0 = $0.adding(seconds: seconds) }
    }
}
