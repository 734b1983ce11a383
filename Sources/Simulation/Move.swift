import RefundDesk
import RefundDomain
import Storage

/// Something that somebody, or something, may do next.
struct Move: Sendable {
    let name: String
    /// How often it is drawn, compared with the others.
    let weight: Int
    /// Does it; nil when there is nothing of the kind to do now.
    let act: @Sendable (isolated World) async throws -> String?
}

extension World {
    /// Everything that happens in a run. A new kind of happening is a line here.
    static let moves: [Move] =
        [
            Move(name: "works", weight: 320) { try await $0.work() },
            Move(name: "time passes", weight: 110) { try await $0.passTime() },
            Move(name: "notices", weight: 90) { try await $0.deliverNotices(most: 3) },
            Move(name: "a sale", weight: 12) { try await $0.sale() },
            Move(name: "charged", weight: 10) { try await $0.charge() },
            Move(name: "clocks jump", weight: 10) { $0.jump() },
            Move(name: "a calendar", weight: 2) { try await $0.loadYear() },
            Move(name: "the line breaks", weight: 5) { $0.breakLine() },
            Move(name: "keys are changed", weight: 4) { try await $0.spoilKeys() },
            Move(name: "keys are mended", weight: 25) { try await $0.mendKeys() },
            Move(name: "everything restarts", weight: 4) { try await $0.restart() },
        ] + cardholderMoves + agentMoves + afterwardsMoves + staffMoves + financeMoves + forbiddenMoves

    /// Steps until the run's end.
    func live() async {
        isCalm = false
        let until = settings.days.map { SimulatedClock.start + $0 * 86_400_000 } ?? .max
        while ledger.step < settings.steps, clock.bank < until, !isOver { await step() }
        isCalm = true
    }

    /// A run that went wrong so often shows nothing new.
    private static let violationsMax = 20
    private var isOver: Bool { ledger.violations.count >= World.violationsMax }

    /// One move of anybody, and a look at what it changed.
    func step() async {
        // Some moves find nothing to do; waiting is always possible.
        for _ in 0..<20 {
            guard let move = dice.pick(World.moves, weight: \.weight) else { return }
            guard let told = await attempt(move) else { continue }
            ledger.step += 1
            ledger.count(move.name)
            let seen = await lookAtTouched()
            ledger.trace.add("\(indent)#\(ledger.step) \(timeText) \(move.name): \(told)\(seen)")
            if ledger.step % settings.stepsPerVerify == 0 { await lookAtAll() }
            return
        }
    }

    /// What came of a move; nil when there was nothing to do.
    private func attempt(_ move: Move) async -> String? {
        do {
            return try await move.act(self)
        } catch let refusal as Refusal {
            ledger.count("refused \(word(refusal))")
            if case .field(let name, _) = refusal { violation("refusal", "\(move.name): field \(name) was refused") }
            return "refused: \(word(refusal))"
        } catch is ProcessDied {
            return "died"
        } catch StoreFault.commitUnknown {
            return "does not know whether it counts"
        } catch {
            violation("fault", "\(move.name): \(error)")
            return "fault"
        }
    }

    private func word(_ refusal: Refusal) -> String {
        let text = "\(refusal)"
        return String(text.prefix { $0 != "(" })
    }

    private var timeText: String {
        let seconds = (clock.bank - SimulatedClock.start) / 1000
        let clockTime = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "day \(seconds / 86_400) " + clockTime.joined(separator: ":")
    }
}
