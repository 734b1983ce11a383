import RefundDesk
import RefundDomain

/// Support, and clerks at a counter, who act for cardholders with their consent.
extension World {
    static let agentMoves = [
        Move(name: "an agent", weight: 25) { try await $0.actAsAgent() }
    ]

    private static let agentDeeds: [Deed] = [
        Deed(.answer, 10) { world, filed, facts in
            try await world.server().answer(
                filed.number, text: "They say on the telephone: here it is.", proofs: [], version: facts.version,
                by: .agent(try world.agent(for: filed)))
        },
        Deed(.answerLate, 6) { world, filed, facts in
            try await world.server().answer(
                filed.number, text: "They say on the telephone: here it is.", proofs: [], version: facts.version,
                by: .agent(try world.agent(for: filed)))
        },
        Deed(.appeal, 5) { world, filed, facts in
            try await world.server().appeal(
                filed.number, grounds: World.grounds, proofs: [], version: facts.version,
                by: .agent(try world.agent(for: filed)))
        },
        Deed(.withdraw, 1) { world, filed, facts in
            try await world.server().withdraw(
                filed.number, reason: "They changed their mind.", version: facts.version,
                by: .agent(try world.agent(for: filed)))
        },
        Deed(.ask, 4) { world, filed, facts in
            try await world.server().ask(
                filed.number, items: [.photo], question: World.words, dueOn: nil, version: facts.version,
                by: try world.agent(for: filed).staff)
        },
    ]

    private func actAsAgent() async throws -> String? {
        guard let filed = dice.pickLate(cast.filed), let facts = try await facts(filed.number),
            let deed = choose(World.agentDeeds, in: facts.state, for: .agent)
        else { return nil }
        if deed.command == .withdraw, !dice.permille(150) { return nil }
        if deed.command == .appeal, !facts.lacks { return nil }
        try await deed.act(self, filed, facts)
        return "\(filed.number.text) \(deed.command)"
    }

    /// Somebody of support, now and then a clerk, who may not do all of it.
    private func agent(for filed: Cast.Filed) throws -> OnBehalf {
        let able = cast.staff(of: filed.merchant).filter { $0.role.kinds.contains(.agent) }
        guard let staff = dice.pick(able, weight: { $0.role == .support ? 4 : 1 }) else { throw Refusal.notFound }
        return OnBehalf(staff: staff, consent: true)
    }

    /// Who types a request in; most people do it themselves.
    func agent(of merchant: Int) -> OnBehalf? {
        guard dice.permille(120) else { return nil }
        return dice.pick(cast.staff(of: merchant).filter { $0.role.kinds.contains(.agent) }).map {
            OnBehalf(staff: $0, consent: true)
        }
    }
}
