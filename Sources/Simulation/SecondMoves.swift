import RefundDesk
import RefundDomain
import Storage

/// Second approvals, and people who take their own decision back.
extension World {
    /// What the second of two people may say.
    static let secondDeeds: [Deed] = [
        Deed(.approveSecond, 10) { world, filed, facts in
            try await world.server().second(
                filed.number, decision: .approve, note: "", version: facts.version, by: try world.second(of: filed))
        },
        Deed(.sendBack, 3) { world, filed, facts in
            try await world.server().second(
                filed.number, decision: .sendBack, note: "Look at the slip again.", version: facts.version,
                by: try world.second(of: filed))
        },
        Deed(.decline, 2) { world, filed, facts in
            try await world.server().decline(
                filed.number, reason: .other, explanation: World.words, remedy: .appeal, version: facts.version,
                by: try world.second(of: filed))
        },
    ]

    func approveSecond() async throws -> String? {
        guard let filed = try await anyCase(in: .awaitingSecond), let facts = try await facts(filed.number),
            let deed = choose(World.secondDeeds, in: facts.state, for: .approver)
        else { return nil }
        try await deed.act(self, filed, facts)
        return "\(filed.number.text) \(deed.command)"
    }

    /// An approver or the operator's people; now and then the one who approved first, who must be refused.
    private func second(of filed: Cast.Filed) throws -> StaffMember {
        let able = cast.staff(of: filed.merchant).filter { $0.role.kinds.contains(.approver) }
        guard let found = dice.pick(able) else { throw Refusal.notFound }
        return found
    }

    /// A case in a state, if there is one; each as likely as the others.
    func anyCase(in state: RefundCase.State) async throws -> Cast.Filed? {
        let numbers = try await honest.read { sql in
            try sql.rows(
                "SELECT number FROM refund_case WHERE state = $1 ORDER BY changed_ms DESC, id LIMIT 20",
                [.text(state.rawValue)]
            ).map { try $0.text("number") }
        }
        guard let number = dice.pick(numbers) else { return nil }
        return cast.filed.last { $0.number.text == number }
    }

    /// Whoever decided a moment ago takes it back.
    func undo() async throws -> String? {
        guard let facts = try await undoable(), let staff = person(facts.decidedBy) else { return nil }
        try await server().undo(facts.number, version: facts.version, by: staff)
        return "\(facts.number.text) is not \(facts.state.rawValue) any more"
    }

    /// A decision that can still be taken back.
    func undoable() async throws -> CaseFacts? {
        let now = clock.ours.milliseconds
        let found = try await honest.read { sql in
            try sql.rows(
                """
                SELECT   number, state, version, asked_minor, approved_minor, currency, first_by, decided_by
                FROM     refund_case
                WHERE    undo_until_ms > $1
                AND      state IN ('approved', 'declined')
                ORDER BY id
                LIMIT    10
                """, [.int(now)]
            ).map(CaseFacts.init)
        }
        return dice.pick(found)
    }

    /// Somebody of the staff by the id in a row.
    func person(_ id: String?) -> StaffMember? {
        (cast.merchants.flatMap(\.staff) + cast.operators).first { $0.id == id }
    }
}
