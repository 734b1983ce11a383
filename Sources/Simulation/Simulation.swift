import Foundation
public import Storage
import StorageSQLite

/// What one run is to be.
public struct SimulationSettings: Sendable {
    /// Everything that is left to chance follows from it.
    public var seed: UInt64
    /// The run ends after so many steps.
    public var steps: Int
    /// The run ends after so many days of its clock; nil for as long as the steps take.
    public var days: Int64?
    public var signing: SimulationStage.Signing
    public var trouble: Trouble
    /// All invariants are looked at every so many steps; those of the touched case after each one.
    public var stepsPerVerify = 100

    /// Of so many seeds one signs as the channel does, which costs most of a run's time.
    private static let seedsPerRealSignatures: UInt64 = 20

    /// The command that does a run of these settings again.
    var replay: String {
        let length = days.map { "DAYS=\($0)" } ?? "STEPS=\(steps)"
        return "make simulate SEED=\(seed) \(length) SIGNING=\(signing.rawValue)"
    }

    /// - Parameter signing: nil for quick signatures in most seeds and real ones in every twentieth.
    public init(
        seed: UInt64, steps: Int = 500, days: Int64? = nil, signing: SimulationStage.Signing? = nil,
        trouble: Trouble = .ordinary
    ) {
        self.seed = seed
        self.steps = steps
        self.days = days
        self.signing = signing ?? (seed % SimulationSettings.seedsPerRealSignatures == 0 ? .rsa : .hmac)
        self.trouble = trouble
    }

    /// How much goes wrong, in thousandths of the occasions.
    public struct Trouble: Sendable, Hashable {
        /// A process dies before a write, a call or an answer, or after a commit.
        public var deaths: Int
        /// A process stands still before one, and others go on.
        public var stops: Int
        /// A commit counts and its process is told that it is not known.
        public var lostCommits: Int
        /// Something happens to a call on the line.
        public var calls: Int
        /// Something happens to a notice on its way.
        public var notices: Int

        /// Enough of everything for 500 steps to meet most of it.
        public static let ordinary = Trouble(deaths: 12, stops: 25, lostCommits: 4, calls: 250, notices: 300)
    }
}

/// What one run came to.
public struct SimulationReport: Sendable {
    /// A promise that did not hold.
    public struct Violation: Sendable, Hashable, CustomStringConvertible {
        public let step: Int
        public let check: String
        public let detail: String

        public var description: String { "step \(step): \(check): \(detail)" }
    }

    public let seed: UInt64
    public let steps: Int
    /// The same for two runs that did the same.
    public let hash: String
    /// Empty when everything held.
    public let violations: [Violation]
    /// The end of what happened, a line a step.
    public let tail: [String]
    /// How often each move was made and each kind of trouble happened.
    public let counts: [String: Int]
    /// How often each row of the transition tables was taken, by its name in ``TableRows/all``; rows that never were
    /// are left out.
    public let rows: [String: Int]
    /// Days of the run's clock.
    public let days: Int64

    /// The command that does the same again.
    public let replay: String
}

/// Runs the real desk, its workers and its channel client against the bank's rules; see `docs/simulation.md`.
public enum Simulation {
    /// Runs on a new SQLite database on the memory disk, and removes it afterwards.
    ///
    /// - Parameter sabotage: stands between the desk and its database; for showing that a run notices.
    /// - Throws: only what keeps a run from beginning or going on at all; what went wrong in it is in the report.
    public static func run(
        _ settings: SimulationSettings, stage: SimulationStage,
        sabotage: @Sendable (any Store) -> any Store = { $0 }
    ) async throws -> SimulationReport {
        let folder = "\(memoryDisk)/simulation-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard case .taken(let lock) = try WriterLock.take(databasePath: "\(folder)/portal.sqlite") else {
            throw StoreFault.busy
        }
        let store = try SQLiteStore.open(writing: lock)
        let report = try await run(settings, stage: stage, on: store, sabotage: sabotage)
        try store.close()
        return report
    }

    /// Runs on a database that is there and empty.
    public static func run(
        _ settings: SimulationSettings, stage: SimulationStage, on store: any Store,
        sabotage: @Sendable (any Store) -> any Store = { $0 }
    ) async throws -> SimulationReport {
        let world = World(settings, stage: stage, honest: store, store: sabotage(store))
        try await world.furnish()
        await world.live()
        try await world.comeToRest()
        return try await world.report()
    }

    /// Where synchronising costs nothing; the usual temporary folder where there is no such place.
    private static var memoryDisk: String {
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    }
}
