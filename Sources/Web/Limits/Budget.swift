/// So many tries in so much time, for one kind of try.
public struct Budget: Sendable, Hashable {
    /// Keeps the counters of different budgets apart.
    public let name: String
    public let triesMax: Int
    /// The length of the window.
    public let seconds: Int

    public init(_ name: String, triesMax: Int, seconds: Int) {
        self.name = name
        self.triesMax = triesMax
        self.seconds = max(seconds, 1)
    }
}

/// Counts tries in memory, in sliding windows. Each server counts for itself, and a restart forgets.
///
/// The estimate takes the previous window's tries in proportion to how much of it still lies in the sliding window.
public actor Budgets {
    /// The most counters kept; above it the oldest windows go first.
    private static let countersMax = 100_000

    private struct Key: Hashable {
        let budget: String
        let who: String
    }

    private struct Counter {
        var window: Int64
        var seconds: Int64
        var current: Int
        var previous: Int
    }

    private let now: @Sendable () -> Int64
    private var counters: [Key: Counter] = [:]

    /// - Parameter now: Seconds since any fixed point, never going back.
    public init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    /// Counts one try of somebody.
    ///
    /// - Throws: ``RequestFault/tooMany(retryAfterSeconds:)`` when the budget is used up; that try is not counted.
    public func spend(_ budget: Budget, by who: String) throws(RequestFault) {
        let key = Key(budget: budget.name, who: who)
        let seconds = now()
        let length = Int64(budget.seconds)
        let window = seconds / length
        var counter = moved(counters[key], to: window, length: length)
        let left = length - seconds % length
        let estimate = Int64(counter.current) * length + Int64(counter.previous) * left
        guard estimate < Int64(budget.triesMax) * length else { throw .tooMany(retryAfterSeconds: Int(left)) }
        counter.current += 1
        if counters[key] == nil, counters.count >= Budgets.countersMax { shrink(at: seconds) }
        counters[key] = counter
    }

    /// Forgets somebody's tries, for example after the right code.
    public func forgive(_ budget: Budget, by who: String) {
        counters[Key(budget: budget.name, who: who)] = nil
    }

    private func moved(_ counter: Counter?, to window: Int64, length: Int64) -> Counter {
        guard let counter else { return Counter(window: window, seconds: length, current: 0, previous: 0) }
        switch window - counter.window {
        case 0: return counter
        case 1: return Counter(window: window, seconds: length, current: 0, previous: counter.current)
        default: return Counter(window: window, seconds: length, current: 0, previous: 0)
        }
    }

    /// Drops what no longer counts, and everything when that does not help: a flood of addresses must not fill memory.
    private func shrink(at seconds: Int64) {
        counters = counters.filter { seconds / $0.value.seconds - $0.value.window <= 1 }
        if counters.count >= Budgets.countersMax { counters.removeAll(keepingCapacity: true) }
    }
}
