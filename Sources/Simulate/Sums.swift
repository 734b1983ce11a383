import Simulation

/// What all runs came to.
struct Sums {
    /// A run of as many steps that leaves out a row of the tables fails: it shows less than it says.
    private static let stepsForEveryRow = 100_000

    private(set) var seeds: UInt64 = 0
    private(set) var failed = 0
    private(set) var steps = 0
    private(set) var days: Int64 = 0
    private var counts: [String: Int] = [:]
    private var rows: [String: Int] = [:]

    mutating func add(_ report: SimulationReport) {
        seeds += 1
        steps += report.steps
        days += report.days
        if !report.violations.isEmpty { failed += 1 }
        counts.merge(report.counts, uniquingKeysWith: +)
        rows.merge(report.rows, uniquingKeysWith: +)
    }

    /// Rows that could have been taken and never were, when the runs were long enough to ask.
    var missed: [String] {
        steps < Sums.stepsForEveryRow
            ? [] : TableRows.all.filter { rows[$0] == nil && TableRows.outOfReach[$0] == nil }
    }

    /// How often each row was taken, a line each.
    var rowLines: [String] {
        TableRows.all.map { row in
            let times = rows[row].map { String($0) } ?? TableRows.outOfReach[row].map { "cannot be: \($0)" } ?? "NEVER"
            return "  \(row): \(times)"
        }
    }

    /// How often each move was made and each trouble happened, a line each.
    var countLines: [String] {
        counts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    }
}
