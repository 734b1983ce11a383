import Synchronization

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
///
/// The memory is bounded: where so many count at once that the table is full, first those leave whose time is over,
/// then all who have tries left, who so get them anew. Whoever has none left never leaves early; when even these fill
/// the table, nobody new is let in for a second.
public final class Budgets: Sendable {
    /// The most counters kept, each of about 150 bytes.
    public static let countersMax = 100_000

    private struct Key: Hashable {
        let budget: String
        let who: String
    }

    private struct Counter {
        var window: Int64
        let budget: Budget
        var current: Int
        var previous: Int

        func isSpent(at seconds: Int64) -> Bool {
            let length = Int64(budget.seconds)
            let left = length - seconds % length
            return Int64(current) * length + Int64(previous) * left >= Int64(budget.triesMax) * length
        }

        /// The same counter in another window.
        func moved(to window: Int64) -> Counter {
            switch window - self.window {
            case 0: self
            case 1: Counter(window: window, budget: budget, current: 0, previous: current)
            default: Counter(window: window, budget: budget, current: 0, previous: 0)
            }
        }
    }

    private struct Table {
        var counters: [Key: Counter] = [:]
        /// When it was cleared last: looking through all of them at every try would be an attack of its own.
        var clearedAt: Int64?
    }

    private let now: @Sendable () -> Int64
    private let table = Mutex(Table())

    /// - Parameter now: Seconds since any fixed point, never going back.
    public init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    /// How many are counted now.
    public var count: Int { table.withLock { $0.counters.count } }

    /// Counts one try of somebody.
    ///
    /// - Throws: ``RequestFault/tooMany(retryAfterSeconds:)`` when the budget is used up; that try is not counted.
    public func spend(_ budget: Budget, by who: String) throws(RequestFault) {
        let key = Key(budget: budget.name, who: who)
        let seconds = now()
        let length = Int64(budget.seconds)
        let window = seconds / length
        let fault = table.withLock { table -> RequestFault? in
            let known = table.counters[key]
            var counter = known?.moved(to: window) ?? Counter(window: window, budget: budget, current: 0, previous: 0)
            guard !counter.isSpent(at: seconds) else {
                return .tooMany(retryAfterSeconds: Int(length - seconds % length))
            }
            counter.current += 1
            guard known != nil || Budgets.makeRoom(in: &table, at: seconds) else {
                return .tooMany(retryAfterSeconds: 1)
            }
            table.counters[key] = counter
            return nil
        }
        if let fault { throw fault }
    }

    /// Forgets somebody's tries, for example after the right code.
    public func forgive(_ budget: Budget, by who: String) {
        table.withLock { $0.counters[Key(budget: budget.name, who: who)] = nil }
    }

    private static func makeRoom(in table: inout Table, at seconds: Int64) -> Bool {
        guard table.counters.count >= countersMax else { return true }
        guard table.clearedAt != seconds else { return false }
        table.clearedAt = seconds
        table.counters = table.counters.filter { seconds / Int64($0.value.budget.seconds) - $0.value.window <= 1 }
        guard table.counters.count >= countersMax else { return true }
        table.counters = table.counters.filter { pair in
            pair.value.moved(to: seconds / Int64(pair.value.budget.seconds)).isSpent(at: seconds)
        }
        return table.counters.count < countersMax
    }
}
