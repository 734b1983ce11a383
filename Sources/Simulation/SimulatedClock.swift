import RefundDomain
import Synchronization

/// The time of a run: the bank's, which only moves forwards, and ours, which may be off.
final class SimulatedClock: Sendable {
    private struct Hands {
        var milliseconds: Int64
        var offset: Int64 = 0
    }

    private let hands: Mutex<Hands>

    /// Friday 20 November 2026, 10:00 in Shanghai.
    static let start: Int64 = 1_795_140_000_000

    init() {
        hands = Mutex(Hands(milliseconds: SimulatedClock.start))
    }

    /// The bank's time in milliseconds.
    var bank: Int64 { hands.withLock { $0.milliseconds } }

    /// Our time. Reading takes a millisecond, so that rows have an order.
    var ours: Moment {
        hands.withLock { hands in
            hands.milliseconds += 1
            return Moment(milliseconds: hands.milliseconds + hands.offset)
        }
    }

    /// How far our clock is ahead of the bank's, in milliseconds.
    var offset: Int64 { hands.withLock { $0.offset } }

    func advance(milliseconds: Int64) {
        hands.withLock { $0.milliseconds += max(milliseconds, 0) }
    }

    func setOffset(_ milliseconds: Int64) {
        hands.withLock { $0.offset = milliseconds }
    }
}
