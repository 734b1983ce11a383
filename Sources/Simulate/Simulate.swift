import ArgumentParser
import Simulation

/// `make simulate`: one seed, or many of them, and how to replay what failed.
@main
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the desk, its workers and its channel client against the bank's rules under one clock.")

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds, from the first one on.")
    var seeds: UInt64 = 1

    @Option(help: "Steps of each seed; 500 unless days are given.")
    var steps: Int?

    @Option(help: "Days of each seed's clock, however many steps they take.")
    var days: Int64?

    @Option(help: "Real signatures (rsa) or quick ones (hmac); without it rsa in every twentieth seed.")
    var signing: String?

    @Option(help: "Seeds at a time; each runs by itself.")
    var jobs: Int = 4

    @Flag(help: "Prints the end of what happened and all counts also where nothing went wrong.")
    var trace = false

    private static let stepsDefault = 500

    func run() async throws {
        let signing = try signing.map { word in
            guard let signing = SimulationStage.Signing(rawValue: word) else {
                throw ValidationError("--signing is rsa or hmac")
            }
            return signing
        }
        let stage = try SimulationStage()
        let began = ContinuousClock.now
        var sums = Sums()
        try await withThrowingTaskGroup(of: SimulationReport.self) { group in
            var next = seed
            let end = seed + seeds
            while next < end || sums.seeds < seeds {
                if next < end, next - seed < sums.seeds + UInt64(max(jobs, 1)) {
                    let settings = SimulationSettings(
                        seed: next, steps: steps ?? (days == nil ? Simulate.stepsDefault : .max), days: days,
                        signing: signing)
                    group.addTask { try await Simulation.run(settings, stage: stage) }
                    next += 1
                } else if let report = try await group.next() {
                    tell(report)
                    sums.add(report)
                }
            }
        }
        let seconds = max((ContinuousClock.now - began) / .seconds(1), 0.001)
        if seeds > 1 || trace { print((sums.countLines + sums.rowLines).joined(separator: "\n")) }
        print(
            "\(sums.seeds) seeds, \(sums.failed) failed, \(sums.steps) steps, \(sums.days) days of their clocks in",
            "\(Int(seconds)) s, \(Int(Double(sums.steps) / seconds)) steps a second")
        for row in sums.missed { print("! never taken: \(row)") }
        if sums.failed > 0 || !sums.missed.isEmpty { throw ExitCode(1) }
    }

    private func tell(_ report: SimulationReport) {
        let hasFailed = !report.violations.isEmpty
        if trace || hasFailed {
            print("seed \(report.seed): \(report.steps) steps, \(report.days) days, \(report.hash)")
        }
        if trace || hasFailed { print(report.tail.joined(separator: "\n")) }
        for violation in report.violations { print("! \(violation)") }
        if hasFailed { print("again: \(report.replay)") }
    }
}
