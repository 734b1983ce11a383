import RefundDomain
import Simulation
import Storage
import TestSupport
import Testing

/// A run is the same for the same seed, ends well when nobody sabotages it, and shows when somebody does.
///
/// `make simulate SEEDS=200`, a part of `make test`, runs the seeds that must hold; here is what makes them mean
/// something.
@Suite(.serialized) struct SimulationTests {
    private static let stage = Result { try SimulationStage(words: "\(RepositoryFolder.path)/templates/words") }

    @Test func theSameSeedDoesTheSame() async throws {
        let first = try await run(7, steps: 200)
        let second = try await run(7, steps: 200)
        let other = try await run(8, steps: 200)
        #expect(first.violations == [])
        #expect(first.hash == second.hash)
        #expect(first.tail == second.tail)
        #expect(first.hash != other.hash)
    }

    @Test func aRunHoldsWithTheChannelsOwnSignatures() async throws {
        let report = try await run(20, steps: 150, signing: .rsa)
        #expect(report.violations == [])
        #expect((report.rows["M6 take: ready → sending"] ?? 0) > 0)
    }

    @Test func aRunHoldsOnPostgres() async throws {
        try await withStore(.postgres) { store in
            let settings = SimulationSettings(seed: 3, steps: 120)
            let report = try await Simulation.run(settings, stage: try Self.stage.get(), on: store)
            #expect(report.violations == [])
        }
    }

    @Test func aRunMeetsEveryKindOfTrouble() async throws {
        var counts: [String: Int] = [:]
        for seed in 1...6 {
            let report = try await run(UInt64(seed), steps: 400)
            #expect(report.violations == [], "\(report.replay)")
            counts.merge(report.counts, uniquingKeysWith: +)
        }
        for trouble in [
            "call lateRequest", "call lostAnswer", "call brokenAfter", "call notSent", "call tooMany",
            "died before a write", "died before a call", "died before a reply", "died after a commit",
            "went on without its claim", "charged", "clocks jump", "everything restarts", "wrong state", "old page",
            "wrong person", "too much", "without consent", "twice", "two at once", "an agent", "thinks again",
        ] {
            #expect((counts[trouble] ?? 0) > 0, "\(trouble) never happened")
        }
    }

    @Test func everyRowOutOfReachIsOneOfTheTables() {
        #expect(Set(TableRows.all).count == TableRows.all.count)
        #expect(Set(TableRows.outOfReach.keys).subtracting(TableRows.all) == [])
    }

    // MARK: Saboteurs

    @Test func aSecondRefundNumberOnRetryIsCaught() async throws {
        #expect(try await caught(.secondNumberOnRetry).contains("payout"))
    }

    @Test func aMissingLeaseCheckIsCaught() async throws {
        #expect(try await caught(.noLeaseCheck).contains("claim"))
    }

    @Test func checkingBeforeReservingIsCaught() async throws {
        #expect(try await caught(.checkThenInsert).contains("database"))
    }

    @Test func postingsOutByOneFenAreCaught() async throws {
        #expect(try await caught(.oneFenTooMuch).contains("verify"))
    }

    /// Seeds until one that shows it; a tenth of those that every change runs.
    private static let saboteurSeeds: UInt64 = 20

    /// The names of the checks that catch a saboteur.
    private func caught(_ sabotage: Sabotage) async throws -> Set<String> {
        for seed in 1...Self.saboteurSeeds {
            let settings = SimulationSettings(seed: seed, steps: 500)
            let report = try await Simulation.run(settings, stage: try Self.stage.get()) { store in
                SabotagedStore(store: store, sabotage: sabotage)
            }
            guard report.violations.isEmpty else {
                #expect(report.tail.contains { $0.contains("! ") })
                #expect(report.replay == "make simulate SEED=\(seed) STEPS=500 SIGNING=\(settings.signing.rawValue)")
                let again = try await Simulation.run(settings, stage: try Self.stage.get()) { store in
                    SabotagedStore(store: store, sabotage: sabotage)
                }
                #expect(again.hash == report.hash, "what failed is done again exactly")
                #expect(again.violations == report.violations)
                return Set(report.violations.map(\.check))
            }
        }
        return []
    }

    private func run(
        _ seed: UInt64, steps: Int, signing: SimulationStage.Signing = .hmac
    ) async throws -> SimulationReport {
        let settings = SimulationSettings(seed: seed, steps: steps, signing: signing)
        return try await Simulation.run(settings, stage: try Self.stage.get())
    }
}
